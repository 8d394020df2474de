"""Le monde de démonstration, à une heure immobile : chargé par l'essai, ou une fois pour tout un module."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from participation.common.dates import PARIS
from participation.demo.actions import battre, jouer_les_actes

DIX_SECONDES_AVANT = datetime(2025, 10, 30, 23, 59, 50, tzinfo=PARIS)


@pytest.fixture
def site(settings: Settings, tmp_path: Path) -> Settings:
    """Un VAR_DIR neuf, une heure immobile : DIX_SECONDES_AVANT."""
    settings.VAR_DIR = tmp_path
    settings.MAINTENANT = DIX_SECONDES_AVANT
    return settings


@pytest.fixture(scope="module")
def charge_une_fois(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Charge le monde dans une transaction que la fin du module défait ; chaque essai y défait la sienne."""
    with django_db_blocker.unblock(), transaction.atomic():
        jouer_les_actes(now=DIX_SECONDES_AVANT)
        battre(now=DIX_SECONDES_AVANT)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def monde(charge_une_fois: None, db: None, site: Settings) -> datetime:
    """Le monde, à DIX_SECONDES_AVANT ; rend cette heure."""
    return DIX_SECONDES_AVANT


@pytest.fixture
def charger(db: None, site: Settings) -> Callable[..., list[str]]:
    """`charger()` ou `charger(quand)` : ce que fait la commande `demo` à cette heure."""

    def jouer(quand: datetime = DIX_SECONDES_AVANT) -> list[str]:
        site.MAINTENANT = quand
        joues = jouer_les_actes(now=quand)
        battre(now=quand)
        return joues

    return jouer

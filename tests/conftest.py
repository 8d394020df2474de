"""Ce que tout essai partage : une base à déclencheurs, l'heure, de vrais dossiers et de vrais serveurs."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from participation.common.dates import PARIS
from tests.outillage import bases, pile
from tests.outillage.processus import Atelier, Dossier, Serveur

BASES = {"db", "transactional_db", "atelier"}  # ce qu'un essai demande, de près ou de loin, pour toucher une base


def pytest_configure() -> None:
    """Avant tout essai, dans chaque ouvrier."""
    pile.elargir()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sous PostgreSQL, ne refait que ce qui dépend de la base. Un service absent fait compter ses essais comme sautés.

    Écartés de la seconde passe : les essais qui ne touchent aucune base, et ceux marqués `une_base` (ils en lisent une,
    mais ce qu'ils prouvent, un mot dans une page, le poids d'un fichier, n'en dépend pas).
    """
    if os.environ.get("DATABASE_URL"):
        ecartes = [essai for essai in items if not is_de_la_base(essai)]
        items[:] = [essai for essai in items if is_de_la_base(essai)]
        config.hook.pytest_deselected(items=ecartes)
    if raison := os.environ.get("ESSAIS_SAUTES"):
        for essai in items:
            essai.add_marker(pytest.mark.skip(reason=raison))


def is_de_la_base(essai: pytest.Item) -> bool:
    """Vrai si ce que prouve cet essai peut changer d'une base à l'autre."""
    if essai.get_closest_marker("une_base"):
        return False
    return bool(essai.get_closest_marker("django_db") or BASES & set(getattr(essai, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Une base qui disparaît avec son serveur n'est pas supprimée une à une : PostgreSQL y passe des secondes."""
    return django_db_keepdb or bool(os.environ.get("BASES_EPHEMERES"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """La base d'essai et son gabarit : les essais `transaction=True` repartent de lui, jamais d'un `flush`."""
    with django_db_blocker.unblock():
        bases.prendre_le_gabarit()
    TransactionTestCase._fixture_teardown = lambda soi: bases.remettre_le_gabarit()  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        bases.fermer_les_autres()


@pytest.fixture(autouse=True)
def cache_neuf() -> None:
    """Les limites (« trop vite ») se comptent dans le cache : chaque essai part de zéro."""
    cache.clear()


@pytest.fixture
def now() -> datetime:
    """Un instant ordinaire, en été : lundi 15 septembre 2025, 10 h à Paris."""
    return datetime(2025, 9, 15, 10, 0, tzinfo=PARIS)


@pytest.fixture(scope="session")
def atelier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atelier]:
    """Fabrique des dossiers de service (VAR_DIR et base) à partir de gabarits faits une fois pour tous les ouvriers."""
    base = tmp_path_factory.getbasetemp()
    commun = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    atelier = Atelier(commun=commun, neufs=base)
    yield atelier
    atelier.ranger()


@pytest.fixture
def dossier_reel(atelier: Atelier) -> Dossier:
    """Un VAR_DIR neuf et sa base migrée, hors du processus d'essai : pour tuer, relancer, mettre en concurrence."""
    return atelier.dossier()


@pytest.fixture
def dossier_demo(atelier: Atelier) -> Callable[..., Dossier]:
    """`dossier_demo(maintenant="2025-10-30T23:59:50+01:00")` : un dossier où la démonstration est chargée."""
    return atelier.demonstration


@pytest.fixture
def serveur() -> Iterator[Callable[..., Serveur]]:
    """`serveur(dossier, TZ="Asia/Tokyo")` : le vrai serveur sur un port libre, arrêté à la fin de l'essai."""
    lances: list[Serveur] = []

    def lancer(dossier: Dossier, **env: str) -> Serveur:
        lances.append(Serveur(dossier, env))
        return lances[-1].demarrer()

    yield lancer
    for lance in lances:
        lance.arreter()


@pytest.fixture(scope="session")
def racine() -> Path:
    """La racine du dépôt."""
    return Path(__file__).parents[1]

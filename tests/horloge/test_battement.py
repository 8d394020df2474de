"""L'horloge exécute chaque action, dit ses erreurs, et n'en meurt jamais."""

import logging
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from participation.horloge import battement
from participation.horloge.battement import Carnet, battre
from participation.horloge.models import Battement

pytestmark = pytest.mark.django_db
FAITS: list[datetime] = []
BON, MAUVAIS = f"{__name__}.bonne_action", f"{__name__}.mauvaise_action"


def bonne_action(*, now: datetime) -> None:
    FAITS.append(now)


def mauvaise_action(*, now: datetime) -> None:
    raise ValueError("un secret dans le message")


@pytest.fixture(autouse=True)
def _sans_fermer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dans un essai, la connexion est celle de l'essai : on ne la ferme pas."""
    FAITS.clear()
    monkeypatch.setattr(battement, "close_old_connections", lambda: None)


def test_une_action_en_panne_n_arrete_pas_les_autres(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.HORLOGE = [MAUVAIS, "absente.nulle.part", BON]
    carnet = Carnet()
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            battre(carnet)
    assert len(FAITS) == 5
    erreurs = dict(Battement.objects.values_list("action", "erreur"))
    assert erreurs == {MAUVAIS: "ValueError", "absente.nulle.part": "ModuleNotFoundError", BON: ""}
    assert len(caplog.records) == 2, "une erreur se journalise à sa première apparition, pas chaque seconde"


def test_un_battement_ne_s_ecrit_pas_a_chaque_seconde(settings: Settings, django_assert_num_queries: object) -> None:
    settings.HORLOGE = [BON]
    carnet = Carnet()
    battre(carnet)
    with django_assert_num_queries(0):  # type: ignore[operator]
        battre(carnet)
    carnet._notes[BON] = (carnet._notes[BON][0] - timedelta(seconds=11), "")
    avant = Battement.objects.get().dernier_le
    battre(carnet)
    assert Battement.objects.get().dernier_le > avant


def test_une_base_en_panne_n_arrete_pas_l_horloge(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def panne(**_: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(battement, "noter_battement", panne)
    settings.HORLOGE = [BON]
    battre(Carnet())
    assert len(FAITS) == 1

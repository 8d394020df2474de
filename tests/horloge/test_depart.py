"""MAINTENANT, mot pour mot : ce dossier compte à partir du premier départ ; l'heure du site ne recule jamais."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from participation.common.dates import garder_reference, maintenant
from participation.horloge.depart import DepartRefuse, garder_le_depart

X = datetime.fromisoformat("2025-10-30T23:59:50+01:00")
UNE_HEURE = timedelta(hours=1)
PEU = timedelta(seconds=20)


@pytest.fixture(autouse=True)
def _dossier(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.DEMO, settings.MAINTENANT = tmp_path, True, X


def gardee(settings: Settings) -> dict[str, object]:
    lu: dict[str, object] = json.loads((settings.VAR_DIR / "horloge").read_text())
    return lu


def test_avant_la_premiere_ecoute_l_heure_est_immobile() -> None:
    assert [maintenant(), maintenant()] == [X, X]


def test_a_la_premiere_ecoute_l_heure_part_de_x_et_avance(settings: Settings) -> None:
    garder_le_depart()
    assert timedelta(0) < maintenant() - X < PEU
    assert gardee(settings)["site"] == X.astimezone(UTC).isoformat()


def test_relancer_avec_le_meme_x_ne_change_rien(settings: Settings) -> None:
    garder_le_depart()
    avant = gardee(settings)
    garder_le_depart()
    assert gardee(settings) == avant


def test_relancer_sans_maintenant_continue(settings: Settings) -> None:
    garder_le_depart()
    settings.MAINTENANT = None
    garder_le_depart()
    assert timedelta(0) < maintenant() - X < PEU


def test_un_autre_x_plus_tard_remplace_et_l_ancien_ne_ramene_pas_en_arriere(settings: Settings) -> None:
    garder_le_depart()
    settings.MAINTENANT = X + UNE_HEURE
    garder_le_depart()
    assert timedelta(0) < maintenant() - (X + UNE_HEURE) < PEU
    settings.MAINTENANT = X
    garder_le_depart()
    assert maintenant() > X + UNE_HEURE


def test_un_autre_x_avant_l_heure_du_site_est_refuse_par_une_phrase(settings: Settings) -> None:
    garder_le_depart()
    settings.MAINTENANT = X - UNE_HEURE
    with pytest.raises(DepartRefuse, match=r"ne recule jamais.*jeudi 30 octobre 2025"):
        garder_le_depart()
    assert maintenant() > X


def test_une_heure_avancee_par_la_demonstration_survit_au_meme_x(settings: Settings) -> None:
    garder_le_depart()
    garder_reference(X + 5 * UNE_HEURE)
    garder_le_depart()
    assert timedelta(0) < maintenant() - (X + 5 * UNE_HEURE) < PEU


def test_hors_demonstration_l_heure_du_site_est_l_heure_reelle(settings: Settings) -> None:
    garder_le_depart()
    settings.DEMO, settings.MAINTENANT = False, None
    assert abs(maintenant() - datetime.now(UTC)) < PEU

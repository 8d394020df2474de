"""Les règles pures, aux bornes."""

from datetime import UTC, datetime, timedelta

import pytest

from consultations import rules
from consultations.etats import Etat, Fondement, Sens, Statut

TRANSMISE = datetime(2025, 6, 30, 8, 0, tzinfo=UTC)
BORNE = datetime(2025, 10, 30, 23, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("now", "attendu"),
    [
        (TRANSMISE - MS, Statut.EN_PREPARATION),
        (TRANSMISE, Statut.OUVERTE),
        (BORNE - MS, Statut.OUVERTE),
        (BORNE, Statut.CLOSE),
        (BORNE + MS, Statut.CLOSE),
    ],
)
def test_le_delai_est_un_intervalle_semi_ouvert(now: datetime, attendu: Statut) -> None:
    assert rules.statut(transmise_le=TRANSMISE, borne=BORNE, now=now) == attendu


def test_une_saisine_non_transmise_est_en_preparation() -> None:
    assert rules.statut(transmise_le=None, borne=BORNE, now=BORNE) == Statut.EN_PREPARATION


def etat(now: datetime, **faits: object) -> Etat:
    base: dict[str, object] = {
        "fondement": Fondement.DECRET,
        "is_sans_objet": False,
        "sens": None,
        "remis_le": TRANSMISE,
        "borne": BORNE,
        "visibilite_avis": "depot",
    }
    return rules.etat_saisine(**(base | faits), now=now)  # type: ignore[arg-type]


def test_un_silence_devient_repute_favorable_a_la_borne_exactement() -> None:
    assert etat(BORNE - MS) == Etat.EN_ATTENTE
    assert etat(BORNE) == Etat.REPUTE_FAVORABLE


def test_sans_preuve_de_remise_aucun_silence_ne_vaut_accord() -> None:
    assert etat(BORNE - MS, remis_le=None) == Etat.NON_SAISIE
    assert etat(BORNE, remis_le=None) == Etat.NON_SAISIE


def test_une_remise_a_la_borne_vient_trop_tard() -> None:
    assert etat(BORNE + MS, remis_le=BORNE) == Etat.NON_SAISIE
    assert etat(BORNE + MS, remis_le=BORNE - MS) == Etat.REPUTE_FAVORABLE


def test_un_silence_inscrit_par_un_ouvrier_en_avance_ne_se_lit_qu_a_la_borne() -> None:
    assert etat(BORNE - MS, sens=Sens.REPUTE_FAVORABLE) == Etat.EN_ATTENTE
    assert etat(BORNE, sens=Sens.REPUTE_FAVORABLE) == Etat.REPUTE_FAVORABLE


def test_un_avis_publie_a_la_cloture_se_lit_a_repondu_jusqu_a_la_borne() -> None:
    assert etat(BORNE - MS, sens=Sens.DEFAVORABLE, visibilite_avis="cloture") == Etat.REPONDU
    assert etat(BORNE, sens=Sens.DEFAVORABLE, visibilite_avis="cloture") == Etat.DEFAVORABLE


def test_le_silence_d_un_partenaire_ne_vaut_rien_mais_sa_contribution_se_lit() -> None:
    assert etat(BORNE, fondement=Fondement.PARTENAIRE) == Etat.SANS_OBJET
    assert etat(BORNE, fondement=Fondement.PARTENAIRE, sens=Sens.DEFAVORABLE) == Etat.DEFAVORABLE


@pytest.mark.parametrize(
    ("is_partenaire", "has_qpv", "attendu"),
    [
        (False, True, Fondement.DECRET),
        (False, False, Fondement.DELIBERATION),
        (True, True, Fondement.PARTENAIRE),
        (True, False, Fondement.PARTENAIRE),
    ],
)
def test_chaque_saisine_a_son_fondement(is_partenaire: bool, has_qpv: bool, attendu: Fondement) -> None:
    assert rules.fondement(is_partenaire=is_partenaire, has_qpv=has_qpv) == attendu

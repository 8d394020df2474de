"""Le délai, contre la table de docs/domaine.md et contre un calcul fait autrement."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from consultations import delais
from consultations.delais import PARIS

JOURS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
INSTANTS = st.datetimes(
    min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 30), timezones=st.just(UTC)
)  # fmt: skip


def a_paris(texte: str) -> datetime:
    return datetime.fromisoformat(texte).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("transmission", "mois", "dernier_jour", "borne"),
    [
        ("2025-06-30T10:00", 1, date(2025, 7, 30), "2025-07-30T22:00Z"),
        ("2025-06-30T23:59:59", 1, date(2025, 7, 30), "2025-07-30T22:00Z"),
        ("2025-07-01T00:00", 1, date(2025, 8, 1), "2025-08-01T22:00Z"),
        ("2025-06-30T16:00", 4, date(2025, 10, 30), "2025-10-30T23:00Z"),
        ("2025-01-31T09:00", 1, date(2025, 2, 28), "2025-02-28T23:00Z"),
        ("2028-01-31T09:00", 1, date(2028, 2, 29), "2028-02-29T23:00Z"),
        ("2025-02-28T09:00", 1, date(2025, 3, 28), "2025-03-28T23:00Z"),
        ("2025-03-31T09:00", 1, date(2025, 4, 30), "2025-04-30T22:00Z"),
        ("2025-12-31T09:00", 2, date(2026, 2, 28), "2026-02-28T23:00Z"),
    ],
)
def test_la_table_du_domaine(transmission: str, mois: int, dernier_jour: date, borne: str) -> None:
    jour = delais.jour_de(a_paris(transmission))
    assert delais.ajouter_mois(jour, mois) == dernier_jour
    assert delais.borne(dernier_jour) == datetime.fromisoformat(borne)
    if mois == 1:
        assert delais.plancher(a_paris(transmission)) == dernier_jour


def test_trente_jours_ne_sont_pas_un_mois() -> None:
    simulation = delais.simuler(a_paris("2025-10-01T09:00"), date(2025, 10, 31))
    assert not simulation.is_legale
    assert simulation.plancher == date(2025, 11, 1)


def test_au_plancher_l_echeance_est_acceptee_avec_une_alerte() -> None:
    simulation = delais.simuler(a_paris("2025-09-30T09:00"), date(2025, 10, 30))
    assert simulation.is_legale
    assert not simulation.is_prudente
    assert simulation.prudent == date(2025, 11, 3)  # le 1er est férié et samedi, le 2 est dimanche


def test_sans_echeance_donnee_la_proposition_est_le_plancher() -> None:
    assert delais.simuler(a_paris("2025-06-30T10:00")).echeance == date(2025, 7, 30)


@pytest.mark.parametrize("echeance", [date(2025, 3, 29), date(2025, 3, 30), date(2025, 10, 25), date(2025, 10, 26)])
def test_les_jours_de_changement_d_heure_ont_vingt_trois_ou_vingt_cinq_heures(echeance: date) -> None:
    duree = delais.borne(echeance) - delais.borne(echeance - timedelta(days=1))
    attendu = {date(2025, 3, 30): 23, date(2025, 10, 26): 25}.get(echeance, 24)
    assert duree == timedelta(hours=attendu)


@given(INSTANTS)
def test_le_plancher_est_celui_d_un_calcul_independant(instant: datetime) -> None:
    jour = instant.astimezone(PARIS).date()
    assert delais.plancher(instant) == jour + relativedelta(months=1)


@given(JOURS, st.integers(min_value=1, max_value=24))
def test_les_mois_s_ajoutent_de_quantieme_a_quantieme(jour: date, mois: int) -> None:
    assert delais.ajouter_mois(jour, mois) == jour + relativedelta(months=mois)


@given(JOURS)
def test_la_borne_est_le_premier_instant_qui_n_est_plus_le_dernier_jour_a_paris(echeance: date) -> None:
    borne = delais.borne(echeance)
    assert borne.tzinfo is UTC
    assert borne.astimezone(PARIS).date() == echeance + timedelta(days=1)
    assert (borne - timedelta(microseconds=1)).astimezone(PARIS).date() == echeance
    assert delais.fin_du_dernier_jour(echeance).astimezone(PARIS).date() == echeance


@given(INSTANTS)
def test_le_plancher_prudent_est_ouvrable_et_jamais_avant_le_plancher(instant: datetime) -> None:
    prudent = delais.plancher_prudent(instant)
    assert prudent > delais.plancher(instant)
    assert delais.is_ouvrable(prudent)


@pytest.mark.parametrize(
    "ferie",
    [date(2025, 4, 21), date(2025, 5, 1), date(2025, 5, 29), date(2025, 6, 9), date(2025, 7, 14), date(2025, 11, 11)],
)
def test_les_feries_francais_ne_sont_pas_ouvrables(ferie: date) -> None:
    assert not delais.is_ouvrable(ferie)

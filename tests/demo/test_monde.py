"""Ce que contient le monde de démonstration."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core import mail

from consultations.etats import EXPRIMES, Etat
from consultations.models import Consultation, Saisine
from consultations.queries import saisines_de
from participation.common.dates import PARIS
from participation.demo.roles import DOMAINE
from participation.notifications.models import Envoi
from participation.registre.actions import verifier
from participation.registre.models import Entree
from participation.territoires.models import Instance, Quartier
from tests.demo.conftest import DIX_SECONDES_AVANT

Charger = Callable[..., list[str]]
REELLES = {"bethune", "beuvry", "bruay-la-buissiere", "divion"}
REELLES |= {"conseil-citoyen-du-mont-liebaut", "conseil-citoyen-du-centre"}


def etats_de(slug: str, now: datetime) -> dict[str, Etat]:
    """L'état de chaque instance, par son adresse."""
    saisines = saisines_de(Consultation.objects.get(slug=slug), now)
    return {s.instance.slug: Etat(vars(s)["etat"]) for s in saisines}


def test_dix_secondes_avant_la_borne_la_vraie_consultation_est_ouverte(monde: datetime) -> None:
    consultation = Consultation.objects.get(slug="rapport-2024")
    assert consultation.transmise_le == datetime(2025, 6, 30, 10, tzinfo=PARIS)
    assert (consultation.arrete_le, consultation.publie_le) == (date(2025, 6, 24), date(2025, 6, 27))
    assert consultation.echeance == date(2025, 10, 30)
    assert set(consultation.saisines.values_list("borne", flat=True)) == {datetime(2025, 10, 31, tzinfo=PARIS)}
    avant = etats_de("rapport-2024", DIX_SECONDES_AVANT)
    apres = etats_de("rapport-2024", DIX_SECONDES_AVANT + timedelta(seconds=10))
    assert {avant[slug] for slug in REELLES} == {Etat.EN_ATTENTE}
    assert {apres[slug] for slug in REELLES} == {Etat.REPUTE_FAVORABLE}


@pytest.mark.parametrize("slug", ["rapport-2024", "rapport-2024-demonstration"])
def test_les_cinq_sens_trois_silences_une_non_saisie_une_sans_objet(monde: datetime, slug: str) -> None:
    inventes = {s: e for s, e in etats_de(slug, DIX_SECONDES_AVANT).items() if s not in REELLES}
    assert EXPRIMES - {Etat.REPONDU} <= set(inventes.values())
    nombre = Counter(inventes.values())
    assert nombre[Etat.EN_ATTENTE] >= 3
    assert (nombre[Etat.NON_SAISIE], nombre[Etat.SANS_OBJET]) == (1, 1)


def test_les_complements_du_territoire_sont_nommes_et_marques_fictifs(monde: datetime) -> None:
    assert set(Instance.objects.filter(is_fictif=False).values_list("slug", flat=True)) == REELLES
    assert Instance.objects.filter(is_fictif=True, nom__startswith="Commune de démonstration").count() == 6
    assert Instance.objects.filter(is_fictif=True, nom__startswith="Conseil citoyen de démonstration").count() == 6
    fictifs = Quartier.objects.filter(is_fictif=True).values_list("nom", flat=True)
    assert len(fictifs) == 6
    assert all(nom.startswith("Quartier de démonstration") for nom in fictifs)


def test_les_remises_sont_prouvees_a_leur_date(monde: datetime) -> None:
    saisine = Saisine.objects.get(consultation__slug="rapport-2024", instance__slug="bethune")
    preuves = list(saisine.preuves.all())
    assert {p.moyen for p in preuves} == {"COURRIEL"}
    assert all(saisine.transmise_le <= p.remis_le < saisine.transmise_le + timedelta(minutes=1) for p in preuves)


def test_aucun_courriel_de_la_demonstration_ne_sort(monde: datetime) -> None:
    assert mail.outbox == []
    assert set(Envoi.objects.values_list("etat", flat=True)) == {Envoi.Etat.ENVOYE}
    assert all(adresse.endswith(f"@{DOMAINE}") for adresse in Envoi.objects.values_list("adresse", flat=True))


def test_le_registre_de_la_demonstration_est_intact(monde: datetime) -> None:
    verification = verifier()
    assert verification.constats == []
    assert verification.entrees == Entree.objects.count() > 100

"""« Quand se réunit votre conseil ? » : qui le dit, ce que chacun en lit, et quand l'annonce se tait."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from consultations.models import Saisine
from participation.agenda.actions import annoncer_seance, retirer_seance
from participation.agenda.models import Seance
from participation.agenda.saisies import SaisieReunion
from participation.common.dates import PARIS
from participation.common.errors import RefusMetier
from tests import fabriques
from tests.fabriques import TRANSMISE_LE, UN_JOUR

pytestmark = pytest.mark.django_db
PENDANT = TRANSMISE_LE + 60 * UN_JOUR
MARDI = datetime(2025, 10, 14, 18, 30, tzinfo=PARIS)
SAISIE = {"jour": "2025-10-14", "heure": "18:30", "lieu": "Salle des fêtes"}


@pytest.fixture(autouse=True)
def pendant(settings: Settings) -> None:
    settings.MAINTENANT = PENDANT
    fabriques.epci()


@pytest.fixture
def saisine() -> Saisine:
    return fabriques.saisine(instance_=fabriques.instance(nom="Conseil des Tilleuls"))


def adresse(saisine: Saisine) -> str:
    return f"/agenda/instances/{saisine.instance.slug}/"


@pytest.mark.parametrize("qui", ["mandat", "agent"])
def test_une_personne_mandatee_ou_un_agent_pour_elle_annonce_et_tout_le_monde_le_lit(
    client: Client, saisine: Saisine, qui: str
) -> None:
    par = fabriques.agent() if qui == "agent" else fabriques.mandat(saisine.instance).utilisateur
    client.force_login(par)
    assert client.post(adresse(saisine), SAISIE).status_code == 303
    seance = saisine.instance.seances.get()
    assert (seance.le, seance.lieu, seance.annoncee_par) == (MARDI, "Salle des fêtes", par)
    public = Client()
    for page in (saisine.get_absolute_url(), saisine.consultation.get_absolute_url()):
        texte = public.get(page).content.decode()
        assert "Avis annoncé le 14 octobre" in texte
        assert str(par) not in texte
    client.force_login(fabriques.agent())
    assert "Avis annoncé le 14 octobre" in client.get("/gestion/").content.decode()


def test_l_agenda_et_son_calendrier_portent_la_reunion_a_son_heure(client: Client, saisine: Saisine) -> None:
    fabriques.seance(saisine.instance, le=MARDI, lieu="Salle des fêtes")
    assert "Conseil des Tilleuls" in client.get("/agenda/").content.decode()
    evenements = Calendar.from_ical(client.get("/agenda.ics").content).walk("VEVENT")
    (reunion,) = [e for e in evenements if "Réunion" in str(e["SUMMARY"])]
    assert reunion["DTSTART"].dt == MARDI
    assert "18 h 30, Salle des fêtes" in str(reunion["DESCRIPTION"])
    assert str(reunion["URL"]).endswith(saisine.get_absolute_url())


def test_la_question_est_posee_aux_mandats_puis_rappelle_la_reponse(client: Client, saisine: Saisine) -> None:
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    question = "Quand se réunit votre conseil\N{NO-BREAK SPACE}?"
    assert question in client.get(saisine.get_absolute_url()).content.decode()
    assert question not in Client().get(saisine.get_absolute_url()).content.decode()
    fabriques.seance(saisine.instance, le=MARDI)
    page = client.get(saisine.get_absolute_url()).content.decode()
    assert question not in page
    assert "Mardi 14 octobre 2025" in page


def test_une_reunion_apres_le_dernier_jour_le_dit(client: Client, saisine: Saisine) -> None:
    fabriques.seance(saisine.instance, le=saisine.borne)
    texte = client.get(saisine.get_absolute_url()).content.decode()
    assert "Se réunit le 31 octobre, après le dernier jour" in texte
    assert "Avis annoncé" not in texte


@pytest.mark.parametrize("cas", ["retirée", "passée", "a répondu", "délai clos"])
def test_l_annonce_se_tait_quand_elle_ne_dit_plus_rien(
    client: Client, saisine: Saisine, settings: Settings, cas: str
) -> None:
    seance = fabriques.seance(saisine.instance, le=MARDI)
    if cas == "retirée":
        retirer_seance(seance=seance, par=fabriques.agent(), now=PENDANT)
    if cas == "passée":
        settings.MAINTENANT = MARDI + UN_JOUR
    if cas == "a répondu":
        fabriques.avis(saisine, recu_le=PENDANT)
    if cas == "délai clos":
        settings.MAINTENANT = saisine.borne
        Seance.objects.update(le=saisine.borne + UN_JOUR)
    assert "Avis annoncé" not in client.get(saisine.get_absolute_url()).content.decode()


def test_le_soir_de_la_reunion_l_annonce_tient_encore(client: Client, saisine: Saisine, settings: Settings) -> None:
    fabriques.seance(saisine.instance, le=MARDI)
    settings.MAINTENANT = MARDI + timedelta(hours=3)
    assert "Avis annoncé le 14 octobre" in client.get(saisine.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("le", "phrase"), [(PENDANT, "passée"), (PENDANT + 800 * UN_JOUR, "lointaine")], ids=["passée", "lointaine"]
)
def test_une_date_passee_ou_trop_lointaine_est_refusee(saisine: Saisine, le: datetime, phrase: str) -> None:
    with pytest.raises(RefusMetier, match=phrase):
        annoncer_seance(instance=saisine.instance, saisie=SaisieReunion(le), par=fabriques.agent(), now=PENDANT)


def test_la_meme_reunion_annoncee_deux_fois_n_en_fait_qu_une_et_la_31e_est_refusee(saisine: Saisine) -> None:
    par, instance = fabriques.mandat(saisine.instance).utilisateur, saisine.instance
    for _ in range(2):
        annoncer_seance(instance=instance, saisie=SaisieReunion(MARDI), par=par, now=PENDANT)
    assert instance.seances.count() == 1
    for n in range(29):
        fabriques.seance(instance, le=MARDI + (n + 1) * UN_JOUR)
    with pytest.raises(RefusMetier, match="Trente"):
        annoncer_seance(instance=instance, saisie=SaisieReunion(MARDI + 40 * UN_JOUR), par=par, now=PENDANT)


def test_sans_mandat_ni_groupe_personne_n_annonce_ni_ne_retire(saisine: Saisine) -> None:
    autre, seance = fabriques.mandat().utilisateur, fabriques.seance(saisine.instance)
    with pytest.raises(RefusMetier, match="mandat"):
        annoncer_seance(instance=saisine.instance, saisie=SaisieReunion(MARDI), par=autre, now=PENDANT)
    with pytest.raises(RefusMetier, match="mandat"):
        retirer_seance(seance=seance, par=autre, now=PENDANT)


def test_une_consultation_reservee_ne_montre_pas_ses_reunions(client: Client) -> None:
    de = fabriques.consultation(visibilite_projet="instances")
    reservee = fabriques.saisine(consultation_=de, instance_=fabriques.instance(nom="Conseil RESERVE"))
    fabriques.seance(reservee.instance, le=MARDI)
    assert "RESERVE" not in client.get("/agenda/").content.decode()
    assert "RESERVE" not in client.get("/agenda.ics").content.decode()

"""L'agenda et les flux : les dates publiques, stables, et rien de réservé (règle 20)."""

from datetime import date, timedelta
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from consultations.models import Etape
from participation.registre.actions import inscrire
from tests import fabriques
from tests.fabriques import ECHEANCE, TRANSMISE_LE

pytestmark = pytest.mark.django_db
PENDANT = TRANSMISE_LE + timedelta(days=90)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def pendant(settings: Settings) -> None:
    settings.MAINTENANT = PENDANT
    fabriques.epci(nom_plateforme="Paroles d'essai")


def test_une_date_par_echeance_et_les_seances_connues(client: Client) -> None:
    de = fabriques.consultation(titre="Rapport d'essai", transmise=False)
    Etape.objects.create(
        consultation=de, code="ARRETEE", date=date(2025, 6, 24), reference="2025-71", inscrite_le=TRANSMISE_LE
    )
    type(de).objects.filter(pk=de.pk).update(transmise_le=TRANSMISE_LE, transmise_par=fabriques.signataire())
    for _ in range(2):
        fabriques.saisine(consultation_=de)
    fabriques.saisine(consultation_=de, echeance=ECHEANCE + timedelta(days=14))
    fabriques.saisine(consultation_=de, is_sans_objet=True, motif_sans_objet="Pas installé.", echeance=date(2026, 1, 1))
    reponse = client.get("/agenda.ics")
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    evenements = Calendar.from_ical(reponse.content).walk("VEVENT")
    jours = [(e["DTSTART"].dt, e["DTEND"].dt) for e in evenements]
    attendus = [date(2025, 6, 24), ECHEANCE, ECHEANCE + timedelta(days=14)]
    assert jours == [(jour, jour + timedelta(days=1)) for jour in attendus]
    assert len({str(e["UID"]) for e in evenements}) == 3
    assert "2 instances" in str(evenements[1]["DESCRIPTION"]).replace("\u00a0", " ")
    page = client.get("/agenda/").content.decode()
    assert page.index("Ce qui vient") < page.index("13 novembre 2025") < page.index("Ce qui est passé")
    assert page.index("Ce qui est passé") < page.index("24 juin 2025")


def test_le_meme_agenda_donne_les_memes_octets(client: Client, settings: Settings) -> None:
    fabriques.saisine()
    premier = client.get("/agenda.ics").content
    settings.MAINTENANT = PENDANT + timedelta(days=3)
    assert client.get("/agenda.ics").content == premier


@pytest.mark.parametrize("adresse", ["/agenda/", "/agenda.ics", "/registre.atom"])
def test_une_consultation_reservee_ou_en_preparation_n_est_pas_nommee(client: Client, adresse: str) -> None:
    for champs in ({"visibilite_projet": "instances"}, {"transmise": False}):
        de = fabriques.consultation(titre="RESERVEE", **champs)
        avis = fabriques.avis(fabriques.saisine(consultation_=de))
        inscrire(acte="avis_depose", objet=avis, dossier=de.pk, now=PENDANT)
    client.force_login(fabriques.agent())
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    assert "RESERVEE" not in reponse.content.decode()


def test_les_actes_se_suivent_en_atom_et_par_consultation(client: Client) -> None:
    de = fabriques.consultation(titre="Rapport d'essai")
    avis = fabriques.avis(fabriques.saisine(consultation_=de))
    inscrire(acte="version_figee", objet=de.version, dossier=None, now=PENDANT)
    inscrire(acte="avis_depose", objet=avis, dossier=de.pk, now=PENDANT)
    reponse = client.get("/registre.atom")
    assert reponse["Content-Type"] == "application/atom+xml; charset=utf-8"
    entrees = ElementTree.fromstring(reponse.content).findall(f"{ATOM}entry")  # noqa: S314 : notre propre flux
    titres = [entree.findtext(f"{ATOM}title") for entree in entrees]
    assert titres[0] == "Avis déposé : Rapport d'essai (acte n° 2)"
    assert len({entree.findtext(f"{ATOM}id") for entree in entrees}) == len(titres) == 2
    assert client.get("/registre.atom").content == reponse.content
    seule = ElementTree.fromstring(client.get(f"/registre.atom?dossier={de.pk}").content)  # noqa: S314
    assert len(seule.findall(f"{ATOM}entry")) == 1
    assert client.get(f"/registre.atom?dossier={uuid4()}").status_code == 404
    assert f"/registre.atom?dossier={de.pk}" in client.get(de.get_absolute_url()).content.decode()


def test_un_registre_vide_donne_un_flux_valide_et_immobile(client: Client) -> None:
    premier = client.get("/registre.atom").content
    assert b"2000-01-01" in premier
    assert client.get("/registre.atom").content == premier


def test_chaque_page_a_citer_dit_son_adresse_permanente(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://voix.exemple.invalid"
    avis = fabriques.avis()
    for chemin in (avis.get_absolute_url(), avis.saisine.consultation.get_absolute_url(), "/registre/"):
        page = client.get(chemin).content.decode()
        assert f'<link rel="canonical" href="https://voix.exemple.invalid{chemin}">' in page
        assert f"https://voix.exemple.invalid{chemin}, consulté le dimanche 28 septembre 2025." in page

"""L'état pour la presse : une phrase, une image, ni nom ni sens."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import Settings

from consultations import presse
from consultations.etats import Etat, Visibilite
from consultations.models import Consultation
from consultations.queries import Bilan
from tests import fabriques
from tests.fabriques import TRANSMISE_LE, UN_JOUR

SVG = "{http://www.w3.org/2000/svg}"
ADRESSE = "/consultations/essai/etat.svg"


def le_bilan(**par_etat: int) -> Bilan:
    return Bilan({Etat[e]: n for e, n in par_etat.items()}, (TRANSMISE_LE + 30 * UN_JOUR).date(), None, 0)


@pytest.mark.une_base
def test_la_phrase_ne_compte_jamais_un_silence_parmi_les_avis() -> None:
    close = presse.phrase("Rapport", le_bilan(FAVORABLE=1, DEFAVORABLE=1, REPUTE_FAVORABLE=3), TRANSMISE_LE)
    assert "2 instances sur 5 ont donné leur avis sur « Rapport »" in close
    assert "3 se sont tues : la loi tient leur avis pour favorable, sans qu’elles aient parlé." in close
    ouverte = presse.phrase("Rapport", le_bilan(FAVORABLE=1, EN_ATTENTE=1), TRANSMISE_LE)
    assert "1 instance sur 2 a donné son avis" in ouverte
    assert "1 peut encore répondre, jusqu’au" in ouverte
    assert "aucune instance n’est encore saisie" in presse.phrase("Rapport", le_bilan(NON_SAISIE=2), TRANSMISE_LE)


def une_consultation(**champs: object) -> Consultation:
    consultation = fabriques.consultation(slug="essai", titre="<script>alert(1)</script> & l’avis", **champs)
    fabriques.avis(fabriques.saisine(consultation_=consultation, instance_=fabriques.instance(nom="Canari")))
    fabriques.saisine(consultation_=consultation)
    fabriques.saisine(consultation_=consultation, remise=False)
    return consultation


def test_l_image_se_lit_sans_la_voir_et_n_execute_rien(settings: Settings, db: None) -> None:
    settings.MAINTENANT = TRANSMISE_LE + timedelta(days=20)
    une_consultation()
    reponse = Client().get(ADRESSE)
    assert reponse["Content-Type"] == "image/svg+xml"
    racine = ElementTree.fromstring(reponse.content)  # noqa: S314 : notre propre image
    assert (racine.get("role"), racine.get("aria-labelledby")) == ("img", "titre phrase")
    assert "1 instance sur 2 a donné son avis" in (racine.findtext(f"{SVG}desc") or "")
    briques = [r for r in racine.iter(f"{SVG}rect") if r.get("rx")]
    assert [bool(r.get("stroke-dasharray")) for r in briques] == [False, True, True]
    assert not list(racine.iter(f"{SVG}script"))
    assert " style=" not in reponse.text
    assert "Canari" not in reponse.text


def test_l_image_d_un_projet_reserve_n_existe_pas_pour_les_autres(settings: Settings, db: None) -> None:
    settings.MAINTENANT = TRANSMISE_LE + timedelta(days=20)
    une_consultation(visibilite_projet=Visibilite.Projet.INSTANCES)
    assert Client().get(ADRESSE).status_code == 404


def test_le_bureau_donne_la_phrase_et_l_image(settings: Settings, db: None) -> None:
    settings.MAINTENANT = TRANSMISE_LE + timedelta(days=20)
    une_consultation()
    agent = Client()
    agent.force_login(fabriques.agent())
    page = agent.get("/gestion/").text
    assert "1 instance sur 2 a donné son avis" in page
    assert f'href="{ADRESSE}" download' in page

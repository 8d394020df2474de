"""L'accueil : la consultation ouverte, son délai, le silence, deux gestes, qui a parlé."""

import re
from datetime import datetime

import pytest
from django.test import Client
from time_machine import travel

from participation.common.dates import PARIS
from participation.territoires.models import Quartier
from tests import fabriques
from tests.accueil.pages import APRES, PENDANT, consulter, texte

pytestmark = pytest.mark.django_db


def test_l_accueil_montre_la_consultation_son_delai_le_silence_et_deux_gestes(
    client: Client, quartier: Quartier
) -> None:
    with travel(PENDANT, tick=False):
        consultation = consulter(quartier)
        reponse = client.get("/")
    page, html = texte(reponse), reponse.content.decode()
    assert "Consultation ouverte, encore 45 jours." in page
    assert "Si le conseil ne répond pas, la loi fait comme s’il avait dit oui." in page
    assert "jusqu’au jeudi 30 octobre 2025 à minuit" in page
    assert f'data-principal href="{consultation.get_absolute_url()}' in html
    assert "Donner l’avis de mon conseil" in page
    assert "0 réponse reçue sur 2 attendues. Il en manque 2." in page
    assert html.count('<i data-etat="attente">') == 2


def test_l_accueil_ne_montre_rien_de_ce_qui_n_existe_pas(client: Client, quartier: Quartier) -> None:
    assert not re.search(r"séminaire|victoire|suites données", texte(client.get("/")), re.IGNORECASE)


def test_apres_la_borne_l_accueil_dit_que_c_est_termine(client: Client, quartier: Quartier) -> None:
    consulter(quartier)
    with travel(APRES, tick=False):
        page = texte(client.get("/"))
    assert "La dernière consultation est terminée." in page
    assert "Donner l’avis de mon conseil" not in page
    assert "2 silences réputés favorables" in page


def test_a_la_borne_l_accueil_bascule_seul(client: Client, quartier: Quartier) -> None:
    consulter(quartier)
    with travel(datetime(2025, 10, 30, 23, 59, 59, tzinfo=PARIS), tick=False):
        assert "encore moins d’une minute" in texte(client.get("/"))
    with travel(datetime(2025, 10, 31, 0, 0, 0, tzinfo=PARIS), tick=False):
        assert "La dernière consultation est terminée." in texte(client.get("/"))


def test_la_vraie_consultation_passe_avant_la_demonstration(client: Client, quartier: Quartier) -> None:
    fausse = fabriques.consultation(titre="Démonstration en cours", is_demonstration=True)
    fabriques.saisine(consultation_=fausse)
    consulter(quartier)
    with travel(PENDANT, tick=False):
        html = client.get("/").content.decode()
    assert html.index("Le rapport 2024") < html.index("Démonstration en cours")
    assert "Aussi en consultation" in html


def test_un_projet_reserve_aux_instances_n_est_pas_a_l_accueil(client: Client, quartier: Quartier) -> None:
    consultation = fabriques.consultation(titre="Projet réservé", visibilite_projet="instances")
    fabriques.saisine(consultation_=consultation, instance_=fabriques.instance(quartiers=[quartier]))
    with travel(PENDANT, tick=False):
        assert "Projet réservé" not in texte(client.get("/"))
        assert "Projet réservé" not in texte(client.get("/quartiers/les-tilleuls/"))


def test_une_personne_mandatee_va_droit_a_son_avis(client: Client, quartier: Quartier) -> None:
    consultation = consulter(quartier, 1)
    saisine = consultation.saisines.get()
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    with travel(PENDANT, tick=False):
        html = client.get("/").content.decode()
    assert f"/saisines/{saisine.pk}/projet/" in html


def test_un_habitant_connecte_ne_voit_pas_un_geste_qui_n_est_pas_le_sien(client: Client, quartier: Quartier) -> None:
    consulter(quartier)
    client.force_login(fabriques.utilisateur())
    with travel(PENDANT, tick=False):
        page = texte(client.get("/"))
    assert "Donner l’avis de mon conseil" not in page
    assert "Qui peut donner un avis" in page

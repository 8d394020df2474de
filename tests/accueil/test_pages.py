"""Les pages publiques : anonymes, sans écriture, à requêtes constantes, sans mot d'une autre agglomération."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from participation.territoires.models import Instance, Quartier
from tests import fabriques
from tests.accueil.pages import DEMONSTRATION, PAGES, PENDANT, consulter, importer, texte

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
MOTS_DE_REFERENCE = re.compile(r"béthune|bruay|cabbalr|artois|\blys\b|romane|liébaut|divion|beuvry", re.IGNORECASE)


@pytest.mark.parametrize("adresse", [*PAGES, "/quartiers/les-tilleuls/"])
def test_chaque_page_publique_s_ouvre_sans_compte_et_n_a_qu_un_titre(
    client: Client, quartier: Quartier, adresse: str
) -> None:
    with travel(PENDANT, tick=False):
        consulter(quartier)
        reponse = client.get(adresse)
    html = reponse.content.decode()
    assert reponse.status_code == 200
    assert html.count("<h1") == 1
    assert html.count("data-principal") <= 1
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)


@pytest.mark.parametrize("adresse", PAGES)
def test_chaque_page_publique_s_ouvre_sur_une_base_vide(client: Client, adresse: str) -> None:
    assert client.get(adresse).status_code == 200


@pytest.mark.parametrize("adresse", PAGES)
def test_une_page_publique_refuse_une_ecriture(client: Client, adresse: str) -> None:
    attendu = 422 if adresse == "/mon-quartier/" else 405
    assert client.post(adresse, {}).status_code == attendu


@pytest.mark.parametrize("adresse", [*PAGES, "/quartiers/les-tilleuls/"])
def test_une_seconde_agglomeration_ne_voit_aucun_mot_de_la_premiere(
    client: Client, quartier: Quartier, adresse: str
) -> None:
    with travel(PENDANT, tick=False):
        consulter(quartier)
        client.cookies["quartier"] = quartier.slug
        html = client.get(adresse).content.decode()
    assert not MOTS_DE_REFERENCE.findall(html)
    assert "Parole de quartier" in html


def test_le_detecteur_de_mots_les_trouve_bien_chez_la_premiere(client: Client) -> None:
    importer(DEMONSTRATION.read_bytes())
    trouves = {m.lower() for m in MOTS_DE_REFERENCE.findall(client.get("/chiffres/").content.decode())}
    assert {"béthune", "bruay", "cabbalr", "artois", "lys", "liébaut"} <= trouves


def test_les_mots_de_l_agglomeration_remplacent_ceux_de_la_maison(client: Client, quartier: Quartier) -> None:
    page = texte(client.get("/comprendre/"))
    assert "Quartier de veille active" in page
    assert "intérêt communautaire" not in page
    assert "QVA" in texte(client.get("/chiffres/"))


@pytest.mark.parametrize("adresse", ["/", "/mon-quartier/", "/quartiers/les-tilleuls/", "/chiffres/", "/glossaire/"])
@pytest.mark.parametrize("is_mandate", [False, True])
def test_le_nombre_de_requetes_ne_suit_pas_les_donnees(quartier: Quartier, adresse: str, is_mandate: bool) -> None:
    client = Client()
    client.cookies["quartier"] = quartier.slug
    consultation = consulter(quartier, 2)
    if is_mandate:
        client.force_login(fabriques.mandat(consultation.saisines.all()[0].instance).utilisateur)

    def combien() -> int:
        with travel(PENDANT, tick=False), CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        return len(requetes)

    combien()
    peu = combien()
    for _ in range(18):
        neuf = fabriques.quartier(communes=list(quartier.communes.all()))
        conseil = fabriques.instance(Instance.Type.CONSEIL_CITOYEN, quartiers=[quartier, neuf])
        fabriques.saisine(consultation_=consultation, instance_=conseil)
    assert combien() == peu

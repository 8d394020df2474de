"""L'identité vient des données : nom, logo, couleurs ; une ligne, peut-être absente."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import fabriques

pytestmark = pytest.mark.django_db
PETIT_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def test_sans_agglomeration_le_site_porte_un_nom_neutre(client: Client) -> None:
    page = client.get("/affichage/").content.decode()
    assert "Voix des quartiers" in page
    assert "identite.css" not in page


def test_le_nom_et_la_presentation_viennent_des_donnees(client: Client) -> None:
    fabriques.epci(
        nom="Grand Lac", nom_court="Le Grand Lac", nom_plateforme="La place", presentation="Douze quartiers."
    )
    page = client.get("/affichage/").content.decode()
    assert "· La place</title>" in page
    assert "<small>Le Grand Lac</small>" in page
    assert "Douze quartiers." in page


def test_l_identite_coute_une_requete_par_page(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fabriques.epci(couleur_action="#005f73")
    with django_assert_num_queries(1):
        client.get("/affichage/")


def test_la_feuille_porte_son_empreinte_et_se_garde_un_an(client: Client) -> None:
    fabriques.epci(couleur_action="#005f73")
    page = client.get("/affichage/").content.decode()
    adresse = page.split('href="/identite.css?e=')[1].split('"')[0]
    reponse = client.get(f"/identite.css?e={adresse}")
    assert reponse["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in reponse["Cache-Control"]
    assert "--brique: #005f73" in reponse.content.decode()
    assert client.get("/identite.css?e=autre")["Cache-Control"] == "no-cache"
    assert client.get("/identite.css", headers={"If-None-Match": reponse["ETag"]}).status_code == 304


def test_changer_une_couleur_change_l_adresse(client: Client) -> None:
    fabriques.epci(couleur_accent="#00ff00")
    avant = client.get("/affichage/").content
    fabriques.epci(couleur_accent="#00ee00")
    assert (
        avant.split(b"identite.css?e=")[1][:12] != client.get("/affichage/").content.split(b"identite.css?e=")[1][:12]
    )


def test_une_couleur_piegee_n_entre_pas_dans_la_feuille(client: Client) -> None:
    fabriques.epci(couleur_action="#0;}*{", couleur_accent="#00ff00")
    assert "}*{" not in client.get("/identite.css").content.decode()


def test_le_logo_depose_remplace_celui_de_la_maison(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert client.get("/identite/logo").status_code == 404
    fabriques.epci(logo=ContentFile(PETIT_SVG, "logo.svg"))
    assert 'src="/identite/logo"' in client.get("/affichage/").content.decode()
    reponse = client.get("/identite/logo")
    assert reponse["Content-Type"] == "image/svg+xml"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in reponse["Content-Security-Policy"]


def test_aucun_gabarit_ne_nomme_une_agglomeration() -> None:
    racine = Path(__file__).parents[2]
    interdits = ("béthune", "bethune", "cabbalr", "bruay", "liébaut", "artois")
    fautes = [
        (str(fichier.relative_to(racine)), mot)
        for fichier in (racine / "templates").rglob("*.*")
        for mot in interdits
        if mot in fichier.read_text().lower()
    ]
    assert fautes == []


def test_la_premiere_page_pese_moins_de_120_ko_comprimee_sans_les_polices(client: Client) -> None:
    racine = Path(__file__).parents[2] / "static"
    fichiers = [
        *racine.glob("css/*.css"),
        racine / "js/maison.js",
        racine / "icons/sprite.svg",
        racine / "icons/logo.svg",
    ]
    total = sum(len(gzip.compress(fichier.read_bytes())) for fichier in fichiers)
    total += len(gzip.compress(client.get("/").content))
    assert total <= 120_000
    assert total <= 45_000, "le budget de la maison : une page se lit vite sur un vieux téléphone"

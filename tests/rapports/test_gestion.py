"""Le rapport au bureau : importer, relire, corriger, figer ; rien n'est perdu, rien n'est vu des autres."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from participation.comptes.models import Groupe
from participation.rapports.actions.figer import figer
from participation.rapports.actions.importation import importer
from participation.rapports.models import Image, Rapport, Version
from participation.rapports.queries import marque
from tests import fabriques
from tests.rapports.fichiers import docx_de, png, rapport_2024

PETIT = (
    "# Rapport 2024\n\nAvant.\n\n## 1. Contrat\n\nTexte un.\n\n## 2. Fonds\n\n| a | b |\n| --- | --- |\n| x | 3 € |\n"
)
pytestmark = [pytest.mark.django_db, pytest.mark.une_base]


@pytest.fixture(autouse=True)
def heure(settings: Settings, now: datetime) -> None:
    """Une heure immobile."""
    settings.MAINTENANT = now


@pytest.fixture
def agent() -> Client:
    """Le navigateur d'un agent."""
    client = Client()
    client.force_login(fabriques.agent())
    return client


@pytest.fixture
def version(now: datetime) -> Version:
    """Un petit rapport importé."""
    return importer(nom="r.md", octets=PETIT.encode(), annee=None, par=None, now=now)


def adresse(nom: str, *arguments: Any) -> str:
    """L'adresse d'une page du bureau."""
    return reverse(f"gestion:rapports:{nom}", args=arguments)


def fichier(nom: str, octets: bytes) -> SimpleUploadedFile:
    """Un fichier envoyé."""
    return SimpleUploadedFile(nom, octets)


def toutes(version: Version) -> list[str]:
    """Toutes les pages."""
    image = Image.objects.create(
        version=version, nom="image-1", type_mime="image/png", octets=png(), largeur=40, hauteur=20
    )
    pages = [adresse(nom, version.pk) for nom in ("version", "presentation", "figer", "effacer")]
    partie = version.sections.get(ancre="1")
    return [*pages, adresse("liste"), adresse("importer"), adresse("section", partie.pk), adresse("image", image.pk)]


def test_seul_un_agent_voit_ces_pages(agent: Client, version: Version) -> None:
    signataire = Client()
    signataire.force_login(fabriques.utilisateur(Groupe.SIGNATAIRE))
    habitante = Client()
    habitante.force_login(fabriques.utilisateur())
    for page in toutes(version):
        assert agent.get(page).status_code == 200, page
        assert signataire.get(page).status_code == habitante.get(page).status_code == 404, page
        assert habitante.post(page).status_code in (404, 405), page
        assert Client().get(page).status_code == 302, page
        assert agent.put(page).status_code == 405, page


def test_chaque_page_a_un_titre_et_un_seul_geste_principal(agent: Client, version: Version) -> None:
    pages = toutes(version)
    for is_figee in (False, True):
        if is_figee:
            Image.objects.update(alt="Un mur")
            figer(version=version, now=version.creee_le)
        for page in pages:
            html = agent.get(page).content.decode()
            assert html.count("<h1") == 1, page
            assert html.count("data-principal") <= 1, page
            assert " style=" not in html, page


@pytest.mark.parametrize("format", ["md", "docx"])
def test_importer_mene_a_la_relecture(agent: Client, format: str) -> None:
    octets = rapport_2024().encode() if format == "md" else docx_de(rapport_2024())
    reponse = agent.post(adresse("importer"), {"fichier": fichier(f"rapport.{format}", octets), "annee": ""})
    version = Version.objects.get()
    assert (reponse.status_code, reponse["Location"]) == (303, adresse("version", version.pk))
    page = agent.get(reponse["Location"]).content.decode()
    for dit in ("32 titres", "31 parties", "6 tableaux", "aucune image", "Rien. Tout le texte est là."):
        assert dit in page
    assert version.rapport.annee == 2024


def test_ce_qui_est_ecarte_est_dit_a_la_relecture(agent: Client) -> None:
    texte = PETIT + "\n<script>alert(1)</script>\n"
    agent.post(adresse("importer"), {"fichier": fichier("r.md", texte.encode())})
    page = agent.get(adresse("version", Version.objects.get().pk)).content.decode()
    assert "du code HTML (&lt;script&gt;alert(1)&lt;/script&gt;)" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("nom", "octets", "phrase"),
    [
        ("r.pdf", b"%PDF-", "docx, odt ou md"),
        ("r.md", b"", "vide"),
        ("r.md", b"rien", "aucun titre"),
        ("r.docx", b"PK\x03\x04", "abîmé"),
        ("r.md", b"# Sans date\n\n## 1. Un\n", "année"),
        (f"{'long' * 50}.md", b"# Un", "trop long"),
    ],
)
def test_un_fichier_refuse_rend_la_page_avec_la_phrase(agent: Client, nom: str, octets: bytes, phrase: str) -> None:
    reponse = agent.post(adresse("importer"), {"fichier": fichier(nom, octets)})
    assert reponse.status_code == 422
    assert phrase in reponse.content.decode().replace("&#x27;", "'")
    assert not Rapport.objects.exists()


def test_sans_fichier_l_annee_tapee_est_rendue(agent: Client) -> None:
    reponse = agent.post(adresse("importer"), {"annee": "2031"})
    assert reponse.status_code == 422
    assert 'value="2031"' in reponse.content.decode()


def test_corriger_une_partie_et_la_dire_en_clair(agent: Client, version: Version) -> None:
    partie = version.sections.get(ancre="1")
    champs = {"titre": "Le contrat", "texte": "**Neuf**", "en_clair": "C'est simple.", "v": partie.v}
    reponse = agent.post(adresse("section", partie.pk), champs)
    assert (reponse.status_code, reponse["Location"]) == (303, adresse("section", partie.pk))
    page = agent.get(reponse["Location"]).content.decode()
    assert "<strong>Neuf</strong>" in page
    assert "<p>C&#x27;est simple.</p>" in page or "<p>C'est simple.</p>" in page


def test_une_partie_refusee_rend_tout_ce_qui_est_tape(agent: Client, version: Version) -> None:
    partie = version.sections.get(ancre="1")
    champs = {"titre": "", "texte": "Un long travail.", "en_clair": "Des mots simples.", "v": partie.v}
    reponse = agent.post(adresse("section", partie.pk), champs)
    assert reponse.status_code == 422
    for tape in ("Un long travail.", "Des mots simples."):
        assert tape in reponse.content.decode()


def test_un_conflit_montre_les_deux_textes_puis_laisse_choisir(agent: Client, version: Version) -> None:
    partie = version.sections.get(ancre="1")
    champs = {"titre": "Contrat", "texte": "Texte de la première.", "en_clair": "", "v": partie.v}
    agent.post(adresse("section", partie.pk), champs)
    reponse = agent.post(adresse("section", partie.pk), champs | {"texte": "Texte de la seconde."})
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Texte de la première." in page
    assert "Texte de la seconde." in page
    assert f'name="v" value="{partie.v + 1}"' in page
    choix = champs | {"texte": "Texte de la seconde.", "v": partie.v + 1}
    assert agent.post(adresse("section", partie.pk), choix).status_code == 303
    partie.refresh_from_db()
    assert partie.texte == "Texte de la seconde."


def test_une_seconde_forme_refusee_ne_fait_pas_oublier_le_conflit(agent: Client, version: Version) -> None:
    """Un 422 ne rafraîchit pas la version lue : l'autre texte ne sera pas écrasé au renvoi."""
    partie = version.sections.get(ancre="1")
    champs = {"titre": "Contrat", "texte": "Première.", "en_clair": "", "v": partie.v}
    agent.post(adresse("section", partie.pk), champs)
    page = agent.post(adresse("section", partie.pk), champs | {"titre": ""}).content.decode()
    assert f'name="v" value="{partie.v}"' in page


def test_la_presentation_se_corrige_et_dit_ses_conflits(agent: Client, version: Version) -> None:
    champs = {"titre": "Rapport 2024 relu", "libelle": "Arrêté", "preambule": "Le nouveau.", "vu": marque(version)}
    assert agent.post(adresse("presentation", version.pk), champs).status_code == 303
    reponse = agent.post(adresse("presentation", version.pk), champs | {"preambule": "L'autre."})
    assert reponse.status_code == 409
    assert "Le nouveau." in reponse.content.decode()
    assert "L&#x27;autre." in reponse.content.decode()
    assert agent.post(adresse("presentation", version.pk), champs | {"titre": ""}).status_code == 422


def test_une_image_se_decrit_puis_la_version_se_fige(agent: Client, version: Version) -> None:
    image = Image.objects.create(
        version=version, nom="image-1", type_mime="image/png", octets=png(), largeur=40, hauteur=20
    )
    assert "à décrire" in agent.get(adresse("version", version.pk)).content.decode()
    assert agent.post(adresse("figer", version.pk), {"relu": "on"}).status_code == 422
    assert agent.post(adresse("image", image.pk), {"alt": "", "ancien": ""}).status_code == 422
    assert agent.post(adresse("image", image.pk), {"alt": "Un mur", "ancien": "autre"}).status_code == 409
    assert agent.post(adresse("image", image.pk), {"alt": "Un mur", "ancien": ""}).status_code == 303
    assert agent.post(adresse("figer", version.pk), {}).status_code == 422
    assert agent.post(adresse("figer", version.pk), {"relu": "on"}).status_code == 303
    version.refresh_from_db()
    assert version.is_figee
    page = agent.get(adresse("version", version.pk)).content.decode()
    assert version.empreinte in page


def test_une_version_figee_ne_se_corrige_plus_et_rend_le_texte(agent: Client, version: Version, now: datetime) -> None:
    partie = version.sections.get(ancre="1")
    figer(version=version, now=now)
    champs = {"titre": "x", "texte": "Un long travail.", "en_clair": "", "v": partie.v}
    reponse = agent.post(adresse("section", partie.pk), champs)
    assert reponse.status_code == 409
    assert "Un long travail." in reponse.content.decode()
    champs = {"titre": "x", "libelle": "", "preambule": "Un autre travail.", "vu": marque(version)}
    reponse = agent.post(adresse("presentation", version.pk), champs)
    assert reponse.status_code == 409
    assert "Un autre travail." in reponse.content.decode()
    assert agent.post(adresse("effacer", version.pk)).status_code == 409


def test_effacer_une_version(agent: Client, version: Version) -> None:
    assert agent.post(adresse("effacer", version.pk)).status_code == 303
    assert not Version.objects.exists()


def test_la_liste_et_la_relecture_coutent_autant_pour_2_et_20(
    agent: Client, django_assert_max_num_queries: Any
) -> None:
    for nombre in (2, 20):
        longue = fabriques.version(sections=nombre)
        with django_assert_max_num_queries(12):
            agent.get(adresse("version", longue.pk))
    with django_assert_max_num_queries(10):
        agent.get(adresse("liste"))

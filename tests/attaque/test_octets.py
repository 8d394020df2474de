"""Des octets qu'aucun clavier ne tape : jamais une panne, toujours le texte rendu, sur SQLite comme sur PostgreSQL."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from consultations.models import ProjetAvis, Saisine
from participation.accueil.queries import is_slug
from participation.comptes.models import Groupe
from tests import fabriques

pytestmark = pytest.mark.django_db
TEXTE = "mon texte d'ensemble"


@pytest.fixture
def saisine() -> Saisine:
    """Une saisine ouverte pour longtemps."""
    return fabriques.saisine(echeance=fabriques.ECHEANCE.replace(year=2090))


@pytest.fixture
def membre(client: Client, saisine: Saisine) -> Client:
    """Une personne mandatée, entrée."""
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    return client


def adresse(nom: str, saisine: Saisine) -> str:
    """L'adresse d'une page de cette saisine."""
    return reverse(f"consultations:{nom}", args=[saisine.consultation.slug, saisine.pk])


def corps(**champs: object) -> dict[str, object]:
    """Un projet complet, en un seul envoi."""
    demande = {"observation-1-section": "", "observation-1-nature": "question", "observation-1-texte": "Pourquoi ?"}
    return {"v": 0, "sens": "FAVORABLE", "texte": TEXTE} | demande | champs


def test_un_nul_dans_une_demande_ne_casse_rien(membre: Client, saisine: Saisine) -> None:
    reponse = membre.post(adresse("projet", saisine), corps(**{"observation-1-texte": "Pour\0quoi ?"}))
    assert reponse.status_code == 303
    assert ProjetAvis.objects.get(saisine=saisine).observations.get().texte == "Pourquoi ?"


@pytest.mark.parametrize("champ", ["sens", "texte", "date_seance", "pour", "retirer", "observation-1-section", "etape"])
def test_un_nul_dans_un_champ_n_est_jamais_une_panne(membre: Client, saisine: Saisine, champ: str) -> None:
    assert membre.post(adresse("projet", saisine), corps(**{champ: "a\0b"})).status_code in {303, 422}


def test_la_recherche_de_l_administration_ne_casse_pas(client: Client) -> None:
    client.force_login(fabriques.utilisateur(Groupe.ADMIN))
    trouver = "/admin/autocomplete/?app_label=comptes&model_name=mandat&field_name=utilisateur&term="
    assert client.get(f"{trouver}%00").status_code == (200 if connection.vendor == "sqlite" else 400)
    assert client.get(f"{trouver}a").status_code == 200


@pytest.mark.parametrize("temoin", ["a\0b", "a b", "x" * 500, "é'\"><", ""])
def test_un_temoin_de_quartier_fou_vaut_aucun_quartier(client: Client, temoin: str) -> None:
    assert not is_slug(temoin)
    client.cookies["quartier"] = temoin
    assert client.get("/mon-quartier/").status_code == 200


@pytest.mark.parametrize(
    "faux",
    [
        {"date_seance": "2025-02-30"},
        {"date_seance": "0001-01-01"},
        {"date_seance": "9999-12-31"},
        {"pour": "-1"},
        {"pour": "32768"},
        {"pour": "9" * 5000},
        {"sens": "REPUTE_FAVORABLE"},
        {"v": "abc"},
        {"v": "-1"},
        {"retirer": "x"},
        {"observation-1-section": "inconnue"},
    ],
)
def test_une_faute_rend_tout_ce_qui_a_ete_tape(membre: Client, saisine: Saisine, faux: dict[str, str]) -> None:
    reponse = membre.post(adresse("projet", saisine), corps(**faux))
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "mon texte d&#x27;ensemble" in page
    assert "Pourquoi ?" in page
    assert 'value="FAVORABLE"' in page


@pytest.mark.parametrize("v", ["9" * 30, "2147483648", "9223372036854775808"])
def test_une_version_demesuree_est_un_conflit(membre: Client, saisine: Saisine, v: str) -> None:
    assert membre.post(adresse("projet", saisine), corps(v=v)).status_code == 409
    depot = {"cle": str(uuid4()), "projet_v": v, "remplace": "", "au_nom_de": "1"}
    assert membre.post(adresse("avis_deposer", saisine), depot).status_code == 409


def test_onze_pieces_ont_une_phrase_et_le_texte_est_rendu(membre: Client, saisine: Saisine) -> None:
    pieces = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4\n%%EOF") for n in range(11)]
    reponse = membre.post(adresse("projet", saisine), corps(pieces=pieces))
    assert reponse.status_code == 422
    assert "Pas plus de 10 pièces jointes." in reponse.content.decode()
    assert "mon texte d&#x27;ensemble" in reponse.content.decode()

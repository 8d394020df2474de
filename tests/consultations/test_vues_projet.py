"""Écrire le projet d'avis : à plusieurs mains, par étapes ou d'un seul envoi ; lu de son instance seule (règle 21)."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as reglages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from consultations.etats import Sens
from consultations.models import ProjetAvis, Saisine
from participation.comptes.models import Groupe
from tests import fabriques

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\nessai\n%%EOF"
CANARI = "Canari-7f3a : un texte que personne d'autre ne lit."
COMPLET = {
    "v": "0",
    "sens": "FAVORABLE_RESERVES",
    "texte": "Nous sommes d'accord.\r\nÀ une condition.",
    "observation-1-section": "2",
    "observation-1-nature": "question",
    "observation-1-texte": "31 ou 32 projets ?",
    "observation-7-section": "",
    "observation-7-nature": "ajout",
    "observation-7-texte": "Ajoutez l'axe 4.",
    "date_seance": "2025-09-10",
    "pour": "12",
    "contre": "1",
    "abstention": "2",
}


@pytest.fixture(autouse=True)
def heure(settings: Settings, now: datetime) -> None:
    settings.MAINTENANT = now


@pytest.fixture
def saisine() -> Saisine:
    return fabriques.saisine(projet=False)


@pytest.fixture
def membre(client: Client, saisine: Saisine) -> Client:
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    return client


def adresse(saisine: Saisine, nom: str = "projet") -> str:
    return reverse(f"consultations:{nom}", args=[saisine.consultation.slug, saisine.pk])


def poster(client: Client, saisine: Saisine, **champs: Any) -> Any:
    return client.post(adresse(saisine), {nom.replace("__", "-"): valeur for nom, valeur in champs.items()})


def test_un_envoi_complet_en_une_fois_mene_a_la_relecture(membre: Client, saisine: Saisine) -> None:
    reponse = membre.post(adresse(saisine), COMPLET)
    assert (reponse.status_code, reponse["Location"]) == (303, adresse(saisine, "avis_deposer"))
    projet = ProjetAvis.objects.get(saisine=saisine)
    assert (projet.v, projet.sens, projet.date_seance) == (1, Sens.FAVORABLE_RESERVES, date(2025, 9, 10))
    assert projet.texte == "Nous sommes d'accord.\nÀ une condition."
    assert (projet.pour, projet.contre, projet.abstention) == (12, 1, 2)
    lues = [(o.ordre, o.section.ancre if o.section else "", o.nature, o.texte) for o in projet.observations.all()]
    assert lues == [(1, "2", "question", "31 ou 32 projets ?"), (2, "", "ajout", "Ajoutez l'axe 4.")]


def test_un_champ_absent_ne_change_pas(membre: Client, saisine: Saisine) -> None:
    membre.post(adresse(saisine), COMPLET)
    assert poster(membre, saisine, v="1", sens="DEFAVORABLE").status_code == 303
    projet = ProjetAvis.objects.get(saisine=saisine)
    assert (projet.sens, projet.pour, projet.observations.count()) == (Sens.DEFAVORABLE, 12, 2)
    assert projet.texte.startswith("Nous sommes d'accord.")
    poster(membre, saisine, v="2", pour="13")
    projet.refresh_from_db()
    assert (projet.pour, projet.contre, projet.date_seance) == (13, 1, date(2025, 9, 10))


def test_les_demandes_se_remplacent_toutes_ensemble(membre: Client, saisine: Saisine) -> None:
    membre.post(adresse(saisine), COMPLET)
    champs = {
        "v": "1",
        "observation-3-section": "1",
        "observation-3-nature": "correction",
        "observation-3-texte": "Une.",
    }
    membre.post(adresse(saisine), champs)
    projet = ProjetAvis.objects.get(saisine=saisine)
    assert [o.texte for o in projet.observations.all()] == ["Une."]
    poster(membre, saisine, v="2", observations_total="0")
    assert not projet.observations.exists()


@pytest.mark.parametrize(
    ("suite", "attendu"),
    [
        ("observations", "?etape=observations"),
        ("sens", "?etape=sens"),
        ("ajouter", "?etape=observations&ajouter=1#demande-3"),
        ("modifier-7", "?etape=observations&modifier=2#demande-2"),
        ("retirer-1", "?etape=observations"),
    ],
)
def test_chaque_bouton_enregistre_puis_mene_ou_il_dit(
    membre: Client, saisine: Saisine, suite: str, attendu: str
) -> None:
    reponse = membre.post(adresse(saisine), COMPLET | {"suite": suite})
    assert (reponse.status_code, reponse["Location"]) == (303, adresse(saisine) + attendu)
    restantes = 1 if suite.startswith("retirer") else 2
    assert ProjetAvis.objects.get(saisine=saisine).observations.count() == restantes
    assert membre.get(reponse["Location"]).status_code == 200


def test_sans_javascript_ajouter_une_demande_rend_une_ligne_vide_de_plus(membre: Client, saisine: Saisine) -> None:
    membre.post(adresse(saisine), COMPLET | {"suite": "ajouter"})
    page = membre.get(adresse(saisine), {"etape": "observations", "ajouter": "1"}).content.decode()
    assert page.count('class="obs en-edition"') == 1
    assert 'name="observation-3-texte"' in page
    assert "31 ou 32 projets ?" in page


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"sens": "REPUTE_FAVORABLE"}, "Choisissez une des cinq réponses."),
        ({"sens": "n'importe quoi"}, "Choisissez une des cinq réponses."),
        ({"texte": "x" * 20_001}, "trop long"),
        ({"date_seance": "demain"}, "Écrivez la date ainsi"),
        ({"pour": "-1"}, "Un nombre de votes va de 0 à 9999"),
        ({"observation-1-nature": "cri"}, "Dites si c’est une question"),
        ({"observation-1-section": "99"}, "Cette partie du rapport n’existe pas"),
        ({"observation-1-texte": "x" * 5_001}, "trop longue"),
        ({"v": ""}, "Rechargez la page"),
        ({"retirer": "pas-un-uuid"}, "Cette pièce n’existe pas"),
    ],
)
def test_une_valeur_impossible_est_refusee_422_et_la_saisie_rendue(
    membre: Client, saisine: Saisine, champs: dict[str, str], phrase: str
) -> None:
    reponse = membre.post(adresse(saisine), COMPLET | champs)
    page = reponse.content.decode().replace("&#x27;", "’").replace("\u00a0", " ")
    assert reponse.status_code == 422
    assert phrase in page
    assert not ProjetAvis.objects.filter(v__gt=0).exists()
    if "observation-1-nature" in champs or "observation-1-section" in champs:
        assert "31 ou 32 projets ?" in page
        assert 'href="#observation-1-texte"' in page


def test_deux_mains_les_deux_textes_complets_et_rien_d_ecrase(membre: Client, saisine: Saisine) -> None:
    membre.post(adresse(saisine), COMPLET)
    champs = {
        "v": "0",
        "texte": "Mon autre texte.",
        "observation-1-texte": "Ma demande.",
        "observation-1-nature": "ajout",
    }
    reponse = membre.post(adresse(saisine), champs)
    page = reponse.content.decode().replace("&#x27;", "'")
    assert reponse.status_code == 409
    textes = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, flags=re.S)
    assert len(textes) == 2
    assert "Mon autre texte." in textes[0]
    assert "Ma demande." in textes[0]
    assert "Favorable avec réserves" in textes[0]
    assert "À une condition." in textes[1]
    assert "31 ou 32 projets ?" in textes[1]
    projet = ProjetAvis.objects.get(saisine=saisine)
    assert (projet.v, projet.observations.count()) == (1, 2)
    renvoi = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert renvoi.pop("csrfmiddlewaretoken")
    assert membre.post(adresse(saisine), renvoi).status_code == 303
    projet.refresh_from_db()
    assert (projet.v, projet.texte) == (2, "Mon autre texte.")
    assert [o.texte for o in projet.observations.all()] == ["Ma demande."]


def test_une_piece_se_joint_se_lit_et_se_retire(membre: Client, saisine: Saisine) -> None:
    fichiers = [SimpleUploadedFile(f"acte {n}.pdf", PDF) for n in (1, 2)]
    assert membre.post(adresse(saisine), {"v": "0", "pieces": fichiers}).status_code == 303
    projet = ProjetAvis.objects.get(saisine=saisine)
    premiere, seconde = projet.pieces.order_by("nom")
    lien = reverse("consultations:projet_piece", args=[saisine.consultation.slug, saisine.pk, premiere.pk])
    recue = membre.get(lien)
    assert recue.content == PDF
    assert recue["Content-Disposition"].startswith("attachment")
    autre = Client()
    autre.force_login(fabriques.agent())
    assert autre.get(lien).status_code == 404
    membre.post(adresse(saisine), {"v": "1", "retirer": [str(premiere.pk)]})
    assert list(projet.pieces.all()) == [seconde]
    assert membre.get(lien).status_code == 404


def test_une_piece_refusee_ou_une_version_depassee_n_ecrit_rien(membre: Client, saisine: Saisine) -> None:
    faux = SimpleUploadedFile("acte.pdf", b"<html>")
    assert membre.post(adresse(saisine), COMPLET | {"pieces": faux}).status_code == 422
    assert not ProjetAvis.objects.filter(v__gt=0).exists()
    membre.post(adresse(saisine), COMPLET)
    avant = fichiers_gardes()
    reponse = membre.post(adresse(saisine), {"v": "0", "pieces": SimpleUploadedFile("acte.pdf", PDF)})
    assert reponse.status_code == 409
    assert "acte.pdf" in reponse.content.decode()
    assert not ProjetAvis.objects.get(saisine=saisine).pieces.exists()
    assert fichiers_gardes() == avant


def fichiers_gardes() -> set[str]:
    """Les pièces présentes sur le disque."""
    return {p.name for p in (Path(reglages.MEDIA_ROOT) / "pieces").glob("*")}


def test_le_brouillon_d_autrui_est_absent_agent_et_admin_compris(client: Client, saisine: Saisine) -> None:
    fabriques.projet_pret(saisine, texte=CANARI)
    autres = [
        fabriques.agent(),
        fabriques.signataire(),
        fabriques.utilisateur(Groupe.ADMIN, is_staff=True, is_superuser=True),
        fabriques.mandat().utilisateur,
        fabriques.mandat(saisine.instance, au=saisine.transmise_le + timedelta(days=1)).utilisateur,
    ]
    for nom in ("projet", "avis_deposer"):
        assert client.get(adresse(saisine, nom)).status_code == 302
    for personne in autres:
        client.force_login(personne)
        for nom in ("projet", "avis_deposer"):
            assert client.get(adresse(saisine, nom)).status_code == 404
            assert client.post(adresse(saisine, nom), COMPLET).status_code == 404
    assert ProjetAvis.objects.get(saisine=saisine).texte == CANARI


def test_apres_la_borne_la_page_rend_le_texte_en_409(membre: Client, saisine: Saisine, settings: Settings) -> None:
    membre.post(adresse(saisine), COMPLET)
    settings.MAINTENANT = saisine.borne
    for nom in ("projet", "avis_deposer"):
        reponse = membre.get(adresse(saisine, nom))
        page = reponse.content.decode()
        assert reponse.status_code == 409
        assert "trop tard" in page
        assert "31 ou 32 projets ?" in page
        assert 'name="projet_v"' not in page


def test_un_brouillon_tape_a_minuit_passe_est_garde_et_rendu(
    membre: Client, saisine: Saisine, settings: Settings
) -> None:
    settings.MAINTENANT = saisine.borne
    reponse = membre.post(adresse(saisine), COMPLET)
    assert reponse.status_code == 409
    assert "31 ou 32 projets ?" in reponse.content.decode()
    assert ProjetAvis.objects.get(saisine=saisine).observations.count() == 2
    perime = membre.post(adresse(saisine), COMPLET | {"texte": "Ma dernière phrase."})
    page = perime.content.decode()
    assert perime.status_code == 409
    assert "trop tard" in page
    assert "Ma dernière phrase." in page
    assert "Garder mon texte" not in page


def test_la_page_du_projet_n_ecrit_rien_et_ne_se_garde_pas_dans_le_navigateur(membre: Client, saisine: Saisine) -> None:
    reponse = membre.get(adresse(saisine))
    assert "no-store" in reponse["Cache-Control"]
    assert not ProjetAvis.objects.exists()


def test_autant_de_requetes_pour_deux_demandes_que_pour_vingt(membre: Client, saisine: Saisine) -> None:
    comptes = []
    for combien in (2, 20):
        fabriques.projet_avis(saisine).observations.all().delete()
        fabriques.projet_pret(saisine, observations=[f"Demande {n}" for n in range(combien)])
        for nom in ("projet", "avis_deposer"):
            with CaptureQueriesContext(connection) as requetes:
                assert membre.get(adresse(saisine, nom), {"etape": "observations"}).status_code == 200
            comptes.append(len(requetes))
    assert comptes[:2] == comptes[2:]


def test_une_commune_dit_son_vote_un_conseil_sa_reunion_s_il_veut(client: Client) -> None:
    commune = fabriques.saisine(instance_=fabriques.conseil_municipal())
    conseil = fabriques.saisine()
    for saisine, attendu in ((commune, "Le vote du conseil municipal"), (conseil, "Votre réunion")):
        client.force_login(fabriques.mandat(saisine.instance).utilisateur)
        page = client.get(adresse(saisine)).content.decode()
        assert attendu in page
        assert all(f'name="{nom}"' in page for nom in ("date_seance", "pour", "contre", "abstention"))

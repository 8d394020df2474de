"""La session expire pendant qu'on écrit : rien n'est perdu, et rien de secret n'est gardé."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from participation.comptes import reprise
from tests.comptes.outils import CODE, ENTRER, dernier_code, entrer
from tests.fabriques import utilisateur

pytestmark = pytest.mark.django_db
REPRISE = "/compte/reprise/"
COURRIEL = "membre@exemple.invalid"


@pytest.fixture
def parti(client: Client) -> Client:
    """Une personne a écrit son nom d'usage ; sa session s'est éteinte avant l'envoi."""
    entrer(client, COURRIEL)
    Session.objects.all().delete()
    return client


def test_du_texte_tape_a_l_enregistrement_de_bout_en_bout(parti: Client) -> None:
    envoi = parti.post("/compte/", {"nom_usage": "Habitante du Mont-Liébaut"})
    assert (envoi.status_code, envoi["Location"]) == (302, f"{ENTRER}?next=%2Fcompte%2Freprise%2F")
    assert "Votre texte est gardé" in parti.get(envoi["Location"]).content.decode()
    assert entrer(parti, COURRIEL, suite=REPRISE)["Location"] == REPRISE
    page = parti.get(REPRISE).content.decode()
    assert 'name="nom_usage" value="Habitante du Mont-Liébaut"' in page
    assert 'action="/compte/"' in page
    assert parti.post("/compte/", {"nom_usage": "Habitante du Mont-Liébaut"}).status_code == 303
    assert "Rien à reprendre" in parti.get(REPRISE).content.decode()


def test_la_page_ne_montre_que_ce_que_la_personne_a_ecrit(parti: Client) -> None:
    parti.post("/compte/", {"nom_usage": "Lue", "etape": "observations", "suite": "relire", "observations_total": "2"})
    entrer(parti, COURRIEL)
    page = parti.get(REPRISE).content.decode()
    visible = page.split("Ce que vous avez écrit")[1]
    assert "Lue" in visible
    for machinal in ("Etape", "Suite", "Observations total"):
        assert machinal not in visible
    assert 'name="suite" value="relire"' in page  # mais tout est renvoyé


def test_un_renvoi_refuse_garde_le_texte(parti: Client) -> None:
    parti.post("/compte/", {"nom_usage": "x" * 81})
    entrer(parti, COURRIEL)
    assert parti.post("/compte/", {"nom_usage": "x" * 81}).status_code == 422
    assert "x" * 81 in parti.get(REPRISE).content.decode()


def test_sans_adresse_demandee_l_entree_mene_au_texte_garde(parti: Client) -> None:
    parti.post("/compte/", {"nom_usage": "Bonjour"})
    assert entrer(parti, COURRIEL)["Location"] == REPRISE


def test_seul_ce_navigateur_voit_le_texte(parti: Client) -> None:
    parti.post("/compte/", {"nom_usage": "secret de ce navigateur"})
    autre = Client()
    entrer(autre, COURRIEL)
    assert "secret de ce navigateur" not in autre.get(REPRISE).content.decode()


def test_ni_code_ni_jeton_ni_mot_de_passe_ne_sont_gardes(client: Client) -> None:
    corps = {"texte": "gardé", "code": "1234-5678", "csrfmiddlewaretoken": "x", "password": "y", "credential": "z"}
    client.post("/compte/", corps)
    assert client.session[reprise.CLE]["champs"] == [["texte", "gardé"]]


def test_les_fichiers_sont_a_remettre_et_c_est_dit(client: Client) -> None:
    client.post("/compte/", {"texte": "avec une pièce", "piece": SimpleUploadedFile("deliberation.pdf", b"%PDF")})
    client.force_login(utilisateur())
    page = client.get(REPRISE).content.decode()
    assert "Les fichiers sont à remettre" in page
    assert "deliberation.pdf" in page


def test_le_texte_est_borne_et_la_coupe_est_dite(client: Client) -> None:
    client.post("/compte/", {"texte": "é" * reprise.TAILLE_MAX, "suite": "jamais gardée"})
    garde = client.session[reprise.CLE]
    assert sum(len(v.encode()) for _, v in garde["champs"]) <= reprise.TAILLE_MAX
    assert garde["is_coupee"]
    client.force_login(utilisateur())
    assert "la fin manque" in client.get(REPRISE).content.decode()


def test_le_texte_s_efface_au_bout_d_un_jour(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post("/compte/", {"texte": "vieux"})
    client.force_login(utilisateur())
    demain = time.time() + reprise.DUREE + 1
    monkeypatch.setattr("participation.comptes.reprise.time.time", lambda: demain)
    assert "vieux" not in client.get(REPRISE).content.decode()


def test_la_personne_peut_effacer_son_texte(client: Client) -> None:
    client.post("/compte/", {"texte": "à effacer"})
    client.force_login(utilisateur())
    assert client.post(REPRISE).status_code == 303
    assert reprise.CLE not in client.session


def test_le_texte_garde_est_echappe(client: Client) -> None:
    client.post("/compte/", {"<b>nom": "<script>alert(1)</script>"})
    client.force_login(utilisateur())
    page = client.get(REPRISE).content.decode()
    assert "<script>alert" not in page
    assert "<b>nom" not in page


def test_une_lecture_sans_session_n_ecrit_rien_et_garde_l_adresse(client: Client) -> None:
    reponse = client.get("/compte/sessions/?page=2")
    assert reponse.status_code == 302
    assert reponse["Location"] == f"{ENTRER}?next=%2Fcompte%2Fsessions%2F%3Fpage%3D2"
    assert "sessionid" not in reponse.cookies
    assert not Session.objects.exists()


def test_trop_d_envois_sans_session_repondent_429_texte_rendu(client: Client) -> None:
    codes = [client.post("/compte/", {"texte": "encore"}).status_code for _ in range(60)]
    assert set(codes) == {302}
    reponse = client.post("/compte/", {"texte": "mon dernier texte"})
    assert reponse.status_code == 429
    assert "mon dernier texte" in reponse.content.decode()


def test_la_protection_csrf_passe_avant_la_reprise() -> None:
    strict = Client(enforce_csrf_checks=True)
    reponse = strict.post("/compte/", {"texte": "d'ailleurs"})
    assert reponse.status_code == 403
    assert not Session.objects.exists()


def test_le_jeton_perime_apres_une_autre_entree_rend_le_texte() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(ENTRER)
    ancien = strict.cookies["csrftoken"].value
    strict.post(ENTRER, {"email": COURRIEL, "csrfmiddlewaretoken": ancien})
    strict.post(CODE, {"code": dernier_code(), "csrfmiddlewaretoken": ancien})
    reponse = strict.post("/compte/", {"nom_usage": "écrit avant", "csrfmiddlewaretoken": ancien})
    assert strict.cookies["csrftoken"].value != ancien
    assert reponse.status_code == 403
    assert "écrit avant" in reponse.content.decode()

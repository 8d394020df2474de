"""Règle 21 sur un poste partagé : la personne suivante ne lit pas ce que la précédente écrivait."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from participation.comptes import reprise
from tests.comptes.outils import entrer
from tests.fabriques import utilisateur

pytestmark = pytest.mark.django_db
REPRISE = "/compte/reprise/"
ELLE, LUI = "elle@exemple.invalid", "lui@exemple.invalid"
SECRET = "canari du brouillon"


@pytest.fixture
def poste() -> Client:
    """Elle écrivait ; sa session s'est éteinte ; son envoi est mis de côté dans ce navigateur."""
    poste = Client()
    entrer(poste, ELLE)
    Session.objects.all().delete()
    assert poste.post("/compte/", {"nom_usage": SECRET}).status_code == 302
    return poste


def test_son_texte_attend_la_meme_personne(poste: Client) -> None:
    assert entrer(poste, ELLE)["Location"] == REPRISE
    assert SECRET in poste.get(REPRISE).content.decode()


def test_un_autre_compte_ne_lit_pas_le_texte_et_le_texte_s_efface(poste: Client) -> None:
    reponse = entrer(poste, LUI)
    assert reponse["Location"] == "/"
    assert reponse["Clear-Site-Data"] == '"storage"'
    assert SECRET not in poste.get(REPRISE).content.decode()
    assert reprise.CLE not in poste.session
    assert SECRET not in str([s.get_decoded() for s in Session.objects.all()])
    poste.post("/compte/logout/")
    entrer(poste, ELLE)
    assert SECRET not in poste.get(REPRISE).content.decode()


def test_meme_si_l_entree_ne_passe_pas_par_la_porte_un_autre_compte_ne_lit_rien(poste: Client) -> None:
    poste.force_login(utilisateur())
    assert SECRET not in poste.get(REPRISE).content.decode()


def test_le_temoin_ne_se_lit_pas_et_ne_nomme_personne(poste: Client) -> None:
    temoin = poste.cookies[reprise.TEMOIN]
    assert temoin["httponly"]
    assert temoin["samesite"] == "Lax"
    assert len(temoin.value) == 64


def test_le_retour_de_la_meme_personne_garde_ses_brouillons_locaux(poste: Client) -> None:
    assert "Clear-Site-Data" not in entrer(poste, ELLE)


def test_sans_temoin_le_texte_n_attend_qu_un_quart_d_heure(monkeypatch: pytest.MonkeyPatch) -> None:
    poste = Client()
    poste.post("/compte/", {"nom_usage": SECRET})
    assert poste.session.get_expiry_age() <= reprise.DUREE_SANS_TEMOIN
    plus_tard = time.time() + reprise.DUREE_SANS_TEMOIN + 1
    monkeypatch.setattr("participation.comptes.reprise.time.time", lambda: plus_tard)
    entrer(poste, LUI)
    assert SECRET not in poste.get(REPRISE).content.decode()

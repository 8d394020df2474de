"""Mon compte : ce qu'une personne dit d'elle, son courriel, ses mandats."""

from datetime import datetime, timedelta
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from participation.common.dates import maintenant
from participation.common.errors import RefusMetier
from participation.comptes import actions
from participation.comptes.models import Utilisateur
from participation.comptes.saisies import SaisieCompte
from participation.notifications.models import Envoi
from tests.comptes.outils import dernier_code, entrer, faux_code
from tests.fabriques import mandat, quartier, utilisateur

pytestmark = pytest.mark.django_db
CHANGER, PROUVER = "/compte/email/", "/compte/confirm-email/"


@pytest.fixture
def moi(client: Client) -> Utilisateur:
    """Une personne connectée."""
    compte = utilisateur(email="moi@exemple.invalid")
    client.force_login(compte)
    return compte


def test_dire_son_nom_d_usage_et_son_quartier(client: Client, moi: Utilisateur) -> None:
    lieu = quartier()
    reponse = client.post("/compte/", {"nom_usage": " Habitante ", "quartier": str(lieu.pk)})
    moi.refresh_from_db()
    assert (reponse.status_code, moi.nom_usage, moi.quartier) == (303, "Habitante", lieu)
    client.post("/compte/", {"nom_usage": "", "quartier": ""})
    moi.refresh_from_db()
    assert (moi.nom_usage, moi.quartier) == ("", None)


def test_un_quartier_hors_liste_est_refuse(client: Client, moi: Utilisateur) -> None:
    assert client.post("/compte/", {"quartier": "999999"}).status_code == 422
    assert client.post("/compte/", {"quartier": "<script>"}).status_code == 422


def test_personne_ne_modifie_le_compte_d_autrui(moi: Utilisateur, now: datetime) -> None:
    with pytest.raises(RefusMetier):
        actions.modifier_compte(compte=moi, saisie=SaisieCompte("Autre"), par=utilisateur(), now=now)
    with pytest.raises(RefusMetier):
        actions.changer_courriel(compte=moi, courriel="x@exemple.invalid", par=utilisateur(), now=now)


def test_mes_mandats_en_cours_et_eux_seuls(client: Client, moi: Utilisateur) -> None:
    hier = maintenant() - timedelta(days=1)
    en_cours = mandat(par=moi).instance
    fini = mandat(par=moi, au=hier).instance
    page = unescape(client.get("/compte/").content.decode())
    assert en_cours.nom in page
    assert fini.nom not in page


def test_changer_de_courriel_par_un_code_recu_a_la_nouvelle_adresse(client: Client, moi: Utilisateur) -> None:
    assert client.post(CHANGER, {"email": "Neuve@exemple.invalid"})["Location"] == PROUVER
    assert mail.outbox[-1].to == ["neuve@exemple.invalid"]
    moi.refresh_from_db()
    assert moi.email == "moi@exemple.invalid"
    assert client.post(PROUVER, {"code": dernier_code()}).status_code == 303
    moi.refresh_from_db()
    assert moi.email == "neuve@exemple.invalid"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(moi.email, True, True)]
    (avis,) = Envoi.objects.all()
    assert avis.adresse == "moi@exemple.invalid"
    assert entrer(Client(), "neuve@exemple.invalid")["Location"] == "/"
    assert Utilisateur.objects.count() == 1


def test_un_compte_sans_courriel_peut_en_avoir_un(client: Client) -> None:
    sans = utilisateur(email=None)
    client.force_login(sans)
    assert client.get("/compte/").status_code == 200
    client.post(CHANGER, {"email": "premier@exemple.invalid"})
    client.post(PROUVER, {"code": dernier_code()})
    sans.refresh_from_db()
    assert sans.email == "premier@exemple.invalid"
    assert not Envoi.objects.exists()


def test_le_courriel_d_un_autre_ne_se_prend_pas_et_rien_ne_le_dit_avant_le_code(
    client: Client, moi: Utilisateur
) -> None:
    utilisateur(email="autre@exemple.invalid")
    assert client.post(CHANGER, {"email": "Autre@exemple.invalid"}).status_code == 303
    reponse = client.post(PROUVER, {"code": dernier_code()})
    assert reponse.status_code == 422
    moi.refresh_from_db()
    assert moi.email == "moi@exemple.invalid"


def test_trois_essais_aussi_pour_une_nouvelle_adresse(client: Client, moi: Utilisateur) -> None:
    client.post(CHANGER, {"email": "neuve@exemple.invalid"})
    faux = faux_code(dernier_code())
    assert [client.post(PROUVER, {"code": faux}).status_code for _ in range(3)] == [422, 422, 429]
    assert client.post(PROUVER, {"code": dernier_code()}).status_code == 429


def test_le_code_d_une_adresse_ne_sert_pas_a_un_autre_compte(client: Client, moi: Utilisateur) -> None:
    client.post(CHANGER, {"email": "neuve@exemple.invalid"})
    session = client.session
    session["courriel_par_code"] |= {"compte": str(utilisateur().pk)}
    session.save()
    reponse = client.post(PROUVER, {"code": dernier_code()})
    assert (reponse.status_code, reponse["Location"]) == (303, CHANGER)


def test_deux_comptes_sans_courriel_vivent_ensemble(now: datetime) -> None:
    actions.creer_compte(courriel=None, par=None, now=now)
    actions.creer_compte(courriel=None, par=None, now=now)
    actions.creer_compte(courriel="A@exemple.invalid", par=None, now=now)
    with pytest.raises(RefusMetier, match="déjà un compte"):
        actions.creer_compte(courriel="a@Exemple.invalid", par=None, now=now)

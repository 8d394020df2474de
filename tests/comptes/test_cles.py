"""Les clés d'accès : ajouter, entrer, retirer ; une réponse forgée est un refus, jamais une panne."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from participation.comptes.models import Utilisateur
from participation.comptes.rules import empreinte_courte
from participation.notifications.models import Envoi
from tests.comptes.outils import Appareil, entrer, options
from tests.fabriques import utilisateur

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
CLES, AJOUTER, ENTRER = "/compte/2fa/webauthn/", "/compte/2fa/webauthn/add/", "/compte/2fa/webauthn/login/"


def equiper(compte: Utilisateur) -> Appareil:
    """Un appareil qui garde une clé de ce compte."""
    client, appareil = Client(), Appareil()
    client.force_login(compte)
    reponse = client.post(AJOUTER, {"nom": "Mon téléphone", "credential": appareil.creer(options(client))})
    assert reponse.status_code == 303, reponse.content.decode()
    return appareil


def test_ajouter_une_cle_puis_entrer_avec(client: Client) -> None:
    compte = utilisateur()
    appareil = equiper(compte)
    reponse = client.post(ENTRER, {"credential": appareil.signer(options(client)), "next": "/compte/"})
    assert (reponse.status_code, reponse["Location"]) == (303, "/compte/")
    assert client.session["_auth_user_id"] == str(compte.pk)
    assert "Mon téléphone" in client.get(CLES).content.decode()


def test_la_personne_est_prevenue_d_une_cle_ajoutee_puis_retiree(client: Client) -> None:
    compte = utilisateur()
    equiper(compte)
    client.force_login(compte)
    cle = Authenticator.objects.get()
    assert client.post(CLES, {"cle": empreinte_courte(str(cle.pk))}).status_code == 303
    assert not Authenticator.objects.exists()
    assert set(Envoi.objects.values_list("evenement", "adresse")) == {
        ("cle_ajoutee", compte.email),
        ("cle_retiree", compte.email),
    }


def test_une_cle_n_est_pas_un_second_facteur_le_code_suffit_toujours(client: Client) -> None:
    compte = utilisateur()
    equiper(compte)
    assert entrer(client, str(compte.email)).status_code == 303
    assert client.session["_auth_user_id"] == str(compte.pk)


def test_la_signature_d_un_autre_defi_ne_fait_pas_entrer(client: Client) -> None:
    appareil = equiper(utilisateur())
    ancienne = appareil.signer(options(client))
    options(client)
    assert client.post(ENTRER, {"credential": ancienne}).status_code == 422


def test_une_reponse_ne_sert_qu_une_fois(client: Client) -> None:
    appareil = equiper(utilisateur())
    reponse = appareil.signer(options(client))
    assert client.post(ENTRER, {"credential": reponse}).status_code == 303
    client.post("/compte/logout/")
    assert client.post(ENTRER, {"credential": reponse}).status_code == 422


def test_la_cle_d_un_autre_appareil_ne_fait_pas_entrer(client: Client) -> None:
    appareil = equiper(utilisateur())
    voleur = Appareil(identifiant=appareil.identifiant, personne=appareil.personne)
    assert client.post(ENTRER, {"credential": voleur.signer(options(client))}).status_code == 422


@pytest.mark.parametrize(
    "forge",
    [
        "",
        "pas du json",
        "[]",
        "3",
        "null",
        "{}",
        '{"response": 4}',
        '{"id": "é", "response": {"userHandle": "!!"}}',
    ],
)
def test_une_reponse_forgee_est_un_refus(client: Client, forge: str) -> None:
    options(client)
    assert client.post(ENTRER, {"credential": forge}).status_code == 422
    client.force_login(utilisateur())
    options(client)
    assert client.post(AJOUTER, {"credential": forge}).status_code == 422


def test_un_compte_ferme_n_entre_pas_avec_sa_cle(client: Client) -> None:
    compte = utilisateur()
    appareil = equiper(compte)
    Utilisateur.objects.update(is_active=False)
    assert client.post(ENTRER, {"credential": appareil.signer(options(client))}).status_code == 403
    assert "_auth_user_id" not in client.session


def test_sans_courriel_la_derniere_cle_ne_se_retire_pas(client: Client) -> None:
    compte = utilisateur(email=None)
    equiper(compte)
    client.force_login(compte)
    reponse = client.post(CLES, {"cle": empreinte_courte(str(Authenticator.objects.get().pk))})
    assert reponse.status_code == 422
    assert Authenticator.objects.exists()


def test_la_cle_d_autrui_ne_se_retire_pas(client: Client) -> None:
    equiper(utilisateur())
    client.force_login(utilisateur())
    assert client.post(CLES, {"cle": empreinte_courte(str(Authenticator.objects.get().pk))}).status_code == 404
    assert Authenticator.objects.exists()


def test_le_defi_nait_d_un_envoi_jamais_d_une_lecture(client: Client) -> None:
    assert client.get("/compte/2fa/webauthn/options/").status_code == 405
    client.force_login(utilisateur())
    avant = dict(client.session)
    for adresse in (CLES, AJOUTER):
        assert client.get(adresse).status_code == 200
    assert dict(client.session) == avant

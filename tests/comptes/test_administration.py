"""/admin/ : le groupe « admin » seul, sans mot de passe, et aucun acte légal."""

from datetime import datetime, timedelta

import pytest
from django.contrib import admin
from django.test import Client

from participation.common.dates import maintenant
from participation.comptes.models import Groupe, Mandat, Utilisateur
from tests.fabriques import instance, mandat, utilisateur

pytestmark = pytest.mark.django_db
INTERNES = {"account", "mfa", "usersessions", "auth", "taggit"}


@pytest.fixture
def administratrice(client: Client) -> Utilisateur:
    """Une personne du groupe admin, connectée."""
    compte = utilisateur(Groupe.ADMIN)
    client.force_login(compte)
    return compte


def test_un_anonyme_va_a_la_connexion_de_la_maison(client: Client) -> None:
    assert client.get("/admin/")["Location"].startswith("/compte/login/")
    assert client.get("/admin/login/")["Location"].startswith("/compte/login/")


@pytest.mark.parametrize("groupes", [(), (Groupe.AGENT,), (Groupe.SIGNATAIRE,)])
def test_la_page_n_existe_pas_pour_les_autres(client: Client, groupes: tuple[Groupe, ...]) -> None:
    client.force_login(utilisateur(*groupes, is_staff=True))
    for adresse in ("/admin/", "/admin/login/", "/admin/comptes/mandat/", "/admin/password_change/"):
        assert client.get(adresse).status_code == 404


def test_l_administration_voit_les_comptes_et_le_territoire(client: Client, administratrice: Utilisateur) -> None:
    mandat()
    for page in ("", "comptes/utilisateur/", "comptes/mandat/", "comptes/referent/", "territoires/epci/"):
        assert client.get(f"/admin/{page}").status_code == 200
    assert client.get("/admin/comptes/mandat/add/").status_code == 200
    assert client.get(f"/admin/comptes/utilisateur/{administratrice.pk}/change/").status_code == 200


def test_ni_mot_de_passe_ni_table_interne(client: Client, administratrice: Utilisateur) -> None:
    assert client.get("/admin/password_change/").status_code == 404
    assert not {m._meta.app_label for m in admin.site._registry} & INTERNES


def test_nommer_puis_finir_un_mandat_depuis_l_administration(client: Client, administratrice: Utilisateur) -> None:
    conseil, personne = instance(), utilisateur()
    corps = {
        "utilisateur": str(personne.pk), "instance": str(conseil.pk), "role": "MEMBRE", "college": "",
        "du": "2025-01-01T00:00", "au": "",
    }  # fmt: skip
    assert client.post("/admin/comptes/mandat/add/", corps).status_code == 302
    donne = Mandat.objects.get()
    assert client.post("/admin/comptes/mandat/add/", corps).status_code == 200  # la page de Django, et sa phrase
    assert Mandat.objects.count() == 1
    client.post("/admin/comptes/mandat/", {"action": "finir", "_selected_action": [str(donne.pk)]})
    donne.refresh_from_db()
    assert donne.au is not None
    assert maintenant() - donne.au < timedelta(minutes=1)


def test_un_mandat_ne_se_recrit_pas_et_ne_s_efface_pas(client: Client, administratrice: Utilisateur) -> None:
    donne = mandat()
    assert client.post(f"/admin/comptes/mandat/{donne.pk}/change/", {"role": "MEMBRE"}).status_code == 403
    assert client.post(f"/admin/comptes/mandat/{donne.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/comptes/utilisateur/{donne.utilisateur.pk}/delete/").status_code == 403


def test_ouvrir_un_compte_sans_courriel_depuis_l_administration(client: Client, administratrice: Utilisateur) -> None:
    corps = {"nom_usage": "Doyenne du quartier", "email": "", "quartier": "", "is_active": "on", "groups": []}
    assert client.post("/admin/comptes/utilisateur/add/", corps).status_code == 302
    compte = Utilisateur.objects.get(nom_usage="Doyenne du quartier")
    assert compte.email is None
    assert not compte.has_usable_password()


def test_aucun_acte_legal_ne_s_ecrit_dans_l_administration(administratrice: Utilisateur, now: datetime) -> None:
    for modele in admin.site._registry:
        app = modele._meta.app_label
        if app not in {"comptes", "territoires"}:
            assert not administratrice.has_perm(f"{app}.change_{modele._meta.model_name}")

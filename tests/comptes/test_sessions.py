"""Mes appareils : les voir, les garder 90 jours si on le choisit, les fermer."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from participation.comptes.actions.appareils import SANS_ADRESSE
from participation.comptes.rules import empreinte_courte, nom_d_appareil
from tests.comptes.outils import entrer

pytestmark = pytest.mark.django_db
COURRIEL, SESSIONS = "moi@exemple.invalid", "/compte/sessions/"


def jours_avant_fin(client: Client) -> float:
    """La durée qui reste à la session, en jours, dans la base."""
    fin = Session.objects.get(pk=client.cookies["sessionid"].value).expire_date
    return (fin - datetime.now(UTC)) / timedelta(days=1)


def test_sans_choix_la_session_dure_le_navigateur_et_un_jour_au_plus(client: Client) -> None:
    entrer(client, COURRIEL)
    assert client.cookies["sessionid"]["max-age"] == ""
    assert jours_avant_fin(client) <= 1


def test_garder_cet_appareil_est_un_choix_de_90_jours(client: Client) -> None:
    entrer(client, COURRIEL, garder=True)
    assert client.cookies["sessionid"]["max-age"] == 90 * 86400
    assert 89 < jours_avant_fin(client) <= 90
    assert "Gardé 90 jours" in client.get(SESSIONS).content.decode()


def test_aucune_adresse_ip_n_est_gardee(client: Client) -> None:
    entrer(client, COURRIEL)
    assert set(UserSession.objects.values_list("ip", flat=True)) == {SANS_ADRESSE}


def test_fermer_un_autre_appareil_le_fait_sortir(client: Client) -> None:
    autre = Client()
    entrer(autre, COURRIEL, garder=True)
    entrer(client, COURRIEL)
    empreinte = empreinte_courte(autre.cookies["sessionid"].value)
    assert client.post(SESSIONS, {"appareil": empreinte}).status_code == 303
    assert autre.get("/compte/").status_code == 302
    assert client.get("/compte/").status_code == 200


def test_fermer_tous_les_autres_garde_celui_ci(client: Client) -> None:
    autres = [Client(), Client()]
    for autre in autres:
        entrer(autre, COURRIEL)
    entrer(client, COURRIEL)
    client.post(SESSIONS, {"action": "les_autres"})
    assert [c.get("/compte/").status_code for c in (*autres, client)] == [302, 302, 200]


def test_fermer_cet_appareil_fait_sortir(client: Client) -> None:
    entrer(client, COURRIEL)
    reponse = client.post(SESSIONS, {"appareil": empreinte_courte(client.cookies["sessionid"].value)})
    assert (reponse.status_code, reponse["Location"]) == (303, "/")
    assert client.get("/compte/").status_code == 302


def test_l_appareil_d_un_autre_ne_se_ferme_pas_et_ne_se_voit_pas(client: Client) -> None:
    autre = Client()
    entrer(autre, "autre@exemple.invalid")
    entrer(client, COURRIEL)
    cle = autre.cookies["sessionid"].value
    assert client.post(SESSIONS, {"appareil": empreinte_courte(cle)}).status_code == 404
    assert autre.get("/compte/").status_code == 200
    page = client.get(SESSIONS).content.decode()
    assert cle not in page
    assert client.cookies["sessionid"].value not in page  # la clé de session ne sort jamais du témoin


def test_la_page_ne_montre_pas_les_sessions_eteintes_et_n_efface_rien(client: Client) -> None:
    vieux = Client()
    entrer(vieux, COURRIEL)
    entrer(client, COURRIEL)
    Session.objects.filter(pk=vieux.cookies["sessionid"].value).update(
        expire_date=datetime.now(UTC) - timedelta(days=1)
    )
    assert client.get(SESSIONS).content.decode().count('name="appareil"') == 1
    assert UserSession.objects.count() == 2


def test_un_compte_desactive_est_dehors_a_la_requete_suivante(client: Client) -> None:
    entrer(client, COURRIEL)
    compte = UserSession.objects.get().user
    compte.is_active = False
    compte.save()
    assert client.get("/compte/").status_code == 302


@pytest.mark.parametrize(
    ("signature", "nom"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sur Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 Safari/604.1",
            "Safari sur iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) Chrome/138.0.0.0 Mobile Safari/537.36",
            "Chrome sur Android",
        ),
        ("", "Appareil inconnu"),
    ],
)
def test_un_appareil_a_un_nom_lisible(signature: str, nom: str) -> None:
    assert nom_d_appareil(signature) == nom

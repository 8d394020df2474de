"""Aucune redirection ne mène ailleurs, et aucune adresse tapée ne casse un en-tête."""

import pytest
from django.test import Client, RequestFactory

from participation.common.reponses import retour_sur, voir_adresse
from tests.fabriques import utilisateur

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
AILLEURS = (
    "/\\ailleurs.fr",
    "//ailleurs.fr",
    "///ailleurs.fr",
    "/\t/ailleurs.fr",
    "/?u=a://b/\\ailleurs.fr",
    "/?u=a://b//ailleurs.fr",
    "/page\r\nX-Pose: 1",
    "/page\x00",
    "/page\u202e",
    "https://ailleurs.fr/",
    "javascript:alert(1)",
    "http://testserver\\@ailleurs.fr/",
)


@pytest.mark.parametrize("adresse", AILLEURS)
@pytest.mark.parametrize("devant", ["", "http://testserver"])
def test_le_retour_reste_sur_le_site(client: Client, devant: str, adresse: str) -> None:
    reponse = client.post("/affichage/", {"theme": "clair", "taille": "normal", "retour": devant + adresse})
    assert reponse.get("Location", "/affichage/") in {"/affichage/", "/?u=a://b//ailleurs.fr"}
    assert reponse.status_code == (422 if "\x00" in adresse else 303)
    assert "X-Pose" not in reponse


@pytest.mark.parametrize("adresse", [a for a in AILLEURS if "?u=a://b//" not in a])
def test_la_suite_d_une_entree_reste_sur_le_site(client: Client, adresse: str) -> None:
    client.force_login(utilisateur())
    lecture = client.get("/compte/login/", {"next": adresse})
    assert (lecture.status_code, lecture["Location"]) == (302, "/")
    assert client.post("/compte/login/", {"next": adresse})["Location"] == "/"


def test_un_chemin_accentue_est_code() -> None:
    assert voir_adresse("/quartiers/é/?a=b c#fin")["Location"] == "/quartiers/%C3%A9/?a=b%20c#fin"


def test_la_page_d_avant_garde_sa_requete() -> None:
    requete = RequestFactory().get("/")
    assert retour_sur(requete, "http://testserver/registre/?page=2#x") == "/registre/?page=2"

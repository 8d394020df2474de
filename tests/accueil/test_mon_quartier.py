"""Le quartier : un témoin, jamais une ligne en base ; une page publique par quartier."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from participation.comptes.models import Referent
from participation.territoires.models import Quartier
from tests import fabriques
from tests.accueil.pages import PENDANT, consulter, texte

pytestmark = pytest.mark.django_db


def test_choisir_un_quartier_pose_un_temoin_et_ne_touche_pas_la_base(client: Client, quartier: Quartier) -> None:
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.post("/mon-quartier/", {"quartier": quartier.slug, "vers": "accueil"})
    assert (reponse.status_code, reponse["Location"]) == (303, "/")
    temoin = reponse.cookies["quartier"]
    assert (temoin.value, temoin["httponly"], temoin["samesite"]) == ("les-tilleuls", True, "Lax")
    assert not [r for r in requetes if not r["sql"].lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert "Les Tilleuls, en ce moment" in texte(client.get("/"))
    assert "Quartier prioritaire de la politique de la ville (QPV)." in texte(client.get("/mon-quartier/"))


@pytest.mark.parametrize("dit", ["", "inconnu", "<script>", "a" * 5000])
def test_un_quartier_hors_de_la_liste_est_refuse(client: Client, quartier: Quartier, dit: str) -> None:
    reponse = client.post("/mon-quartier/", {"quartier": dit})
    assert reponse.status_code == 422
    assert "quartier" not in reponse.cookies


@pytest.mark.parametrize("temoin", ["inconnu", "a" * 3000, "<b>"])
def test_un_temoin_falsifie_ne_casse_rien(client: Client, quartier: Quartier, temoin: str) -> None:
    client.cookies["quartier"] = temoin
    assert client.get("/").status_code == 200
    assert client.get("/mon-quartier/").status_code == 200


def test_la_destination_ne_peut_pas_sortir_du_site(client: Client, quartier: Quartier) -> None:
    reponse = client.post("/mon-quartier/", {"quartier": quartier.slug, "vers": "https://ailleurs.example/"})
    assert reponse.status_code == 422


def test_la_page_d_un_quartier_dit_ses_instances_et_ce_qu_on_leur_demande(client: Client, quartier: Quartier) -> None:
    consulter(quartier, 1)
    maire = fabriques.conseil_municipal(nom="Ville-Haute (conseil)", commune=quartier.communes.get(), quartiers=[])
    with travel(PENDANT, tick=False):
        page = texte(client.get("/quartiers/les-tilleuls/"))
    assert maire.nom in page
    assert "Le rapport 2024" in page
    assert "Peut répondre jusqu’au 30 octobre" in page


def test_une_personne_referente_incomplete_n_est_pas_montree(client: Client, quartier: Quartier) -> None:
    referent = Referent.objects.create(quartier=quartier, prenom="Personne d'essai", service="Service d'essai")
    assert "Qui joindre" not in texte(client.get("/quartiers/les-tilleuls/"))
    Referent.objects.filter(pk=referent.pk).update(telephone="03 00 00 00 00")
    page = texte(client.get("/quartiers/les-tilleuls/"))
    assert "Qui joindre" in page
    assert "03 00 00 00 00" in page


def test_un_quartier_inconnu_est_introuvable(client: Client) -> None:
    assert client.get("/quartiers/nulle-part/").status_code == 404

"""Thème et taille du texte, temps qui reste, états : ce que l'écran montre."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from consultations.etats import DATA_ETAT, Etat
from participation.common.affichage import ETATS, compter, etat_montre
from participation.common.dates import PARIS
from tests import fabriques

BORNE = datetime(2025, 10, 31, tzinfo=PARIS)
FIN = "jusqu’au jeudi 30 octobre 2025 à minuit"


def paris(*instant: int) -> datetime:
    return datetime(*instant, tzinfo=PARIS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "phrase"),
    [
        (paris(2025, 10, 18, 14, 31), f"Il reste 12 jours, {FIN}"),
        (paris(2025, 10, 18, 0, 0), f"Il reste 12 jours, {FIN}"),
        (paris(2025, 10, 17, 23, 59), f"Il reste 13 jours, {FIN}"),
        (paris(2025, 10, 28, 23, 59), f"Il reste 2 jours, {FIN}"),
        (paris(2025, 10, 29, 0, 0), f"Il reste 48 heures, {FIN}"),
        (paris(2025, 10, 30, 19, 0), f"Il reste 5 heures, {FIN}"),
        (paris(2025, 10, 30, 22, 59, 59), f"Il reste 1 heure, {FIN}"),
        (paris(2025, 10, 30, 23, 0), f"Il reste 1 heure, {FIN}"),
        (paris(2025, 10, 30, 23, 0, 1), f"Il reste 59 minutes, {FIN}"),
        (paris(2025, 10, 30, 23, 59), f"Il reste 1 minute, {FIN}"),
        (paris(2025, 10, 30, 23, 59, 1), f"Il reste moins d’une minute, {FIN}"),
        (BORNE, "C’est terminé depuis le jeudi 30 octobre 2025 à minuit"),
    ],
)
def test_le_temps_qui_reste_se_dit_en_une_phrase(now: datetime, phrase: str) -> None:
    assert str(compter(BORNE, now)) == phrase
    assert str(compter(BORNE.astimezone(UTC), now.astimezone(UTC))) == phrase


@pytest.mark.parametrize("borne", [paris(2025, 10, 27), paris(2026, 3, 30)], ids=["automne", "printemps"])
def test_le_changement_d_heure_ne_fait_perdre_aucun_jour(borne: datetime) -> None:
    veille = (borne - timedelta(days=5)).replace(hour=12)
    assert compter(borne, veille.replace(day=veille.day)).nombre == 4


def test_les_dix_etats_sont_ceux_du_metier_mot_pour_mot() -> None:
    assert {code: (e.code, e.libelle) for code, e in ETATS.items()} == {
        etat.value: (DATA_ETAT[etat], etat.label) for etat in Etat
    }


@pytest.mark.parametrize("valeur", [Etat.REPUTE_FAVORABLE, "REPUTE_FAVORABLE", "repute"])
def test_un_etat_se_montre_depuis_son_code_ou_son_attribut(valeur: object) -> None:
    assert etat_montre(valeur).libelle == "Réputé favorable"


def test_un_etat_inconnu_se_refuse() -> None:
    with pytest.raises(KeyError):
        etat_montre("OUVERTE")


@pytest.mark.django_db
class TestReglages:
    def regler(self, client: Client, retour: str = "", **champs: str) -> str:
        reponse = client.post("/affichage/", {"theme": "sombre", "taille": "grand", "retour": retour} | champs)
        assert reponse.status_code == 303
        return str(reponse["Location"])

    def test_le_reglage_se_garde_et_se_rend_par_le_serveur(self, client: Client) -> None:
        assert self.regler(client) == "/affichage/"
        page = client.get("/affichage/").content.decode()
        assert '<html lang="fr" data-theme="sombre" data-taille="grand">' in page
        assert client.cookies["theme"]["httponly"]
        assert client.cookies["theme"]["samesite"] == "Lax"

    def test_un_temoin_fabrique_ne_change_rien(self, client: Client) -> None:
        client.cookies["theme"] = '"><script>'
        assert '<html lang="fr">' in client.get("/affichage/").content.decode()

    def test_on_revient_a_la_page_d_avant(self, client: Client) -> None:
        assert self.regler(client, "/glossaire/?lettre=a") == "/glossaire/?lettre=a"
        page = client.get("/affichage/", headers={"Referer": "http://testserver/glossaire/?lettre=a"}).content.decode()
        assert 'name="retour" value="/glossaire/?lettre=a"' in page

    @pytest.mark.parametrize(
        "ailleurs",
        [
            "https://exemple.invalid/",
            "//exemple.invalid",
            "http:///exemple.invalid",
            "/\\exemple.invalid",
            "javascript:a",
        ],
    )
    def test_on_ne_part_jamais_ailleurs(self, client: Client, ailleurs: str) -> None:
        assert self.regler(client, ailleurs) == "/affichage/"

    def test_un_theme_inconnu_se_refuse(self, client: Client) -> None:
        assert client.post("/affichage/", {"theme": "fluo", "taille": "grand"}).status_code == 422


@pytest.mark.django_db
class TestNavigation:
    def test_chaque_entree_mene_a_une_page(self, client: Client) -> None:
        page = client.get("/affichage/").content.decode()
        for lien in set(re.findall(r'href="(/[a-z/-]*/)"', page)):
            assert client.get(lien).status_code == 200, lien

    def test_la_page_en_cours_est_dite_aux_lecteurs_d_ecran(self, client: Client) -> None:
        page = client.get("/comprendre/").content.decode()
        assert '<a href="/comprendre/" aria-current="page">Comprendre</a>' in page

    def test_le_bureau_ne_se_montre_qu_a_qui_y_travaille(self, client: Client) -> None:
        assert "/gestion/" not in client.get("/affichage/").content.decode()
        client.force_login(fabriques.agent())
        assert "/gestion/" in client.get("/affichage/").content.decode()
        client.force_login(fabriques.utilisateur())
        assert "/gestion/" not in client.get("/affichage/").content.decode()

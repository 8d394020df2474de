"""S9 : deux vrais serveurs sur la même base ; vingt codes répartis entre eux, trois regardés au plus."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from threading import Barrier
from urllib.parse import urlencode

import pytest

from tests.comptes.outils import CODE, ENTRER, faux_code
from tests.outillage.processus import Dossier, Serveur

pytestmark = pytest.mark.processus
ENSEMBLE = 20
OUVRIR_UN_COMPTE = """
from participation.comptes.models import Utilisateur
Utilisateur.objects.create(nom_usage="Personne essayée", email="personne@exemple.invalid")
"""


def poster(serveur: Serveur, adresse: str, champs: dict[str, str], temoins: dict[str, str]) -> tuple[int, str]:
    """(statut, adresse de la suite) ; les témoins reçus rejoignent `temoins`."""
    entetes = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in temoins.items()),
    }
    corps = urlencode(champs | {"csrfmiddlewaretoken": temoins.get("csrftoken", "")})
    statut, recus, _ = serveur.demander("POST", adresse, corps, entetes)
    temoins |= {nom: t.value for nom, t in SimpleCookie(recus.get("set-cookie", "")).items()}
    return statut, recus.get("location", "")


def demander_un_code(serveur: Serveur) -> dict[str, str]:
    """Les témoins d'un navigateur qui attend son code."""
    temoins = {"csrftoken": "a" * 32}
    assert poster(serveur, ENTRER, {"email": "personne@exemple.invalid"}, temoins)[0] == 303
    return temoins


def dernier_code(dossier: Dossier) -> str:
    """Le code du dernier courriel écrit par l'un des serveurs."""
    dernier = max((dossier.var / "courriels").iterdir(), key=lambda chemin: chemin.stat().st_mtime_ns)
    return re.findall(r"\b(\d{4}-\d{4})\b", dernier.read_text())[-1]


def ensemble(serveurs: list[Serveur], code: str, temoins: dict[str, str]) -> list[tuple[int, str]]:
    """Vingt envois du même code au même signal, un sur deux à chaque serveur."""
    depart = Barrier(ENSEMBLE)

    def un(rang: int) -> tuple[int, str]:
        depart.wait()
        return poster(serveurs[rang % 2], CODE, {"code": code}, dict(temoins))

    with ThreadPoolExecutor(ENSEMBLE) as fils:
        return list(fils.map(un, range(ENSEMBLE)))


def test_vingt_codes_repartis_entre_deux_serveurs_trois_sont_regardes(
    dossier_reel: Dossier, serveur: Callable[..., Serveur]
) -> None:
    dossier_reel.python(OUVRIR_UN_COMPTE)
    deux = [serveur(dossier_reel), serveur(dossier_reel)]
    temoins = demander_un_code(deux[0])
    code = dernier_code(dossier_reel)
    faux = ensemble(deux, faux_code(code), temoins)
    assert sorted(statut for statut, _ in faux) == [422] * 2 + [429] * (ENSEMBLE - 2)
    assert [poster(un, CODE, {"code": code}, dict(temoins))[0] for un in deux] == [429, 429]

    temoins = demander_un_code(deux[1])
    entrees = ensemble(deux, dernier_code(dossier_reel), temoins)
    assert sum(suite == "/" for _, suite in entrees) == 1, entrees

"""La reprise : ce qu'une personne avait tapé quand sa session a expiré, gardé dans la session anonyme de ce navigateur.

Sur un poste partagé, la personne qui entre ensuite n'est pas toujours celle qui écrivait (règle 21). Un témoin posé à
l'ouverture de session dit quel compte la tenait : le texte n'est rendu qu'à ce compte, et s'efface devant un autre.

Rien n'est écrit pendant un GET. Gardé : le texte des champs, borné ; jamais un code, un jeton ni un fichier.
L'heure est l'heure réelle : les sessions ne suivent jamais l'heure du site.
"""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from participation.common.reponses import CHAMPS_CACHES, is_du_site
from participation.comptes.models import Utilisateur

CLE = "reprise"
TEMOIN = "tenue"
UN_AN = 365 * 24 * 3600
TAILLE_MAX = 64 * 1024
CHAMPS_MAX = 400
DUREE = 24 * 3600
DUREE_SANS_TEMOIN = 15 * 60
"""Secondes. Personne n'est jamais entré par ce navigateur : le texte n'attend qu'un moment."""
SECRETS = ("csrfmiddlewaretoken", "code", "password", "mot_de_passe", "credential", "token", "jeton")


@dataclass(frozen=True)
class Reprise:
    """Un envoi arrêté par la fin de la session : son adresse, ses champs, les noms des fichiers à remettre."""

    adresse: str
    champs: list[tuple[str, str]]
    fichiers: list[str] = field(default_factory=list)
    is_coupee: bool = False
    le: float = 0.0
    tenue: str = ""

    @property
    def textes(self) -> list[tuple[str, str]]:
        """(nom du champ, texte) de ce que la personne a tapé, sans les champs techniques."""
        return [(nom, valeur) for nom, valeur in self.champs if nom not in CHAMPS_CACHES and valeur.strip()]


def _champs(request: HttpRequest) -> tuple[list[tuple[str, str]], bool]:
    gardes: list[tuple[str, str]] = []
    reste = TAILLE_MAX
    for nom, valeurs in request.POST.lists():
        if any(secret in nom.lower() for secret in SECRETS):
            continue
        for valeur in valeurs:
            octets = valeur.encode("utf-8", "replace")
            if reste <= 0 or len(gardes) >= CHAMPS_MAX:
                return gardes, True
            gardes.append((nom[:200], octets[:reste].decode("utf-8", "ignore")))
            reste -= len(nom) + len(octets)
    return gardes, reste < 0


def marque_de(compte: Utilisateur) -> str:
    """La valeur du témoin pour ce compte : signée du secret du site, elle ne dit pas qui c'est et ne se forge pas."""
    return salted_hmac("comptes.tenue", str(compte.pk), algorithm="sha256").hexdigest()


def poser_temoin(reponse: HttpResponse, compte: Utilisateur) -> None:
    """Le navigateur retient quel compte tient sa session ; le témoin survit à la session."""
    reponse.set_cookie(
        TEMOIN, marque_de(compte), max_age=UN_AN, httponly=True, samesite="Lax", secure=settings.EN_HTTPS
    )


def garder(request: HttpRequest) -> None:
    """Met de côté le texte de ce POST. Un envoi plus récent remplace l'ancien."""
    champs, coupee = _champs(request)
    fichiers = [(f.name or "")[:120] for _, fs in request.FILES.lists() for f in fs][:10]
    tenue = request.COOKIES.get(TEMOIN, "")[:64]
    request.session[CLE] = asdict(Reprise(request.get_full_path()[:500], champs, fichiers, coupee, time.time(), tenue))
    if not tenue:
        request.session.set_expiry(DUREE_SANS_TEMOIN)


def is_pour(tenue: str, compte: Utilisateur) -> bool:
    """Vrai si le texte gardé sous cette marque est à ce compte, ou à personne de connu."""
    return not tenue or constant_time_compare(tenue, marque_de(compte))


def lire(request: HttpRequest) -> Reprise | None:
    """La reprise de ce navigateur, ou None : aucune, trop vieille, ou écrite sous la session d'un autre compte."""
    garde: dict[str, Any] | None = request.session.get(CLE)
    if not garde or not is_du_site(garde["adresse"]):
        return None
    tenue = garde.get("tenue", "")
    if time.time() - garde["le"] > (DUREE if tenue else DUREE_SANS_TEMOIN):
        return None
    if isinstance(request.user, Utilisateur) and not is_pour(tenue, request.user):
        return None
    return Reprise(**(garde | {"champs": [(nom, valeur) for nom, valeur in garde["champs"]]}))


def remettre_a(request: HttpRequest, compte: Utilisateur) -> bool:
    """À l'entrée de ce compte : vrai s'il a un texte à reprendre ; le texte d'un autre compte est effacé."""
    garde = request.session.get(CLE)
    if garde and not is_pour(garde.get("tenue", ""), compte):
        effacer(request)
    return lire(request) is not None


def effacer(request: HttpRequest) -> None:
    """Oublie le texte gardé."""
    request.session.pop(CLE, None)

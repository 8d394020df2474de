"""La reprise : ce qu'une personne avait tapé quand sa session a expiré, gardé dans la session anonyme de ce navigateur.

Rien n'est écrit pendant un GET. Gardé : le texte des champs, borné ; jamais un code, un jeton ni un fichier.
L'heure est l'heure réelle : les sessions ne suivent jamais l'heure du site.
"""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

CLE = "reprise"
TAILLE_MAX = 64 * 1024
CHAMPS_MAX = 400
DUREE = 24 * 3600
SECRETS = ("csrfmiddlewaretoken", "code", "password", "mot_de_passe", "credential", "token", "jeton")
TECHNIQUES = {"cle", "projet_v", "remplace", "v", "au_nom_de", "action", "next"}


@dataclass(frozen=True)
class Reprise:
    """Un envoi arrêté par la fin de la session : son adresse, ses champs, les noms des fichiers à remettre."""

    adresse: str
    champs: list[tuple[str, str]]
    fichiers: list[str] = field(default_factory=list)
    is_coupee: bool = False
    le: float = 0.0

    @property
    def textes(self) -> list[tuple[str, str]]:
        """(nom du champ, texte) de ce que la personne a tapé, sans les champs techniques."""
        return [(nom, valeur) for nom, valeur in self.champs if nom not in TECHNIQUES and valeur.strip()]


def is_du_site(adresse: str) -> bool:
    """Vrai pour un chemin de ce site (« /… »), faux pour toute adresse d'un autre site."""
    return adresse.startswith("/") and url_has_allowed_host_and_scheme(adresse, allowed_hosts=None)


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


def garder(request: HttpRequest) -> None:
    """Met de côté le texte de ce POST. Un envoi plus récent remplace l'ancien."""
    champs, coupee = _champs(request)
    fichiers = [(f.name or "")[:120] for _, fs in request.FILES.lists() for f in fs][:10]
    reprise = Reprise(request.get_full_path()[:500], champs, fichiers, coupee, time.time())
    request.session[CLE] = asdict(reprise)


def lire(request: HttpRequest) -> Reprise | None:
    """La reprise de ce navigateur, ou None (aucune, ou vieille de plus de 24 heures)."""
    garde: dict[str, Any] | None = request.session.get(CLE)
    if not garde or time.time() - garde["le"] > DUREE or not is_du_site(garde["adresse"]):
        return None
    return Reprise(**(garde | {"champs": [(nom, valeur) for nom, valeur in garde["champs"]]}))


def effacer(request: HttpRequest) -> None:
    """Oublie le texte gardé."""
    request.session.pop(CLE, None)

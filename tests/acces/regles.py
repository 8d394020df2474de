"""Les mots du tableau des accès."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from participation.demo.roles import ROLES

ANONYME = "anonyme"
TOUS = (ANONYME, *ROLES)
METHODES = ("GET", "POST", "PUT", "PATCH", "DELETE")
Attendus = Mapping[str, frozenset[int]]
Code = int | tuple[int, ...]


def _codes(code: Code) -> frozenset[int]:
    return frozenset({code} if isinstance(code, int) else code)


def public(code: Code = 200) -> Attendus:
    """Tout le monde, connexion ou non, reçoit ce code."""
    return dict.fromkeys(TOUS, _codes(code))


def connecte(code: Code = 200, **exceptions: Code) -> Attendus:
    """Toute personne connectée reçoit ce code, sauf exceptions ; un anonyme est conduit à la connexion (302)."""
    return public(code) | {ANONYME: _codes(302)} | {r.replace("_", "-"): _codes(c) for r, c in exceptions.items()}


def reserve(code: Code, *, a: Iterable[str], sinon: Code, anonyme: Code = 302) -> Attendus:
    """Ces rôles reçoivent ce code ; les autres, `sinon` (404 : page cachée, 403 : geste interdit)."""
    return dict(public(sinon)) | {ANONYME: _codes(anonyme)} | dict.fromkeys(a, _codes(code))


@dataclass(frozen=True)
class Regle:
    """Une ligne du tableau. Une méthode absente est refusée à tous : 405, ou 302 pour un anonyme."""

    get: Attendus | None = None
    post: Attendus | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)  # ce que l'adresse porte, si le monde ne le dit pas
    corps: Mapping[str, str] = field(default_factory=dict)  # ce que POST envoie (rien : la forme est refusée)

    def attendus(self, methode: str, role: str) -> frozenset[int]:
        """Les codes acceptés pour ce rôle et cette méthode."""
        regle = {"GET": self.get, "POST": self.post}.get(methode)
        if regle is not None:
            return regle[role]
        autre = self.get or self.post or {}
        if role == ANONYME and 302 in autre.get(ANONYME, frozenset()):
            return frozenset({302, 405})
        return frozenset({405})

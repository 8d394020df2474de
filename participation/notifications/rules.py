"""Ce qui se coupe, ce qui ne se coupe pas. Pur : ni base, ni horloge."""

from typing import Final

RELANCE: Final = "relance"
RESUME: Final = "resume"
RAPPELS: Final = frozenset({RELANCE, RESUME})
"""Les seuls messages qui se coupent. Un avis légal (transmission, report, rectificatif, retrait, clôture), un accusé,
un code, une invitation partent toujours : les manquer ferait perdre un droit, ou l'entrée."""


def is_rappel(evenement: str) -> bool:
    """Vrai si ce message se coupe, et porte donc de quoi le couper (RFC 8058)."""
    return evenement in RAPPELS

"""Numéro et empreinte d'un avis. L'empreinte scelle le contenu canonique, sans personne."""

from collections.abc import Sequence

from consultations.models import Avis, Observation, Saisine
from participation.common.canonique import empreinte_de
from participation.pieces.models import PieceJointe


def sceller(avis: Avis, observations: Sequence[Observation], pieces: Sequence[PieceJointe]) -> str:
    """SHA-256 (hexadécimal) d'un avis pas encore écrit, avec ses observations et ses pièces."""
    return empreinte_de(avis.contenu_canonique(observations, pieces))


def numero_d_avis(saisine: Saisine, version: int) -> str:
    """Le numéro public : année du rapport, saisine abrégée, version (0 : silence)."""
    return f"{saisine.version.rapport.annee}-{saisine.pk.hex[-10:].upper()}-{version}"

"""Qui entre au bureau : les agents et les signataires."""

from consultations.permissions import Personne
from participation.comptes.permissions import is_agent, is_signataire


def can_entrer(personne: Personne) -> bool:
    """Règle 22 : un agent prépare, une personne signataire signe ; le bureau est à eux deux."""
    return is_agent(personne) or is_signataire(personne)

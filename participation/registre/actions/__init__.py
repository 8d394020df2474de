"""Écrire au registre, et le vérifier."""

from participation.registre.actions.inscription import inscrire
from participation.registre.actions.verification import Constat, Verification, verifier

__all__ = ["Constat", "Verification", "inscrire", "verifier"]

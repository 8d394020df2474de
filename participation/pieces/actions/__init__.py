"""Ajouter une pièce jointe."""

from participation.pieces.actions.ajout import ajouter_piece

__all__ = ["ajouter_piece"]

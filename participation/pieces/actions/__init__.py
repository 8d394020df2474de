"""Ajouter une pièce jointe, ou l'oublier."""

from participation.pieces.actions.ajout import ajouter_piece
from participation.pieces.actions.rangement import oublier_pieces, pieces_ou_rien

__all__ = ["ajouter_piece", "oublier_pieces", "pieces_ou_rien"]

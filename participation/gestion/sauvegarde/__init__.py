"""Sauvegarder à chaud et restaurer : base, médias cités, manifeste scellé (R12). Voir docs/exploitation.md."""

from participation.gestion.sauvegarde.ecriture import Sauvegarde, sauvegarder
from participation.gestion.sauvegarde.manifeste import SauvegardeRefusee
from participation.gestion.sauvegarde.restauration import Restauration, restaurer

__all__ = ["Restauration", "Sauvegarde", "SauvegardeRefusee", "restaurer", "sauvegarder"]

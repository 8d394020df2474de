"""Les pages des comptes."""

from participation.comptes.views.cles import cle_ajouter, cle_entrer, cle_options, cles
from participation.comptes.views.compte import mon_compte, reprise, sortir
from participation.comptes.views.courriel import courriel_changer, courriel_prouver
from participation.comptes.views.entree import compte_ferme, entrer, entrer_code
from participation.comptes.views.sessions import sessions

__all__ = [
    "cle_ajouter",
    "cle_entrer",
    "cle_options",
    "cles",
    "compte_ferme",
    "courriel_changer",
    "courriel_prouver",
    "entrer",
    "entrer_code",
    "mon_compte",
    "reprise",
    "sessions",
    "sortir",
]

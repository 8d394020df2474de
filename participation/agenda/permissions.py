"""Qui annonce une séance (règle 16)."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from participation.comptes.models import Utilisateur
from participation.comptes.permissions import has_mandat, is_agent
from participation.territoires.models import Instance


def can_annoncer(personne: Utilisateur | AnonymousUser, instance: Instance, now: datetime) -> bool:
    """Tout mandat en cours de l'instance ; un agent, pour son compte, quand elle le dit au téléphone."""
    return is_agent(personne) or has_mandat(personne, instance, now)

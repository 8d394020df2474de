"""Régler qui dépose l'avis d'une instance."""

from datetime import datetime

from django.db import transaction

from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.comptes.permissions import can_animer, can_tenir_les_mandats
from participation.territoires.models import Instance


@transaction.atomic
def regler_le_depot(*, instance: Instance, qui: str, par: Utilisateur, now: datetime) -> Instance:
    """Change qui dépose (`Instance.QuiDepose`). RefusMetier : "interdit" hors équipe et présidence, "forme" sinon."""
    if not (can_tenir_les_mandats(par) or can_animer(par, instance, now)):
        raise RefusMetier("interdit", "Seul un agent, ou la présidence de ce conseil, règle le dépôt.")
    if qui not in Instance.QuiDepose.values:
        raise RefusMetier("forme", "Choisissez une des réponses.")
    Instance.objects.filter(pk=instance.pk).update(qui_depose=qui)
    instance.qui_depose = qui
    return instance

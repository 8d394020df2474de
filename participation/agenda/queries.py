"""Lire les séances annoncées."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from participation.agenda.models import Seance
from participation.territoires.models import Instance


def seances_a_venir(instance: Instance, now: datetime) -> list[Seance]:
    """Celles d'une instance, la plus proche d'abord : une requête."""
    return list(Seance.objects.a_venir(now).filter(instance=instance).select_related("annoncee_par"))


def prochaines(instances: Collection[UUID], now: datetime) -> dict[UUID, Seance]:
    """La prochaine séance de chacune de ces instances, par identifiant : une requête."""
    lues: dict[UUID, Seance] = {}
    for seance in Seance.objects.a_venir(now).filter(instance__in=instances):
        lues.setdefault(seance.instance_id, seance)
    return lues

"""Écrire le battement."""

from datetime import datetime

from django.db import transaction

from participation.horloge.models import Battement


@transaction.atomic
def noter_battement(*, action: str, reel: datetime, erreur: str = "") -> None:
    """Le dernier passage d'une action, en heure réelle, et son erreur s'il a échoué."""
    Battement.objects.update_or_create(action=action, defaults={"dernier_le": reel, "erreur": erreur[:200]})

"""Effacer une version qui n'a servi à rien : un import raté, un essai. Une version figée ou consultée reste."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from participation.common.errors import RefusMetier
from participation.rapports.actions.correction import toucher
from participation.rapports.models import Rapport, Version


@transaction.atomic
def effacer_version(*, version: Version, par: Any, now: datetime) -> None:
    """Efface la version, ses parties et ses images, et le rapport s'il n'a plus de version. Lève RefusMetier."""
    toucher(version)
    try:
        with transaction.atomic():
            version.sections.all().delete()
            version.images.all().delete()
            version.delete()
    except ProtectedError as employee:
        raise RefusMetier("conflit", "Une consultation emploie cette version. Elle reste.") from employee
    Rapport.objects.filter(pk=version.rapport_id, versions__isnull=True).delete()

"""`manage.py acter_silences` : inscrit les silences échus. Rejouable ; la loi n'attend pas cette commande (règle 3)."""

from typing import Any

from django.core.management.base import BaseCommand

from consultations.actions.silence import acter_silences
from participation.common.dates import maintenant


class Command(BaseCommand):
    """Écrit un avis réputé favorable par instance muette dont la remise est prouvée."""

    help = "Inscrit au registre les silences dont l'échéance est passée."

    def handle(self, *args: Any, **options: Any) -> None:
        """Inscrit, et dit combien."""
        n = acter_silences(now=maintenant())
        self.stdout.write(f"{n} silence{'s' if n > 1 else ''} inscrit{'s' if n > 1 else ''}.")

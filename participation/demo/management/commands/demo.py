"""La commande `demo` : charge le monde de démonstration, ou ce qui en est dû depuis le dernier chargement."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from participation.common.dates import maintenant
from participation.demo.actions import battre, jouer_les_actes


class Command(BaseCommand):
    """Rejouable : un acte déjà joué ne l'est pas deux fois."""

    help = "Charge la démonstration : joue les actes datés jusqu'à maintenant. Demande DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse hors démonstration : elle crée des comptes sans code."""
        if not settings.DEMO:
            raise CommandError("La démonstration se charge avec DEMO=1, jamais sur un vrai serveur.")
        now = maintenant()
        with _sans_journal():
            joues = jouer_les_actes(now=now)
            battre(now=now)
        if options["verbosity"]:
            s = "s" if len(joues) > 1 else ""
            self.stdout.write(f"Démonstration : {len(joues)} acte{s} joué{s}.")


@contextmanager
def _sans_journal() -> Iterator[None]:
    """Deux ans d'actes en deux secondes : leurs lignes d'information n'apprennent rien à qui attend."""
    journal = logging.getLogger("participation")
    niveau = journal.level
    journal.setLevel(logging.WARNING)
    try:
        yield
    finally:
        journal.setLevel(niveau)

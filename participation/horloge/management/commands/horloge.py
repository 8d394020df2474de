"""`manage.py horloge` : le battement hors du serveur, jusqu'à Ctrl-C, ou une seule fois."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from participation.common import en_marche
from participation.horloge.battement import Carnet, battre


class Command(BaseCommand):
    """Exécute les actions de l'horloge. Sûr à côté du serveur : chaque action est rejouable."""

    help = "Fait battre l'horloge : silences, remises, courriels. Le serveur le fait déjà tout seul."

    def add_arguments(self, parser: CommandParser) -> None:
        """Les options."""
        parser.add_argument("--une-fois", action="store_true", help="un seul tour, puis s'arrête")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tourne. Refuse pendant une restauration."""
        try:
            en_marche.tenir()
        except en_marche.Occupe as occupe:
            raise CommandError(str(occupe)) from occupe
        arret, carnet = threading.Event(), Carnet()
        for signe in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signe, lambda *_: arret.set())
        while True:
            battre(carnet)
            if options["une_fois"] or arret.wait(settings.HORLOGE_PAS or 1):
                break

"""`manage.py sauvegarder F` : une archive vérifiée de la base et des médias, serveur en marche. Code 0 ou 1."""

import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from participation.common.dates import maintenant
from participation.common.en_marche import Occupe
from participation.common.templatetags.maison import pluriel
from participation.gestion.sauvegarde import SauvegardeRefusee, sauvegarder


class Command(BaseCommand):
    """Sauvegarde à chaud."""

    help = "Sauvegarde la base et les médias dans une archive .tar, la relit et vérifie le registre dedans."

    def add_arguments(self, parser: CommandParser) -> None:
        """Les options."""
        parser.add_argument("fichier", metavar="F", type=Path, help="l'archive à écrire (.tar)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sauvegarde, dit ce que l'archive contient ; sort avec 1 si quelque chose n'est pas intact."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # l'interruption efface le dossier de travail
        debut = time.monotonic()
        try:
            faite = sauvegarder(vers=options["fichier"], now=maintenant(), reel=datetime.now(UTC))
        except (SauvegardeRefusee, Occupe) as refus:
            raise CommandError(str(refus)) from refus
        except OSError as panne:
            raise CommandError(f"La sauvegarde ne s'écrit pas : {panne.strerror or panne}.") from panne
        manifeste, duree = faite.manifeste, time.monotonic() - debut
        medias = sum(nom.startswith("medias/") for nom in manifeste.fichiers)
        self.stdout.write(f"Sauvegarde : {faite.chemin} ({faite.octets / 1e6:.1f} Mo, {duree:.1f} s).")
        self.stdout.write(f"{sum(manifeste.comptes.values())} lignes, {medias} médias.")
        if manifeste.tete:
            self.stdout.write(f"Tête du registre : {manifeste.tete[0]}:{manifeste.tete[1]}")
        for constat in faite.constats:
            self.stdout.write(f"CONSTAT  {constat}")
        if faite.constats:
            raise CommandError(
                f"L'archive est écrite, mais tout n'est pas intact : {pluriel(len(faite.constats), 'constat')}. "
                "Elle est gardée à part, sous un nom en .altere. Lancez « python manage.py verifier_registre »."
            )
        self.stdout.write("Archive relue : empreintes justes, registre intact.")

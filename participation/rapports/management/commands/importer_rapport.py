"""`importer_rapport F` : importe un rapport (md, docx, odt) et dit ce qui a été compris et écarté."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from participation.common.dates import maintenant
from participation.common.errors import RefusMetier
from participation.rapports.actions.figer import figer
from participation.rapports.actions.importation import importer


class Command(BaseCommand):
    """Crée une version modifiable ; `--figer` la fige aussitôt."""

    help = "Importe un rapport (md, docx, odt) : une version de plus, à relire puis à figer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Le fichier, l'année si le titre ne la dit pas, et s'il faut figer."""
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--annee", type=int, default=None, help="L'année du rapport, si son titre ne la dit pas.")
        parser.add_argument("--figer", action="store_true", help="Fige la version aussitôt.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Importe, puis imprime le compte rendu. Lève CommandError avec la phrase du refus."""
        fichier: Path = options["fichier"]
        now = maintenant()
        try:
            octets = fichier.read_bytes()
            version = importer(nom=fichier.name, octets=octets, annee=options["annee"], par=None, now=now)
            empreinte = figer(version=version, now=now) if options["figer"] else ""
        except OSError as absent:
            raise CommandError(f"Ce fichier ne se lit pas : {fichier} ({absent.strerror}).") from absent
        except RefusMetier as refus:
            raise CommandError(refus.phrase) from refus
        self.stdout.write(f"{version.titre_lu}, version {version.numero} : {', '.join(version.lecture['compris'])}.")
        for ecart in version.lecture["ecartes"]:
            self.stdout.write(f"  - {ecart}")
        if empreinte:
            self.stdout.write(f"Figée. Empreinte : {empreinte}")

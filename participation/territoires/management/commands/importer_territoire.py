"""La commande `importer_territoire F` : un JSON de territoire, ou des quartiers en CSV ou GeoJSON."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from participation.common.dates import maintenant
from participation.common.errors import RefusMetier
from participation.territoires.actions import CompteRendu, importer_territoire
from participation.territoires.imports import FichierFaux, lire


class Command(BaseCommand):
    """Importe un fichier et dit, ligne par ligne, ce qui est créé, changé, ignoré, et pourquoi."""

    help = "Importe un territoire (JSON) ou une liste officielle de quartiers (CSV, GeoJSON). Rejouable."

    def add_arguments(self, parser: CommandParser) -> None:
        """Un seul argument : le fichier."""
        parser.add_argument("fichier", help="le fichier à importer ; son format se reconnaît à son contenu")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sort avec 1 si le fichier est faux ; rien n'est alors écrit."""
        try:
            lu = lire(Path(options["fichier"]).read_bytes())
            rendu = importer_territoire(lu=lu, par=None, now=maintenant())
        except OSError as erreur:
            raise CommandError(f"Fichier illisible : {options['fichier']}.") from erreur
        except FichierFaux as faux:
            lignes = "\n".join(f"  - {ou} : {phrase}" for ou, phrase in faux.fautes)
            raise CommandError(f"Rien n'est importé. Le fichier est à corriger :\n{lignes}") from faux
        except RefusMetier as refus:
            raise CommandError(f"Rien n'est importé. {refus.phrase}") from refus
        self._dire(lu.format, rendu)

    def _dire(self, format_: str, rendu: CompteRendu) -> None:
        self.stdout.write(f"Format reconnu : {format_}.")
        for verbe, quoi, detail in rendu.lignes:
            self.stdout.write(f"{verbe:<9} {quoi}" + (f" : {detail}" if detail else ""))
        comptes = ((v, rendu.combien(v)) for v in ("créé", "changé", "inchangé", "ignoré"))
        self.stdout.write("Bilan : " + ", ".join(f"{n} {verbe}{'s' if n > 1 else ''}" for verbe, n in comptes) + ".")

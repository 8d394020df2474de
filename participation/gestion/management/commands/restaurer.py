"""`manage.py restaurer F` : remet la base et les médias d'une archive, migrés et vérifiés. Code 0 ou 1."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from participation.common.dates import instant_court
from participation.common.en_marche import Occupe
from participation.common.templatetags.maison import pluriel
from participation.gestion.sauvegarde import Restauration, SauvegardeRefusee, restaurer


class Command(BaseCommand):
    """Restauration, serveur arrêté."""

    help = "Restaure une archive de « sauvegarder ». L'ancien état reste en place tant que tout n'est pas vérifié."

    def add_arguments(self, parser: CommandParser) -> None:
        """Les options."""
        parser.add_argument("fichier", metavar="F", type=Path, help="l'archive à restaurer")
        parser.add_argument("--remplacer", action="store_true", help="la base n'est pas vide : la remplacer")
        parser.add_argument("--malgre-le-serveur", action="store_true", help="ne pas exiger que le serveur soit arrêté")
        parser.add_argument("--meme-altere", action="store_true", help="garder une archive au registre altéré (code 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restaure, dit le résultat ; sort avec 1 si rien n'est restauré, ou si le registre est altéré."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # l'interruption remet tout en place
        try:
            faite = restaurer(
                depuis=options["fichier"],
                remplacer=options["remplacer"],
                malgre_le_serveur=options["malgre_le_serveur"],
                meme_altere=options["meme_altere"],
                reel=datetime.now(UTC),
            )
        except Occupe as occupe:
            raise CommandError(f"{occupe} Arrêtez-le d'abord (ou --malgre-le-serveur). Rien n'a changé.") from occupe
        except SauvegardeRefusee as refus:
            raise CommandError(f"{refus} Rien n'a changé.") from refus
        except OSError as panne:
            raise CommandError(f"La restauration échoue : {panne.strerror or panne}. Rien n'a changé.") from panne
        self._dire(faite)
        if faite.constats:
            raise CommandError(f"Restauré, mais le registre est ALTÉRÉ : {pluriel(len(faite.constats), 'constat')}.")
        self.stdout.write("Restauration réussie : comptes et tête conformes, registre intact.")

    def _dire(self, faite: Restauration) -> None:
        manifeste = faite.manifeste
        instant = instant_court(datetime.fromisoformat(manifeste.instant))
        self.stdout.write(f"Archive du {instant} (version {manifeste.version}).")
        medias = sum(nom.startswith("medias/") for nom in manifeste.fichiers)
        self.stdout.write(f"{sum(manifeste.comptes.values())} lignes, {medias} médias.")
        if manifeste.tete:
            self.stdout.write(f"Tête du registre : {manifeste.tete[0]}:{manifeste.tete[1]}")
        if manifeste.courriels_en_attente:
            self.stdout.write(
                f"{manifeste.courriels_en_attente} courriels attendaient à cet instant : ils partiront au démarrage, "
                "peut-être pour la seconde fois."
            )
        if faite.avant:
            self.stdout.write(f"L'ancien état est gardé sous {faite.avant.name} : effacez-le une fois sûr.")
        for constat in faite.constats:
            self.stdout.write(f"CONSTAT  {constat}")

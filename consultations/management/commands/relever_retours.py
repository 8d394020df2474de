"""`manage.py relever_retours [F]` : lit des messages de non-remise (RFC 3464) et inscrit les retours. Rejouable."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultations.actions.retour import relever_retour
from consultations.models import RetourCourriel
from consultations.non_remise import OCTETS_MAX
from participation.common.dates import maintenant


class Command(BaseCommand):
    """Un message par fichier, un dossier de messages, ou un message sur l'entrée standard."""

    help = "Inscrit les courriels de transmission revenus, lus dans des messages de non-remise (DSN)."

    def add_arguments(self, parser: CommandParser) -> None:
        """F : un fichier, un dossier, ou « - » (l'entrée standard)."""
        parser.add_argument("source", metavar="F", nargs="?", default="-", help="fichier, dossier, ou « - »")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lit, inscrit, et dit combien. Un message qui n'est pas une non-remise est ignoré, jamais une panne."""
        try:
            issues = Counter(self._relever(octets) for octets in _messages(options["source"]))
        except OSError as panne:
            raise CommandError(f"La relève ne lit pas {options['source']} : {panne.strerror or panne}.") from panne
        inscrits, connus, ignores = issues["inscrit"], issues["connu"], issues["ignore"]
        self.stdout.write(
            f"{_accorde(inscrits, 'retour inscrit', 'retours inscrits')}, "
            f"{_accorde(connus, 'déjà connu', 'déjà connus')}, "
            f"{_accorde(ignores, 'message ignoré', 'messages ignorés')}."
        )

    def _relever(self, octets: bytes) -> str:
        avant = RetourCourriel.objects.count()
        if relever_retour(message=octets, now=maintenant()) is None:
            return "ignore"
        return "inscrit" if RetourCourriel.objects.count() > avant else "connu"


def _accorde(n: int, seul: str, plusieurs: str) -> str:
    return f"{n} {plusieurs if n > 1 else seul}"


def _messages(source: str) -> Iterator[bytes]:
    if source == "-":
        yield sys.stdin.buffer.read(OCTETS_MAX + 1)
        return
    chemin = Path(source)
    for fichier in sorted(f for f in chemin.iterdir() if f.is_file()) if chemin.is_dir() else [chemin]:
        with fichier.open("rb") as ouvert:
            yield ouvert.read(OCTETS_MAX + 1)

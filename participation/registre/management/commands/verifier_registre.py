"""`manage.py verifier_registre` : 0 si tout est intact, 1 si quelque chose a changé, en le nommant."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from participation.common.canonique import json_canonique
from participation.common.templatetags.maison import pluriel
from participation.registre.actions import Verification, verifier

TETE = re.compile(r"(\d+):([0-9a-f]{64})")


class Command(BaseCommand):
    """Relit le registre et tout ce qu'il scelle."""

    help = "Vérifie le registre, les versions figées, les avis et les pièces publiées."

    def add_arguments(self, parser: CommandParser) -> None:
        """Les options."""
        parser.add_argument("--tete", metavar="N:EMPREINTE", help="une tête notée autrefois (accusé, page, annexe)")
        parser.add_argument("--jsonl", metavar="F", help="un registre.jsonl gardé, à comparer")

    def handle(self, *args: Any, **options: Any) -> None:
        """Vérifie, dit ce qui a changé, sort avec 1."""
        publiees = list(_lire(Path(options["jsonl"]))) if options["jsonl"] else None
        bilan = verifier(tete_attendue=_tete(options["tete"]), publiees=publiees)
        self._dire(bilan)
        if not bilan.is_intact:
            raise SystemExit(1)

    def _dire(self, bilan: Verification) -> None:
        for constat in bilan.constats:
            self.stdout.write(f"ALTÉRÉ  {constat}")
        self.stdout.write(f"{bilan.entrees} entrées et {bilan.objets} objets relus.")
        if bilan.sels_effaces:
            self.stdout.write(
                f"{bilan.sels_effaces} contenus effacés : leur chaîne tient, leur texte ne se relit plus."
            )
        if bilan.tete:
            self.stdout.write(f"Tête : {bilan.tete[0]}:{bilan.tete[1]}")
        nombre = len(bilan.constats)
        self.stdout.write(
            "Le registre est intact." if bilan.is_intact else f"Le registre est ALTÉRÉ : {pluriel(nombre, 'constat')}."
        )


def _tete(texte: str | None) -> tuple[int, str] | None:
    if not texte:
        return None
    if not (lu := TETE.fullmatch(texte.strip().lower())):
        raise CommandError("La tête s'écrit N:EMPREINTE, par exemple 12:3f…, avec 64 chiffres hexadécimaux.")
    return int(lu[1]), lu[2]


def _lire(fichier: Path) -> Iterator[dict[str, Any]]:
    try:
        lignes = fichier.read_bytes().decode().removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as erreur:
        raise CommandError(f"Le fichier {fichier} ne se lit pas.") from erreur
    for rang, ligne in enumerate(lignes, start=1):
        try:
            lue = json.loads(ligne)
        except ValueError:
            lue = None
        is_lue = isinstance(lue, dict) and json_canonique(lue).decode() == ligne
        yield lue if is_lue else {"n": rang, "illisible": ligne[:40]}

"""Le moteur de la base en service : les deux modules ont les mêmes fonctions."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from django.db import connection

from participation.gestion.sauvegarde import postgresql, sqlite
from participation.gestion.sauvegarde.archive import Archive
from participation.gestion.sauvegarde.manifeste import Releve


class Moteur(Protocol):
    """Ce que sauvegarder et restaurer demandent à un moteur."""

    @property
    def NOM(self) -> str: ...  # noqa: N802 : une constante du module

    def instantane(self, dossier: Path) -> AbstractContextManager[tuple[Releve, list[str]]]: ...

    def controler(self, archive: Archive, dossier: Path) -> list[str]: ...

    def charger(self, dossier: Path) -> str: ...

    def relever_copie(self, copie: str) -> Releve: ...

    def adresse_de(self, copie: str) -> str | None: ...

    def occupants(self) -> int: ...

    def echanger(self, copie: str, avant: Path, *, de_force: bool) -> None: ...

    def jeter(self, copie: str) -> None: ...

    def oublier_l_ancienne(self, avant: Path) -> None: ...


MOTEURS: dict[str, Moteur] = {"sqlite": sqlite, "postgresql": postgresql}


def moteur() -> Moteur:
    """Celui de DATABASE_URL."""
    return MOTEURS[connection.vendor]

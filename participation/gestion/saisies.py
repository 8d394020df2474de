"""Ce qu'un formulaire du bureau rend et qu'une action reçoit."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class SaisieRemise:
    """Une preuve de remise tapée par un agent : moyen, date et heure, où elle est gardée."""

    moyen: str
    remis_le: datetime
    note: str = ""


@dataclass(frozen=True)
class SaisieRetour:
    """Un courriel revenu, tapé par un agent : lequel, quand, ce que dit le retour."""

    envoi: UUID
    retourne_le: datetime
    motif: str


@dataclass(frozen=True)
class SaisieActe:
    """Un acte tapé par un agent : ce qu'il fera, en valeurs simples, et pourquoi."""

    parametres: dict[str, Any] = field(default_factory=dict)
    motif: str = ""
    fondement: str = ""

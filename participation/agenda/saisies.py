"""Ce qu'une page envoie à une action de l'agenda."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SaisieReunion:
    """Une réunion à annoncer. `lieu` vide : il n'est pas dit."""

    le: datetime
    lieu: str = ""

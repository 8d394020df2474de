"""Ce qu'un formulaire du bureau rend et qu'une action reçoit."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SaisieRemise:
    """Une preuve de remise tapée par un agent : moyen, date et heure, où elle est gardée."""

    moyen: str
    remis_le: datetime
    note: str = ""

"""Les lectures nommées de la démonstration."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from consultations.models import Saisine
from participation.common.dates import PARIS
from participation.demo.models import ActeJoue

AVANT = timedelta(seconds=10)
APRES = timedelta(hours=8)


@dataclass(frozen=True)
class Saut:
    """Un instant proposé pour avancer l'heure du site."""

    instant: datetime
    phrase: str

    @property
    def iso(self) -> str:
        """L'instant en ISO 8601, heure de Paris."""
        return self.instant.astimezone(PARIS).isoformat(timespec="seconds")


def is_chargee() -> bool:
    """Vrai quand le monde de démonstration existe."""
    return ActeJoue.objects.exists()


def sauts(now: datetime) -> list[Saut]:
    """Les instants qui valent le voyage : juste avant et juste après chaque échéance à venir."""
    proposes = []
    bornes = Saisine.objects.en_vigueur().ouvertes(now).order_by("borne")
    for titre, borne in bornes.values_list("consultation__titre", "borne").distinct()[:3]:
        proposes.append(Saut(borne - AVANT, f"Dix secondes avant la fin : {titre}"))
        proposes.append(Saut(borne + APRES, f"Le lendemain matin : {titre}"))
    return [saut for saut in proposes if saut.instant > now]

"""Lire le battement de l'horloge."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from participation.horloge.models import Battement

SANS_NOUVELLE = timedelta(seconds=60)


@dataclass(frozen=True)
class Pouls:
    """L'état de l'horloge. `age` : le temps depuis le dernier passage noté, None s'il n'y en a pas."""

    age: timedelta | None
    erreurs: int

    @property
    def is_bon(self) -> bool:
        """Vrai si elle bat depuis moins d'une minute et qu'aucune de ses actions n'est en échec."""
        return self.age is not None and self.age < SANS_NOUVELLE and not self.erreurs


def pouls(reel: datetime) -> Pouls:
    """Le pouls à cet instant, en heure réelle de la machine : une requête."""
    battements = list(Battement.objects.filter(action__in=settings.HORLOGE))
    dernier = max((b.dernier_le for b in battements), default=None)
    return Pouls(age=reel - dernier if dernier else None, erreurs=sum(bool(b.erreur) for b in battements))

"""Le monde de démonstration est une liste d'actes datés ; les jouer, c'est appeler les actions à leur date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Fonction = Callable[[datetime], None]


@dataclass(frozen=True)
class Acte:
    """Un acte : l'instant du site où il a lieu, son nom unique, ce qu'il fait (appelé avec cet instant)."""

    instant: datetime
    nom: str
    fonction: Fonction


def rien(now: datetime) -> None:
    """Un acte sans geste : seule l'horloge bat à son instant."""


def liste(origine: datetime) -> list[Acte]:
    """Tous les actes, dans l'ordre. `origine` : l'heure du site au premier chargement, départ des dates relatives."""
    from participation.demo.monde import fondation, rapport_2023, rapport_2024, relative

    themes = (fondation, rapport_2023, rapport_2024, relative)
    return sorted((acte for theme in themes for acte in theme.actes(origine)), key=lambda a: a.instant)

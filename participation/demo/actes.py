"""Le monde de démonstration est une liste d'actes datés ; les jouer, c'est appeler les actions à leur date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Fonction = Callable[[datetime], None]


@dataclass(frozen=True)
class Acte:
    """Un acte : l'instant du site où il a lieu, son nom unique, ce qu'il fait (appelé avec cet instant).

    `phrase` : ce qu'il se passe, dit à qui regarde l'année (`participation.demo.annee`) ; vide : on n'en parle pas.
    """

    instant: datetime
    nom: str
    fonction: Fonction
    phrase: str = ""


def liste(origine: datetime) -> list[Acte]:
    """Tous les actes, dans l'ordre. `origine` : l'heure du site au premier chargement, départ des dates relatives."""
    from participation.demo.monde import fondation, rapport_2023, rapport_2024, relative

    themes = (fondation, rapport_2023, rapport_2024, relative)
    return sorted((acte for theme in themes for acte in theme.actes(origine)), key=lambda a: a.instant)

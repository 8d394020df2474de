"""Ce qu'une vue lit de la requête, avec son type."""

from datetime import datetime

from django.http import HttpRequest


def recu_le(request: HttpRequest) -> datetime:
    """L'instant d'arrivée de la requête, posé par `HeureDArrivee` (règle 4). Seule heure qu'une vue emploie."""
    instant: datetime = request.recu_le  # type: ignore[attr-defined]
    return instant

"""Ce qu'une vue lit de la requête, avec son type."""

from datetime import datetime

from django.http import HttpRequest


def recu_le(request: HttpRequest) -> datetime:
    """L'instant d'arrivée de la requête, posé par `HeureDArrivee` (règle 4). Seule heure qu'une vue emploie."""
    instant: datetime = request.recu_le  # type: ignore[attr-defined]
    return instant


def octets_recus(request: HttpRequest) -> int:
    """La taille du corps : comptée par l'enveloppe ASGI, sinon celle qui est annoncée. Une longueur peut être tue."""
    annoncee = request.headers.get("Content-Length") or ""
    comptes: int = (getattr(request, "scope", None) or {}).get("octets", 0)
    return max(comptes, int(annoncee) if annoncee.isdecimal() else 0)

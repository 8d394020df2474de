"""Ce que tout gabarit connaît : la maison, l'heure, les réglages d'affichage."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def maison(request: HttpRequest) -> dict[str, Any]:
    """Le contexte commun."""
    return {"is_demo": settings.DEMO}

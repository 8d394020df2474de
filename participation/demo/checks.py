"""Ce que `check --deploy` refuse en production : la démonstration et l'heure décalée."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def pas_de_demonstration(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse DEMO et MAINTENANT : des comptes sans code et une heure inventée n'ont rien à faire en production."""
    erreurs: list[CheckMessage] = []
    if settings.DEMO:
        erreurs.append(
            Error(
                "DEMO=1 ouvre des comptes sans code de connexion.",
                hint="Retirez DEMO de l'environnement.",
                id="demo.E001",
            )
        )
    if settings.MAINTENANT is not None:
        erreurs.append(
            Error(
                "MAINTENANT décale l'heure légale du site.",
                hint="Retirez MAINTENANT de l'environnement.",
                id="demo.E002",
            )
        )
    return erreurs

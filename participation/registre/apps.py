"""L'application « Registre »."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class RegistreConfig(AppConfig):
    """Réglages de l'application. Les déclencheurs se posent après la dernière migration, quelle qu'elle soit."""

    name = "participation.registre"
    verbose_name = "Registre"

    def ready(self) -> None:
        """Branche la pose des déclencheurs (pile de Django, non du métier : il n'y a pas d'autre crochet)."""
        pre_migrate.connect(_avant_de_migrer, sender=self)
        post_migrate.connect(_apres_avoir_migre, sender=self)


def _avant_de_migrer(*, using: str, plan: Any = (), **_autres: Any) -> None:
    from participation.registre import declencheurs

    connexion = connections[using]
    if plan and connexion.vendor == "sqlite":
        declencheurs.retirer(connexion)


def _apres_avoir_migre(*, using: str, **_autres: Any) -> None:
    from participation.registre import declencheurs

    declencheurs.poser(connections[using])

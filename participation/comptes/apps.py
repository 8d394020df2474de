"""L'application « Comptes »."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _poser_les_groupes(**_: Any) -> None:
    from participation.comptes.actions.groupes import poser_les_groupes

    poser_les_groupes()


class ComptesConfig(AppConfig):
    """Réglages de l'application. Les quatre groupes sont posés après chaque migration."""

    name = "participation.comptes"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Branche la pose des groupes."""
        post_migrate.connect(_poser_les_groupes, sender=self)

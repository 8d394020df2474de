"""L'application « Socle »."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.common"
    verbose_name = "Socle"

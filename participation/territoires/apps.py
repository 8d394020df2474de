"""L'application « Territoires »."""

from django.apps import AppConfig


class TerritoiresConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.territoires"
    verbose_name = "Territoires"

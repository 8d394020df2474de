"""L'application « Comptes »."""

from django.apps import AppConfig


class ComptesConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.comptes"
    verbose_name = "Comptes"

"""L'application « Registre »."""

from django.apps import AppConfig


class RegistreConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.registre"
    verbose_name = "Registre"

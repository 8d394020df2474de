"""L'application « Gestion »."""

from django.apps import AppConfig


class GestionConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.gestion"
    verbose_name = "Gestion"

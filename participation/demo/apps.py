"""L'application « Démonstration »."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.demo"
    verbose_name = "Démonstration"

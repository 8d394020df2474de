"""L'application « Horloge »."""

from django.apps import AppConfig


class HorlogeConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.horloge"
    verbose_name = "Horloge"

"""L'application « Boîte d'envoi »."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.notifications"
    verbose_name = "Boîte d'envoi"

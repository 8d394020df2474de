"""L'application « Rapports »."""

from django.apps import AppConfig


class RapportsConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.rapports"
    verbose_name = "Rapports"

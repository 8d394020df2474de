"""L'application « Accueil »."""

from django.apps import AppConfig


class AccueilConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.accueil"
    verbose_name = "Accueil"

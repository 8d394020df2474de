"""L'application « Pièces jointes »."""

from django.apps import AppConfig


class PiecesConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.pieces"
    verbose_name = "Pièces jointes"

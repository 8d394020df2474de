"""L'application « Consultations »."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Réglages de l'application."""

    name = "consultations"
    verbose_name = "Consultations"

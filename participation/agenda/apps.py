"""L'application « Agenda »."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.agenda"
    verbose_name = "Agenda"

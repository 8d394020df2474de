"""L'application « Démonstration »."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.demo"
    verbose_name = "Démonstration"

    def ready(self) -> None:
        """Inscrit les contrôles de déploiement."""
        from participation.demo import checks  # noqa: F401

"""L'application « Accueil »."""

from django.apps import AppConfig


class AccueilConfig(AppConfig):
    """Réglages de l'application."""

    name = "participation.accueil"
    verbose_name = "Accueil"

    def ready(self) -> None:
        """Inscrit les contrôles de déploiement."""
        from participation.accueil import checks  # noqa: F401

"""L'application « Territoires »."""

from django.apps import AppConfig


def _nom_du_quartier(valeur: str) -> str:
    from participation.territoires.queries import nom_du_quartier

    return nom_du_quartier(valeur)


class TerritoiresConfig(AppConfig):
    """Réglages de l'application. Un quartier choisi dans une liste se rend par son nom."""

    name = "participation.territoires"
    verbose_name = "Territoires"

    def ready(self) -> None:
        """Branche les libellés."""
        from participation.common.reponses import LIBELLES

        LIBELLES["quartier"] = _nom_du_quartier

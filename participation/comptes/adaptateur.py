"""L'adaptateur d'allauth."""

from allauth.account.adapter import DefaultAccountAdapter


class Adaptateur(DefaultAccountAdapter):  # type: ignore[misc]
    """Les réglages de la maison pour allauth."""

"""Refus par défaut : une page est réservée, sauf si elle est nommée publique."""

from django.contrib.auth.middleware import LoginRequiredMiddleware


class ConnexionExigee(LoginRequiredMiddleware):
    """Toute vue exige une connexion, sauf `@login_not_required`."""

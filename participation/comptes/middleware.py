"""Refus par défaut : une page est réservée, sauf si elle est nommée publique."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from participation.comptes import reprise

LECTURES = {"GET", "HEAD", "OPTIONS"}


def _is_privee(request: HttpRequest, response: HttpResponse) -> bool:
    """Vrai pour la page d'une personne entrée, sauf si la vue l'a dite commune à tous (feuille, logo, registre)."""
    dit = response.get("Cache-Control", "private")
    session = getattr(request, "session", None)
    return "private" in dit and session is not None and session.accessed and request.user.is_authenticated


class ConnexionExigee(LoginRequiredMiddleware):
    """Toute vue exige une connexion, sauf `@login_not_required`. Le texte d'un POST sans session est mis de côté."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:  # type: ignore[override]
        """302 vers la connexion ; un POST y laisse son texte, rendu après la connexion sur /compte/reprise/."""
        suite = request.get_full_path()
        if request.method not in LECTURES:
            if trop := ratelimit.consume_or_429(request, action="reprise"):
                return trop  # type: ignore[no-any-return]
            reprise.garder(request)
            suite = reverse("comptes:reprise")
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': suite})}")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Rien de privé ne reste dans le navigateur ; le texte gardé s'oublie dès qu'il est arrivé.

        Arrivé : un POST accepté, à la même adresse, d'une personne connectée.
        """
        if _is_privee(request, response):
            add_never_cache_headers(response)
        garde = getattr(request, "session", {}).get(reprise.CLE) if request.method == "POST" else None
        is_accepte = response.status_code in (302, 303) and request.user.is_authenticated
        if garde and is_accepte and garde["adresse"] == request.get_full_path():
            reprise.effacer(request)
        return response

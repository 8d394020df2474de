"""Ce que plusieurs vues des comptes partagent."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from participation.common.errors import RefusMetier
from participation.common.reponses import erreurs_de, refuser, refuser_forme, voir_adresse
from participation.comptes.models import Utilisateur

lire_ou_poster = require_http_methods(["GET", "HEAD", "POST"])


def compte_de(request: HttpRequest) -> Utilisateur:
    """La personne connectée ; la page est réservée, donc elle l'est."""
    return cast(Utilisateur, request.user)


def borner(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Borne les POST de cette vue (ACCOUNT_RATE_LIMITS) : 429, texte rendu, au-delà."""

    def decorer(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vue)
        def bornee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            trop: HttpResponse | None = ratelimit.consume_or_429(request, action=action)
            return trop or vue(request, *args, **kwargs)

        return bornee

    return decorer


def montrer(request: HttpRequest, gabarit: str, contexte: dict[str, Any]) -> HttpResponse:
    """La page et son formulaire : 200 pour une lecture, 422 pour un envoi refusé."""
    if request.method == "POST":
        return refuser_saisie(request, gabarit, contexte)
    return render(request, gabarit, contexte)


def refuser_saisie(request: HttpRequest, gabarit: str, contexte: dict[str, Any], phrase: str = "") -> HttpResponse:
    """422 : la page, ses erreurs, la saisie. `phrase` s'ajoute au formulaire."""
    if phrase:
        contexte["form"].add_error(None, phrase)
    return refuser_forme(request, gabarit, contexte | {"erreurs": erreurs_de(contexte["form"])})


def renvoyer_vers(request: HttpRequest, adresse: str) -> HttpResponse:
    """Ailleurs : 302 pour une lecture, 303 pour un envoi."""
    return voir_adresse(adresse, statut=303 if request.method == "POST" else 302)


def trop_de_codes(request: HttpRequest, adresse: str) -> HttpResponse | None:
    """429 si trop de codes sont partis vers cette adresse ; d'ici d'abord, pour qu'un importun n'y enferme personne."""
    d_ici = f"{adresse} {get_adapter(request).get_client_ip(request)}"
    par_personne: HttpResponse | None = ratelimit.consume_or_429(request, action="code_par_personne", key=d_ici)
    return par_personne or ratelimit.consume_or_429(request, action="code_par_adresse", key=adresse)


def courriel_en_panne(request: HttpRequest) -> HttpResponse:
    """503 : le serveur de courriel ne répond pas."""
    return refuser(request, RefusMetier("indisponible", "Le courriel ne part pas en ce moment. Réessayez plus tard."))

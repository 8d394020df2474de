"""Les pages d'erreur : même voix que le site, texte tapé rendu."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from participation.common.reponses import saisie_rendue


def _erreur(request: HttpRequest, statut: int, gabarit: str | None = None) -> HttpResponse:
    contexte = {"saisie": saisie_rendue(request), "statut": statut}
    return render(request, gabarit or f"erreurs/{statut}.html", contexte, status=statut)


def erreur_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Requête illisible."""
    return _erreur(request, 400)


def erreur_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Geste interdit à ce rôle."""
    return _erreur(request, 403)


def erreur_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Page absente, ou que ce rôle ne doit pas voir."""
    return _erreur(request, 404)


def erreur_500(request: HttpRequest) -> HttpResponse:
    """Faute de notre côté."""
    return _erreur(request, 500)


def csrf_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Jeton de formulaire périmé ou origine étrangère : 403, le texte est rendu."""
    return _erreur(request, 403, "erreurs/csrf.html")

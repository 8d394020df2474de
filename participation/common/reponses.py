"""Les réponses de la maison : 303 après une écriture, jamais 200 sur un refus, le texte tapé toujours rendu."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from participation.common.errors import RefusMetier


def voir(nom: str, *args: Any, **kwargs: Any) -> HttpResponse:
    """303 See Other vers une page nommée (`redirect()` de Django rend 302)."""
    return voir_adresse(reverse(nom, args=args, kwargs=kwargs))


def voir_adresse(adresse: str) -> HttpResponse:
    """303 See Other vers une adresse du site."""
    return HttpResponse(status=303, headers={"Location": adresse})


def refuser_forme(request: HttpRequest, gabarit: str, contexte: dict[str, Any]) -> HttpResponse:
    """422 : la page du formulaire, ses erreurs et la saisie."""
    return render(request, gabarit, contexte, status=422)


def refuser(
    request: HttpRequest, refus: RefusMetier, *, gabarit: str | None = None, contexte: dict[str, Any] | None = None
) -> HttpResponse:
    """La page du refus, à son statut. Sans gabarit propre : la page d'erreur de ce statut, qui rend le texte tapé."""
    propre = gabarit or f"erreurs/{refus.statut}.html"
    return render(
        request, propre, (contexte or {}) | {"refus": refus, "saisie": saisie_rendue(request)}, status=refus.statut
    )


CHAMPS_CACHES = {"csrfmiddlewaretoken", "cle", "projet_v", "remplace", "v", "password", "code"}


def saisie_rendue(request: HttpRequest) -> list[tuple[str, str]]:
    """Ce que la personne a tapé (nom, texte), pour le lui rendre. Lit le corps sans jamais échouer."""
    try:
        champs = request.POST.lists()
        return [(nom, v) for nom, vs in champs for v in vs if v.strip() and nom not in CHAMPS_CACHES]
    except Exception:  # un corps illisible ne doit pas cacher la première erreur
        return []


def erreurs_de(form: Form) -> list[tuple[str, str]]:
    """(identifiant du champ, phrase) pour le résumé en tête de page."""
    return [(form[n].id_for_label if n in form.fields else "", str(e)) for n, es in form.errors.items() for e in es]

"""Les réponses de la maison : 303 après une écriture, jamais 200 sur un refus, le texte tapé toujours rendu."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import DisallowedHost
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

from participation.common.errors import RefusMetier


def voir(nom: str, *args: Any, **kwargs: Any) -> HttpResponse:
    """303 See Other vers une page nommée (`redirect()` de Django rend 302)."""
    return voir_adresse(reverse(nom, args=args, kwargs=kwargs))


def voir_adresse(adresse: str, *, statut: int = 303) -> HttpResponse:
    """303 See Other (ou 302 pour une lecture) vers une adresse du site ; accents et blancs y sont codés."""
    return HttpResponse(status=statut, headers={"Location": iri_to_uri(adresse)})


def refuser_forme(request: HttpRequest, gabarit: str, contexte: dict[str, Any]) -> HttpResponse:
    """422 : la page du formulaire, ses erreurs et la saisie."""
    return render(request, gabarit, contexte, status=422)


def refuser(
    request: HttpRequest, refus: RefusMetier, *, gabarit: str | None = None, contexte: dict[str, Any] | None = None
) -> HttpResponse:
    """La page du refus, à son statut. Sans gabarit propre : la page d'erreur de ce statut, qui rend le texte tapé."""
    propre = gabarit or f"erreurs/{refus.statut}.html"
    commun: dict[str, Any] = {"refus": refus, "saisie": saisie_en_mots(request), "statut": refus.statut}
    commun["retour"] = page_davant(request)
    return render(request, propre, commun | (contexte or {}), status=refus.statut)


CHAMPS_CACHES = frozenset(
    {"csrfmiddlewaretoken", "cle", "projet_v", "remplace", "v", "password", "code", "retour", "au_nom_de", "action"}
    | {"next", "etape", "suite", "observations_total"}
)
"""Ce que la page ajoute d'elle-même à un envoi : la personne ne l'a pas écrit, on ne le lui rend pas."""


def saisie_rendue(request: HttpRequest) -> list[tuple[str, str]]:
    """Ce que la personne a tapé (nom, texte), pour le lui rendre. Lit le corps sans jamais échouer."""
    return [(nom, v) for nom, vs in _champs(request) for v in vs if v.strip() and nom not in CHAMPS_CACHES]


LIBELLES: dict[str, Callable[[str], str]] = {}
"""Champ choisi dans une liste → ce que sa valeur nomme ; chaque application inscrit les siens (apps.ready)."""


def saisie_en_mots(request: HttpRequest) -> list[tuple[str, str]]:
    """La saisie rendue, les choix par leur nom. Lit la base : jamais sur une page de panne."""
    return [(nom, LIBELLES[nom](texte) if nom in LIBELLES else texte) for nom, texte in saisie_rendue(request)]


def champs_renvoyes(request: HttpRequest) -> list[tuple[str, str]]:
    """Tous les champs envoyés (nom, valeur), sauf le jeton, pour les renvoyer tels quels."""
    return [(nom, v) for nom, vs in _champs(request) for v in vs if nom != "csrfmiddlewaretoken"]


def _champs(request: HttpRequest) -> list[tuple[str, list[str]]]:
    try:
        return list(request.POST.lists())
    except Exception:  # un corps illisible ne doit pas cacher la première erreur
        return []


def erreurs_de(form: BaseForm) -> list[tuple[str, str]]:
    """(identifiant du champ, phrase) pour le résumé en tête de page. Sans identifiant : erreur du formulaire entier."""
    return [(_cible(form, nom), str(erreur)) for nom, erreurs in form.errors.items() for erreur in erreurs]


def _cible(form: BaseForm, nom: str) -> str:
    """L'élément à rejoindre : le champ, ou le premier choix d'un groupe."""
    if nom not in form.fields:
        return ""
    champ = form[nom]
    return champ.id_for_label or f"{champ.auto_id}_0"


def is_du_site(adresse: str) -> bool:
    """Vrai pour un chemin de ce site (« /… »). Ni autre site, ni contre-oblique, ni signe invisible.

    Un navigateur lit « /\\ailleurs.fr » et « /<tabulation>/ailleurs.fr » comme « //ailleurs.fr » : une redirection
    ouverte.
    """
    is_lisible = adresse.isprintable() and "\\" not in adresse
    return is_lisible and adresse.startswith("/") and url_has_allowed_host_and_scheme(adresse, allowed_hosts=None)


def retour_sur(request: HttpRequest, adresse: str) -> str:
    """Le chemin d'une page de ce site, ou vide : jamais une redirection ouverte."""
    is_d_ici = url_has_allowed_host_and_scheme(adresse, {request.get_host()}, require_https=request.is_secure())
    if not is_d_ici or not adresse.isprintable():  # urlsplit retire les fins de ligne en silence
        return ""
    chemin = urlunsplit(("", "", *urlsplit(adresse)[2:4], ""))
    return chemin if is_du_site(chemin) else ""


def page_davant(request: HttpRequest) -> str:
    """La page à rouvrir après une erreur : elle-même si on la lisait, sinon celle du formulaire (ou vide)."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    try:
        return retour_sur(request, request.headers.get("Referer", ""))
    except DisallowedHost:  # l'hôte demandé est faux : c'est peut-être l'erreur qu'on est en train de dire
        return ""

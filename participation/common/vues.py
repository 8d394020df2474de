"""Les pages d'erreur, l'identité, les réglages d'affichage, la vitrine des composants."""

import logging
import mimetypes
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import condition, require_http_methods, require_safe

from participation.common import couleurs
from participation.common.affichage import TAILLES, THEMES, UN_AN, Affichage
from participation.common.forms import AffichageForm
from participation.common.identite import couleurs_de, empreinte, identite_de
from participation.common.pannes import is_panne
from participation.common.reponses import (
    champs_renvoyes,
    page_davant,
    refuser_forme,
    retour_sur,
    saisie_en_mots,
    saisie_rendue,
    voir_adresse,
)

journal = logging.getLogger(__name__)


def _erreur(request: HttpRequest, statut: int, gabarit: str | None = None, **contexte: Any) -> HttpResponse:
    contexte |= {"saisie": saisie_en_mots(request), "statut": statut}
    return render(request, gabarit or f"erreurs/{statut}.html", contexte, status=statut)


def _erreur_nue(request: HttpRequest, statut: int) -> HttpResponse:
    """Une page d'erreur qui ne lit ni base, ni session, ni données : elle doit tenir quand tout le reste tombe."""
    saisie = saisie_rendue(request)
    contexte = {
        "saisie": saisie,
        "statut": statut,
        "affichage": Affichage.des_temoins(request.COOKIES),
        "retour": page_davant(request),
    }
    try:
        return HttpResponse(render_to_string(f"erreurs/{statut}.html", contexte), status=statut)
    except Exception:  # dernier rempart : même la planche d'icônes peut manquer
        journal.exception("La page d'erreur %s ne se rend pas", statut)
        texte = "\n\n".join(["Une panne de notre côté. Réessayez dans une minute.", *(t for _, t in saisie)])
        return HttpResponse(texte, status=statut, content_type="text/plain; charset=utf-8")


def erreur_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Requête illisible, ou trop lourde (413). Page nue : l'hôte lui-même peut être faux."""
    return _erreur_nue(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def erreur_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Geste interdit à ce rôle."""
    return _erreur(request, 403)


def erreur_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Page absente, ou que ce rôle ne doit pas voir."""
    return _erreur(request, 404)


def erreur_429(request: HttpRequest) -> HttpResponse:
    """Trop de demandes en peu de temps : le texte est rendu."""
    return _erreur(request, 429)


def erreur_500(request: HttpRequest) -> HttpResponse:
    """Faute de notre côté, ou panne tombée hors d'une vue (503). Ne lit aucune base."""
    if is_panne(sys.exc_info()[1]):
        return erreur_503(request)
    return _erreur_nue(request, 500)


def erreur_503(request: HttpRequest, attendre: int = 60) -> HttpResponse:
    """Base ou disque en panne. Ne lit aucune base ; `attendre` en secondes."""
    reponse = _erreur_nue(request, 503)
    reponse["Retry-After"] = str(attendre)
    return reponse


def csrf_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Jeton de formulaire périmé : 403, le texte est rendu et se renvoie. Origine étrangère : rien ne se renvoie."""
    is_etranger = reason.startswith(("Origin", "Referer")) or request.headers.get("Sec-Fetch-Site") == "cross-site"
    renvoi = [] if is_etranger else champs_renvoyes(request)
    return _erreur(request, 403, "erreurs/csrf.html", renvoi=renvoi)


def _etag(request: HttpRequest) -> str:
    return f'"{empreinte(identite_de(request)) or "maison"}"'


@login_not_required
@require_safe
@condition(etag_func=_etag)
def identite(request: HttpRequest) -> HttpResponse:
    """La feuille des couleurs. Gardée un an par le navigateur quand l'adresse porte l'empreinte en cours."""
    actuelle = identite_de(request)
    reponse = HttpResponse(couleurs.feuille(couleurs_de(actuelle)), content_type="text/css; charset=utf-8")
    is_exacte = bool(request.GET.get("e")) and request.GET["e"] == empreinte(actuelle)
    reponse["Cache-Control"] = "public, max-age=31536000, immutable" if is_exacte else "no-cache"
    return reponse


@login_not_required
@require_safe
def identite_logo(request: HttpRequest) -> HttpResponse:
    """Le logo de l'agglomération, si elle en a déposé un."""
    logo = identite_de(request).logo
    nature = mimetypes.guess_type(logo.name)[0] if logo else None
    if nature not in {"image/svg+xml", "image/png"} or not logo.storage.exists(logo.name):
        raise Http404
    with logo.open("rb") as fichier:  # 200 Ko au plus (territoires.validateurs)
        return HttpResponse(fichier.read(), content_type=nature, headers={"Cache-Control": "public, max-age=300"})


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Les navigateurs demandent cette adresse d'eux-mêmes : elle mène au logo."""
    return voir_adresse(static("icons/logo.svg"), statut=302)


def _reglages(retour: str) -> dict[str, Any]:
    return {"themes": THEMES, "tailles": TAILLES, "retour": retour, "form": None}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def affichage(request: HttpRequest) -> HttpResponse:
    """Thème et taille du texte, gardés par témoins ; retour à la page d'avant, du même site."""
    if request.method != "POST":
        retour = retour_sur(request, request.headers.get("Referer", ""))
        return render(request, "common/affichage.html", _reglages(retour))
    form = AffichageForm(request.POST)
    if not form.is_valid():
        return refuser_forme(request, "common/affichage.html", _reglages("") | {"form": form})
    reponse = voir_adresse(retour_sur(request, form.cleaned_data["retour"]) or request.path)
    for nom in ("theme", "taille"):
        reponse.set_cookie(
            nom, form.cleaned_data[nom], max_age=UN_AN, samesite="Lax", httponly=True, secure=settings.EN_HTTPS
        )
    return reponse

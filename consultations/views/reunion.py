"""Le mode réunion (écran 14) : un appareil, une personne tape ; puis la feuille à signer, ou la relecture."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations.models import ProjetAvis, Saisine
from consultations.queries_pages import contenu_de, projet_de
from consultations.views import presentation
from consultations.views.communs import refus_du_temps, saisine_du_mandat
from consultations.views.projet import enregistrer, trop_tard
from consultations.views.saisie_projet import contexte_du_projet
from participation.common import pdf
from participation.common.requetes import recu_le
from participation.territoires.models import Instance
from participation.territoires.queries import identite

FEUILLE = "feuilles/reunion.html"


def _saisine_du_conseil(request: HttpRequest, slug: str, pk: UUID) -> Saisine:
    """La saisine d'un conseil, pour un de ses mandats. Un conseil municipal vote en séance : 404."""
    saisine = saisine_du_mandat(request, slug, pk)
    if saisine.instance.type == Instance.Type.CONSEIL_MUNICIPAL:
        raise Http404
    return saisine


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reunion(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """La réunion sur un seul écran. POST enregistre le projet, comme `…/projet/` : mêmes champs, même version."""
    saisine = _saisine_du_conseil(request, slug, pk)
    projet = projet_de(saisine)
    if request.method == "POST":
        return enregistrer(request, saisine, projet, etape="reunion")
    if refus := refus_du_temps(saisine, recu_le(request)):
        return trop_tard(request, refus, saisine, projet)
    return render(request, "consultations/reunion.html", contexte_du_projet(request, saisine, projet, "reunion"))


def _contenu_de_la_feuille(saisine: Saisine, projet: ProjetAvis) -> dict[str, Any]:
    return {
        "saisine": saisine,
        "consultation": saisine.consultation,
        "projet": projet,
        "contenu": contenu_de(projet),
        "noms": presentation.noms_de(saisine.instance),
        "epci": identite(),
    }


@never_cache
@require_safe
def feuille(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """La feuille à signer : le projet tel qu'il se publierait. Le serveur n'en garde pas de copie (règle 21)."""
    saisine = _saisine_du_conseil(request, slug, pk)
    projet = projet_de(saisine)
    contexte, instant = _contenu_de_la_feuille(saisine, projet), projet.modifie_le or saisine.transmise_le
    try:
        chemin = pdf.rendre(gabarit=FEUILLE, contexte=contexte, instant=instant, identifiant=f"reunion-{saisine.pk}")
        reponse = pdf.servir(chemin, f"avis-a-signer-{saisine.instance.slug}.pdf")
    except pdf.PdfIndisponible as refus:
        return pdf.indisponible(request, refus)
    chemin.unlink(missing_ok=True)
    return reponse

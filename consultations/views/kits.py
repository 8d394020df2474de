"""Les kits : ce que la mairie reprend au traitement de texte, ce que le conseil imprime. À l'instance et aux agents."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from consultations import kit_conseil
from consultations.etats import Etat
from consultations.kit_mairie import ConseilVise, Kit, en_odt
from consultations.models import Saisine
from consultations.permissions import can_lire_avis, can_prendre_le_kit
from consultations.queries import avis_des
from consultations.queries_kits import saisines_des_conseils
from consultations.queries_pages import contenu_de
from consultations.views import presentation
from consultations.views.communs import saisine_visible
from participation.common import odt, pdf
from participation.common.requetes import recu_le
from participation.territoires.models import Instance
from participation.territoires.queries import identite


def _saisine(request: HttpRequest, slug: str, pk: UUID) -> Saisine:
    """La saisine, si cette personne prend son kit. Lève Http404 sinon."""
    saisine: Saisine = saisine_visible(request, slug, pk)
    if not can_prendre_le_kit(request.user, saisine, recu_le(request)):
        raise Http404
    return saisine


def _is_commune(saisine: Saisine) -> bool:
    return saisine.instance.type == Instance.Type.CONSEIL_MUNICIPAL


def _conseils(request: HttpRequest, saisine: Saisine) -> list[ConseilVise]:
    """Les conseils citoyens de la commune, et leur avis pour qui peut le lire (règles 19, 20)."""
    now = recu_le(request)
    saisines = saisines_des_conseils(saisine, now)
    avis, vises = avis_des(saisines), []
    for une in saisines:
        lu = avis.get(vars(une)["avis_en_vigueur_id"]) if can_lire_avis(request.user, une, now) else None
        demandes = contenu_de(lu).demandes if lu and not lu.is_silence else ()
        vises.append(ConseilVise(une, Etat(vars(une)["etat"]), lu, demandes))
    return vises


@require_safe
def kit(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Le kit de la mairie, ou celui du conseil : ce qu'il contient, et comment s'en servir."""
    saisine = _saisine(request, slug, pk)
    contexte: dict[str, Any] = {
        "saisine": saisine,
        "consultation": saisine.consultation,
        "is_commune": _is_commune(saisine),
        "noms": presentation.noms_de(saisine.instance),
        "conseils": _conseils(request, saisine) if _is_commune(saisine) else [],
    }
    return render(request, "consultations/kit.html", contexte)


@require_safe
def kit_odt(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """`…/kit.odt` : projet de délibération et note de synthèse d'une commune ; 404 pour une autre instance."""
    saisine = _saisine(request, slug, pk)
    if not _is_commune(saisine):
        raise Http404
    adresse = f"{settings.SITE_URL}{reverse('consultations:saisine', args=[slug, pk])}"
    octets = en_odt(Kit(saisine, identite(), _conseils(request, saisine), adresse))
    reponse = odt.servir(octets, f"kit-mairie-{saisine.instance.slug}.odt")
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_safe
def kit_pdf(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """`…/kit.pdf` : les huit pages d'un conseil ; 404 pour une commune. Pango absent : 503."""
    saisine = _saisine(request, slug, pk)
    if _is_commune(saisine):
        raise Http404
    try:
        chemin = kit_conseil.en_pdf(saisine, silence=presentation.phrase_du_silence(saisine.instance))
    except pdf.PdfIndisponible as refus:
        return pdf.indisponible(request, refus)
    reponse = pdf.servir(chemin, f"kit-{saisine.instance.slug}.pdf")
    reponse["Cache-Control"] = "private, no-cache"
    return reponse

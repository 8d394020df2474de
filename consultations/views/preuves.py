"""Les documents de la preuve : la fiche en PDF, le dossier pour le tribunal, les pièces qui prouvent."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from consultations import dossier as dossiers
from consultations.models import Saisine
from consultations.permissions import can_lire_le_detail
from consultations.preuve_pdf import fiche_en_pdf
from consultations.views.communs import fiche_lue, saisine_visible
from participation.common import pdf
from participation.common.requetes import recu_le
from participation.pieces.models import PieceJointe
from participation.pieces.service import servir

A_CETTE_PERSONNE = "private, no-cache"
"""La même adresse rend la fiche publique ou le détail, selon qui la demande : aucun intermédiaire ne la garde."""


def _saisine_detaillee(request: HttpRequest, slug: str, pk: UUID) -> Saisine:
    """La saisine, si cette personne lit le détail de sa fiche. Lève Http404 sinon."""
    saisine: Saisine = saisine_visible(request, slug, pk)
    if not can_lire_le_detail(request.user, saisine, recu_le(request)):
        raise Http404
    return saisine


@login_not_required
@require_safe
def preuve_pdf(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """`…/saisines/<id>/preuve.pdf` : la fiche publique pour tous, détaillée pour les agents et l'instance."""
    fiche = fiche_lue(request, saisine_visible(request, slug, pk))
    try:
        chemin = fiche_en_pdf(fiche)
    except pdf.PdfIndisponible as refus:
        return pdf.indisponible(request, refus)
    nom = f"fiche-de-preuve-{slug}-{pk.hex[-10:]}{'-detail' if fiche.has_detail else ''}.pdf"
    reponse = pdf.servir(chemin, nom)
    reponse["Cache-Control"] = A_CETTE_PERSONNE
    return reponse


@require_safe
def dossier(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """`…/saisines/<id>/dossier.zip` : le dossier de preuve, aux agents et à l'instance ; 404 sinon."""
    fiche = fiche_lue(request, _saisine_detaillee(request, slug, pk))
    try:
        octets = dossiers.en_zip(fiche, fiche_en_pdf(fiche).read_bytes())
    except pdf.PdfIndisponible as refus:
        return pdf.indisponible(request, refus)
    nom = f"dossier-de-preuve-{slug}-{pk.hex[-10:]}.zip"
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"', "Cache-Control": "private, no-store"}
    return HttpResponse(octets, content_type="application/zip", headers=entetes)


@login_not_required
@require_safe
def contribution_piece(request: HttpRequest, slug: str, pk: UUID, contribution: UUID) -> HttpResponse:
    """La preuve d'une contribution, en téléchargement, aux agents et à l'instance : elle peut nommer quelqu'un."""
    saisine = _saisine_detaillee(request, slug, pk)
    return servir(get_object_or_404(saisine.contributions.select_related("piece"), pk=contribution).piece)


@login_not_required
@require_safe
def preuve_piece(request: HttpRequest, slug: str, pk: UUID, preuve: UUID) -> HttpResponse:
    """La pièce d'une preuve de remise, en téléchargement, aux agents et à l'instance : elle peut nommer quelqu'un."""
    saisine = _saisine_detaillee(request, slug, pk)
    piece = get_object_or_404(saisine.preuves.select_related("piece"), pk=preuve).piece
    return servir(_presente(piece))


def _presente(piece: PieceJointe | None) -> PieceJointe:
    if piece is None:
        raise Http404("Cette preuve n'a pas de pièce.")
    return piece

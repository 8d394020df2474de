"""Les documents d'une consultation : annexe, accusé, rapport."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from consultations.annexe import Annexe, composer
from consultations.annexe_odt import en_odt
from consultations.models import Avis, Consultation
from consultations.permissions import can_lire_avis
from consultations.queries import avis_des, saisines_completes, saisines_remplacees
from consultations.queries_actes import contributions_des
from consultations.queries_circuit import contenu_de_la_loi, etapes_de
from consultations.views.donnees import consultation_ouverte
from participation.common import odt, pdf
from participation.common.requetes import recu_le
from participation.rapports.feuille import contexte_du_rapport
from participation.registre.queries import derniere_de, entree_de
from participation.territoires.queries import identite


def _avis(request: HttpRequest, consultation: Consultation, pk: UUID) -> Avis:
    """Un avis exprimé de cette consultation, lisible par cette personne ; sinon 404 (un silence n'a pas d'accusé)."""
    lignes = Avis.objects.select_related("saisine__instance", "saisine__version__rapport", "remplace")
    avis = get_object_or_404(lignes, pk=pk, saisine__consultation=consultation)
    if avis.is_silence or not can_lire_avis(request.user, avis.saisine, recu_le(request)):
        raise Http404
    return avis


def _annexe(request: HttpRequest, slug: str) -> Annexe:
    consultation = consultation_ouverte(request, slug)
    now = recu_le(request)
    saisines, remplacees = saisines_completes(consultation, now), saisines_remplacees(consultation, now)
    return composer(
        consultation,
        saisines,
        avis_des([*saisines, *remplacees]),
        derniere_de(consultation.pk),
        actes=list(consultation.actes.order_by("n")),
        contributions=contributions_des(consultation, now),
        etapes=etapes_de(consultation),
        points=contenu_de_la_loi(consultation),
        remplacees=remplacees,
    )


def _document(
    request: HttpRequest,
    nom: str,
    *,
    gabarit: str,
    contexte: dict[str, Any],
    instant: datetime,
    identifiant: str,
    repli: str = "",
) -> HttpResponse:
    """Le PDF, ou 503 avec le moment où revenir."""
    try:
        chemin = pdf.rendre(
            gabarit=gabarit, contexte=contexte | {"epci": identite()}, instant=instant, identifiant=identifiant
        )
    except pdf.PdfIndisponible as refus:
        return pdf.indisponible(request, refus, repli=repli)
    return pdf.servir(chemin, nom)


@login_not_required
@require_safe
def annexe(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/annexe.pdf` : le livrable (règle 18). Pango absent ou rendu trop long : 503, avec l'adresse de l'ODT."""
    document = _annexe(request, slug)
    return _document(
        request,
        f"annexe-{slug}.pdf",
        gabarit="feuilles/annexe.html",
        contexte={"annexe": document, "consultation": document.consultation},
        instant=document.instant,
        identifiant=f"annexe-{document.consultation.pk}",
        repli=reverse("consultations:annexe_odt", args=[slug]),
    )


@login_not_required
@require_safe
def annexe_odt(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/annexe.odt` : la même annexe, pour traitement de texte."""
    return odt.servir(en_odt(_annexe(request, slug)), f"annexe-{slug}.odt")


@login_not_required
@require_safe
def accuse(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """`…/avis/<id>/accuse.pdf` : l'accusé de réception (règle 13), pour qui peut lire l'avis."""
    consultation = consultation_ouverte(request, slug)
    avis = _avis(request, consultation, pk)
    return _document(
        request,
        f"accuse-{avis.numero}.pdf",
        gabarit="feuilles/accuse.html",
        contexte={"avis": avis, "entree": entree_de("consultations.Avis", pk), "consultation": consultation},
        instant=avis.inscrit_le,
        identifiant=f"accuse-{avis.pk}",
    )


@login_not_required
@require_safe
def rapport_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/rapport.pdf` : la version transmise, telle que figée."""
    consultation = consultation_ouverte(request, slug)
    version = consultation.version
    return _document(
        request,
        f"rapport-{slug}.pdf",
        gabarit="feuilles/rapport.html",
        contexte=contexte_du_rapport(version),
        instant=version.figee_le or consultation.creee_le,
        identifiant=f"rapport-{version.pk}",
    )

"""Ce que les vues partagent : trouver la consultation ou la saisine, ou répondre 404 à qui ne doit pas la voir."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from consultations.actions.depot import exiger_le_temps
from consultations.models import Consultation, Saisine
from consultations.permissions import can_lire_avis, can_lire_le_detail, can_lire_projet, can_voir
from consultations.preuve import Fiche
from consultations.queries_pages import saisine_lue
from consultations.queries_preuve import fiche_de
from participation.common.errors import RefusMetier
from participation.common.requetes import recu_le
from participation.comptes.models import Utilisateur


def personne_de(request: HttpRequest) -> Utilisateur:
    """La personne connectée. Les vues réservées ne sont jamais atteintes sans elle (`ConnexionExigee`)."""
    if not isinstance(request.user, Utilisateur):
        raise Http404
    return request.user


def consultation_visible(request: HttpRequest, slug: str) -> Consultation:
    """La consultation, si cette personne peut la voir. Lève Http404 sinon (règle 20)."""
    consultation = get_object_or_404(Consultation.objects.select_related("version__rapport"), slug=slug)
    if not can_voir(request.user, consultation, recu_le(request)):
        raise Http404
    return consultation


def saisine_visible(request: HttpRequest, slug: str, pk: UUID) -> Saisine:
    """La saisine annotée de son état, si sa consultation est visible. Lève Http404 sinon."""
    saisine = saisine_lue(consultation_visible(request, slug), pk, recu_le(request))
    if saisine is None:
        raise Http404
    return saisine


def fiche_lue(request: HttpRequest, saisine: Saisine) -> Fiche:
    """La fiche de preuve de cette saisine, telle que cette personne peut la lire (règle 20)."""
    now = recu_le(request)
    return fiche_de(
        saisine,
        now,
        is_lisible=can_lire_avis(request.user, saisine, now),
        has_detail=can_lire_le_detail(request.user, saisine, now),
    )


def saisine_du_mandat(request: HttpRequest, slug: str, pk: UUID) -> Saisine:
    """La saisine, si cette personne a un mandat en cours dans l'instance. Http404 sinon, agent compris (règle 21)."""
    saisine = saisine_visible(request, slug, pk)
    if not can_lire_projet(request.user, saisine, recu_le(request)):
        raise Http404
    return saisine


def refus_du_temps(saisine: Saisine, instant: datetime) -> RefusMetier | None:
    """Ce que l'action répondrait à un dépôt reçu à cet instant, s'il arrive trop tard ; None s'il arrive à temps."""
    try:
        exiger_le_temps(saisine, instant)
    except RefusMetier as refus:
        return refus
    return None

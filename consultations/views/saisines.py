"""La fiche de preuve d'une saisine, et « J'ai bien reçu »."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from consultations.actions.demande import demander_du_temps
from consultations.actions.remise import accuser_reception
from consultations.etats import EXPRIMES, Etat, Fondement
from consultations.models import PreuveRemise, Saisine
from consultations.permissions import can_deposer_avis, can_inscrire_remise, can_lire_avis
from consultations.queries import etiquettes
from consultations.queries_actes import actes_de, complements_de, contributions_de, has_demande
from consultations.queries_pages import entrees_de, versions_de
from consultations.rules import PHRASES_DU_SILENCE
from consultations.views import presentation
from consultations.views.communs import personne_de, saisine_visible
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, voir
from participation.common.requetes import recu_le
from participation.pieces.service import servir
from participation.registre.queries import en_clair
from participation.territoires.models import Instance


@login_not_required
@require_safe
def saisine(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """La fiche de preuve, publique et sans donnée personnelle (règle 20) ; le détail aux agents et à l'instance."""
    fiche, now = saisine_visible(request, slug, pk), recu_le(request)
    preuves = list(fiche.preuves.order_by("remis_le"))
    is_mandat = can_deposer_avis(request.user, fiche, now)
    droits = {
        "is_mandat": is_mandat,
        "has_detail": is_mandat or can_inscrire_remise(request.user),
        "is_a_confirmer": is_mandat and now < fiche.borne and not _is_confirmee(preuves) and not _is_repondue(fiche),
    }
    contexte = _fiche(fiche, preuves, now, is_lisible=can_lire_avis(request.user, fiche, now))
    return render(request, "consultations/saisine.html", droits | contexte)


def _fiche(fiche: Saisine, preuves: list[PreuveRemise], now: datetime, *, is_lisible: bool) -> dict[str, Any]:
    etat = Etat(fiche.etat)  # type: ignore[attr-defined]
    is_close = now >= fiche.borne
    publies = [a for a in versions_de(fiche) if is_close or not a.is_silence]
    recues = contributions_de(fiche)
    complements = complements_de(publies)
    signes = [a for a in actes_de(fiche.consultation) if a.vise(fiche)]
    inscrits = [p.pk for p in preuves], [a.pk for a in publies]
    autres = [o.pk for o in (*recues, *complements, *(a.acte for a in signes))]
    return {
        "saisine": fiche,
        "consultation": fiche.consultation,
        "etat": etat,
        "phrase": presentation.phrase_d_etat(fiche, etat),
        "is_repondue": _is_repondue(fiche),
        "etiquettes": etiquettes(fiche, etat, now),
        "icone_genre": presentation.ICONES[Instance.Type(fiche.instance.type)],
        "noms": presentation.noms_de(fiche.instance),
        "phrase_du_silence": presentation.phrase_du_silence(fiche.instance),
        "preuves": preuves,
        "fondement": PHRASES_DU_SILENCE[Fondement(fiche.fondement)],
        "versions": publies if is_lisible else [],
        "contributions": recues,
        "is_lisible": is_lisible,
        "complements": complements if is_lisible else [],
        "signes": signes,
        "has_demande": has_demande(fiche),
        "actes": en_clair(entrees_de(fiche, *inscrits, autres)),
        "is_ouverte": not is_close and fiche.remplacee_le is None and fiche.retiree_le is None,
    }


def _is_repondue(fiche: Saisine) -> bool:
    """Vrai si un avis est déposé : répondre prouve la réception, et le silence n'est plus en question."""
    return Etat(fiche.etat) in EXPRIMES  # type: ignore[attr-defined]


def _is_confirmee(preuves: list[PreuveRemise]) -> bool:
    return any(p.moyen == PreuveRemise.Moyen.JAI_RECU for p in preuves)


@require_POST
def recu(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """« J'ai bien reçu », par une personne mandatée (règle 6). Un second appui ne crée rien."""
    fiche: Saisine = saisine_visible(request, slug, pk)
    try:
        accuser_reception(saisine=fiche, par=personne_de(request), now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus)
    return voir("consultations:saisine", slug, pk)


@require_POST
def temps(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """« Demander plus de temps », par une personne mandatée : une alerte sur le bureau des agents (règle 9)."""
    fiche: Saisine = saisine_visible(request, slug, pk)
    try:
        demander_du_temps(saisine=fiche, par=personne_de(request), now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus)
    return voir("consultations:saisine", slug, pk)


@login_not_required
@require_safe
def contribution_piece(request: HttpRequest, slug: str, pk: UUID, contribution: UUID) -> HttpResponse:
    """La preuve d'une contribution, en téléchargement, aux agents et à l'instance : elle peut nommer quelqu'un."""
    fiche, now = saisine_visible(request, slug, pk), recu_le(request)
    if not (can_deposer_avis(request.user, fiche, now) or can_inscrire_remise(request.user)):
        raise Http404
    recue = get_object_or_404(fiche.contributions.select_related("piece"), pk=contribution)
    return servir(recue.piece)

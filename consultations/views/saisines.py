"""La fiche de preuve d'une saisine, et « J'ai bien reçu »."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from consultations.actions.demande import demander_du_temps
from consultations.actions.remise import accuser_reception
from consultations.etats import EXPRIMES, Etat
from consultations.models import PreuveRemise, Saisine
from consultations.permissions import can_lire_projet
from consultations.preuve import Fiche
from consultations.queries_actes import has_demande
from consultations.queries_pages import nouvelle_saisine
from consultations.seances import annonce, is_trop_tard, seances_attendues
from consultations.views import presentation
from consultations.views.communs import fiche_lue, personne_de, saisine_visible
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, voir
from participation.common.requetes import recu_le
from participation.territoires.models import Instance


@login_not_required
@require_safe
def saisine(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """La fiche de preuve, publique et sans donnée personnelle (règle 20) ; le détail aux agents et à l'instance."""
    vue, now = saisine_visible(request, slug, pk), recu_le(request)
    fiche = fiche_lue(request, vue)
    is_mandat, is_repondue = can_lire_projet(request.user, vue, now), _is_repondue(vue)
    is_ouverte = now < vue.borne and vue.remplacee_le is None and vue.retiree_le is None
    gestes = {
        "is_mandat": is_mandat,
        "is_repondue": is_repondue,
        "is_a_confirmer": is_mandat and is_ouverte and not _is_confirmee(fiche) and not is_repondue,
        "is_ouverte": is_ouverte,
        "nouvelle": nouvelle_saisine(vue),
        "has_demande": has_demande(vue),
    } | _seance(vue, now)
    return render(request, "consultations/saisine.html", gestes | _contexte(fiche))


def _seance(saisine: Saisine, now: datetime) -> dict[str, Any]:
    """La réunion que l'instance annonce, dite à tous, et demandée à ses mandats."""
    seances = seances_attendues([saisine], now)
    seance = seances.get(saisine.instance_id)
    is_tard = seance is not None and is_trop_tard(saisine, seance)
    return {"seance": seance, "annonce": annonce(saisine, seances), "is_seance_tardive": is_tard}


def _contexte(fiche: Fiche) -> dict[str, Any]:
    saisine = fiche.saisine
    return {
        "fiche": fiche,
        "saisine": saisine,
        "consultation": saisine.consultation,
        "etat": fiche.etat,
        "phrase": presentation.phrase_d_etat(saisine, fiche.etat),
        "icone_genre": presentation.ICONES[Instance.Type(saisine.instance.type)],
        "noms": presentation.noms_de(saisine.instance),
        "is_commune": saisine.instance.type == Instance.Type.CONSEIL_MUNICIPAL,
        "phrase_du_silence": presentation.phrase_du_silence(saisine.instance),
    }


def _is_repondue(fiche: Saisine) -> bool:
    """Vrai si un avis est déposé : répondre prouve la réception, et le silence n'est plus en question."""
    return Etat(fiche.etat) in EXPRIMES  # type: ignore[attr-defined]


def _is_confirmee(fiche: Fiche) -> bool:
    return any(r.preuve.moyen == PreuveRemise.Moyen.JAI_RECU for r in fiche.remises)


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

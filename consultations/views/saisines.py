"""La fiche de preuve d'une saisine, et « J'ai bien reçu »."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from consultations.actions.remise import accuser_reception
from consultations.etats import EXPRIMES, Etat, Fondement
from consultations.models import PreuveRemise, Saisine
from consultations.permissions import can_deposer_avis, can_inscrire_remise, can_lire_avis
from consultations.queries_pages import entrees_de, versions_de
from consultations.rules import PHRASES_DU_SILENCE
from consultations.views import presentation
from consultations.views.communs import personne_de, saisine_visible
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, voir
from participation.common.requetes import recu_le
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
    is_lisible = can_lire_avis(request.user, fiche, now)
    return render(request, "consultations/saisine.html", droits | _fiche(fiche, preuves, now, is_lisible=is_lisible))


def _fiche(fiche: Saisine, preuves: list[PreuveRemise], now: datetime, *, is_lisible: bool) -> dict[str, Any]:
    etat = Etat(fiche.etat)  # type: ignore[attr-defined]
    is_close = now >= fiche.borne
    publies = [a for a in versions_de(fiche) if is_close or not a.is_silence]
    return {
        "saisine": fiche,
        "consultation": fiche.consultation,
        "etat": etat,
        "phrase": presentation.phrase_d_etat(fiche, etat),
        "is_repondue": _is_repondue(fiche),
        "etiquettes": presentation.etiquettes(fiche, etat, now),
        "icone_genre": presentation.ICONES[Instance.Type(fiche.instance.type)],
        "noms": presentation.noms_de(fiche.instance),
        "phrase_du_silence": presentation.phrase_du_silence(fiche.instance),
        "preuves": preuves,
        "fondement": PHRASES_DU_SILENCE[Fondement(fiche.fondement)],
        "versions": publies if is_lisible else [],
        "actes": en_clair(entrees_de(fiche, [p.pk for p in preuves], [a.pk for a in publies])),
        "is_ouverte": not is_close and fiche.remplacee_le is None,
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

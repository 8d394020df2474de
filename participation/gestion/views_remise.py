"""La remise du projet à une instance : la prouver, dire qu'un courriel est revenu, constater (règle 6)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consultations.actions.retour import constater_retour, decisions_possibles
from consultations.models import RetourCourriel, Saisine
from consultations.permissions import can_inscrire_remise
from consultations.queries_remise import retours_lus
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.gestion import queries
from participation.gestion.actions import saisir_remise, saisir_retour
from participation.gestion.forms import RemiseForm
from participation.gestion.forms_retour import ConstatForm, RetourForm
from participation.gestion.remise import RetourLu, courriels_sans_retour, is_precoce, page_de_remise
from participation.gestion.views import LECTURE_ET_ENVOI, du_bureau, personne_de

REMISE, RETOUR, CONSTAT = "gestion/remise.html", "gestion/retour.html", "gestion/retour_constater.html"
INTERDIT = RefusMetier("interdit", "Seul un agent saisit une preuve de remise ou un retour.")


def _saisine(request: HttpRequest, pk: UUID) -> Saisine:
    return get_object_or_404(queries.saisine_du_bureau(recu_le(request)), pk=pk)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def remise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Saisir la preuve qu'une instance a reçu le projet (règle 6)."""
    saisine = _saisine(request, pk)
    if request.method == "POST":
        return _inscrire_remise(request, saisine)
    return render(request, REMISE, page_de_remise(personne_de(request), saisine, RemiseForm(), recu_le(request)))


def _inscrire_remise(request: HttpRequest, saisine: Saisine) -> HttpResponse:
    par, now, form = personne_de(request), recu_le(request), RemiseForm(request.POST, request.FILES)
    if not can_inscrire_remise(par):
        return refuser(request, INTERDIT)
    contexte = page_de_remise(par, saisine, form, now)
    if not form.is_valid():
        return refuser_forme(request, REMISE, contexte)
    saisie, fichier = form.saisie(), form.cleaned_data["piece"]
    try:
        saisir_remise(saisine=saisine, saisie=saisie, fichier=fichier, par=par, now=now)
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=REMISE, contexte=contexte)
    messages.success(request, f"La remise à {saisine.instance} est prouvée.")
    if page_de_remise(par, saisine, form, now)["tardive"]:  # l'alerte est immédiate, avec son geste (règle 6)
        return voir("gestion:remise", saisine.pk)
    return voir("gestion:consultation", saisine.consultation.slug)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def retour(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Dire qu'un courriel de transmission est revenu (règle 6)."""
    if not can_inscrire_remise(request.user):
        return refuser(request, INTERDIT)
    saisine = _saisine(request, pk)
    courriels = courriels_sans_retour(saisine)
    if request.method == "POST":
        form = RetourForm(request.POST, request.FILES, courriels=courriels)
        return _inscrire_retour(request, {"saisine": saisine, "form": form, "courriels": courriels})
    seul = {"envoi": str(courriels[0].pk)} if len(courriels) == 1 else {}
    form = RetourForm(initial=seul, courriels=courriels)
    return render(request, RETOUR, {"saisine": saisine, "form": form, "courriels": courriels})


def _inscrire_retour(request: HttpRequest, contexte: dict[str, Any]) -> HttpResponse:
    form, saisine = contexte["form"], contexte["saisine"]
    if not form.is_valid():
        return refuser_forme(request, RETOUR, contexte)
    lus = {"saisie": form.saisie(), "fichier": form.cleaned_data["piece"], "now": recu_le(request)}
    try:
        inscrit = saisir_retour(saisine=saisine, par=personne_de(request), **lus)
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=RETOUR, contexte=contexte)
    messages.warning(request, _suite(inscrit))
    return voir("gestion:remise", saisine.pk)


def _suite(inscrit: RetourCourriel) -> str:
    if is_precoce(inscrit):
        return "Le retour est inscrit. Ce courriel ne prouve plus rien : trouvez une autre preuve."
    return "Le retour est inscrit. La remise tient, sauf si vous constatez le contraire."


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def retour_constater(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Constater ce que vaut la remise après un retour, avant le procès-verbal (règle 6)."""
    if not can_inscrire_remise(request.user):
        return refuser(request, INTERDIT)
    revenu = get_object_or_404(retours_lus(), pk=pk)
    decisions = decisions_possibles(revenu)
    lu = RetourLu(revenu, is_a_constater=False, is_corrigeable=False)
    contexte: dict[str, Any] = {"retour": revenu, "lu": lu, "saisine": revenu.saisine, "decisions": decisions}
    if request.method == "POST":
        return _constater(request, contexte | {"form": ConstatForm(request.POST, decisions=decisions)})
    return render(request, CONSTAT, contexte | {"form": ConstatForm(decisions=decisions)})


def _constater(request: HttpRequest, contexte: dict[str, Any]) -> HttpResponse:
    form, revenu = contexte["form"], contexte["retour"]
    if not form.is_valid():
        return refuser_forme(request, CONSTAT, contexte)
    decision, motif, now = form.cleaned_data["decision"], form.cleaned_data["motif"], recu_le(request)
    try:
        constater_retour(retour=revenu, decision=decision, motif=motif, par=personne_de(request), now=now)
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=CONSTAT, contexte=contexte)
    messages.success(request, "Le constat est inscrit au registre.")
    return voir("gestion:remise", revenu.saisine_id)

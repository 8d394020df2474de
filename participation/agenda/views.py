"""« Quand se réunit votre conseil ? » : l'instance le dit, ou un agent pour elle. Pour les autres, 404."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from participation.agenda.actions import annoncer_seance, retirer_seance
from participation.agenda.forms import SeanceForm
from participation.agenda.permissions import can_annoncer
from participation.agenda.queries import seances_a_venir
from participation.common.dates import jour_a_paris, jour_long
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.comptes.models import Utilisateur
from participation.comptes.permissions import is_agent
from participation.territoires.models import Instance

PAGE = "agenda/seances.html"


def _instance(request: HttpRequest, slug: str) -> Instance:
    instance = get_object_or_404(Instance, slug=slug)
    if not can_annoncer(request.user, instance, recu_le(request)):
        raise Http404
    return instance


def _page(request: HttpRequest, instance: Instance, form: SeanceForm) -> dict[str, Any]:
    now = recu_le(request)
    return {
        "instance": instance,
        "form": form,
        "seances": seances_a_venir(instance, now),
        "is_agent": is_agent(request.user),
        "is_commune": instance.type == Instance.Type.CONSEIL_MUNICIPAL,
        "jour": jour_a_paris(now),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seances(request: HttpRequest, slug: str) -> HttpResponse:
    """Les réunions annoncées d'une instance ; un POST en annonce une."""
    instance = _instance(request, slug)
    if request.method == "POST":
        return _annoncer(request, instance)
    return render(request, PAGE, _page(request, instance, SeanceForm()))


def _annoncer(request: HttpRequest, instance: Instance) -> HttpResponse:
    form = SeanceForm(request.POST)
    if not form.is_valid():
        return refuser_forme(request, PAGE, _page(request, instance, form))
    par = cast(Utilisateur, request.user)
    try:
        seance = annoncer_seance(instance=instance, saisie=form.saisie(), par=par, now=recu_le(request))
    except RefusMetier as refus:
        form.add_error(refus.donnees.get("champ"), refus.phrase)
        return refuser(request, refus, gabarit=PAGE, contexte=_page(request, instance, form))
    messages.success(request, f"La réunion du {jour_long(seance.jour)} est annoncée. Merci.")
    return voir("agenda:seances", instance.slug)


@never_cache
@require_POST
def seance_retirer(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Retirer une réunion annoncée. Un second appui ne change rien."""
    instance = _instance(request, slug)
    seance = get_object_or_404(instance.seances.select_related("instance"), pk=pk)
    try:
        retirer_seance(seance=seance, par=cast(Utilisateur, request.user), now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus)
    messages.success(request, "La réunion est retirée.")
    return voir("agenda:seances", instance.slug)

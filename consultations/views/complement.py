"""Compléter une délibération : numéro, préfecture, document ; ni sens, ni texte (règle 15)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consultations.actions.complement import completer
from consultations.forms import ComplementForm
from consultations.models import Avis
from consultations.permissions import can_completer
from consultations.views.avis import avis_lisible
from consultations.views.communs import personne_de
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le

PAGE = "consultations/complement.html"


@require_http_methods(["GET", "HEAD", "POST"])
def complement(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Par la mairie, ou par un agent. 404 pour les autres, et pour un silence."""
    avis = avis_lisible(request, slug, pk)
    if avis.is_silence or not can_completer(request.user, avis.saisine, recu_le(request)):
        raise Http404
    if request.method == "POST":
        return _inscrire(request, avis)
    return render(request, PAGE, {"form": ComplementForm(), "avis": avis, "saisine": avis.saisine})


def _inscrire(request: HttpRequest, avis: Avis) -> HttpResponse:
    form = ComplementForm(request.POST, request.FILES)
    contexte = {"form": form, "avis": avis, "saisine": avis.saisine}
    if not form.is_valid():
        return refuser_forme(request, PAGE, contexte)
    lus = form.cleaned_data
    try:
        completer(
            avis=avis, deliberation=lus["deliberation"], prefecture_le=lus["prefecture_le"], fichier=lus["piece"],
            par=personne_de(request), now=recu_le(request),
        )  # fmt: skip
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=PAGE, contexte=contexte)
    return voir("consultations:avis", avis.saisine.consultation.slug, avis.pk)

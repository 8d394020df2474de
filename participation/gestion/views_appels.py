"""Appeler une instance muette : un bouton, un résultat."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consultations.actions.contact import noter_contact
from consultations.models import Contact
from consultations.permissions import can_appeler
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.gestion import queries
from participation.gestion.forms_appel import AppelForm
from participation.gestion.presentation import page_d_appel
from participation.gestion.views import LECTURE_ET_ENVOI, du_bureau, personne_de

APPEL = "gestion/appel.html"


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def appel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """« Appeler », puis ce que l'appel a donné : deux gestes. L'appel pris se voit des autres agents."""
    if not can_appeler(request.user):
        return refuser(request, RefusMetier("interdit", "Seul un agent inscrit un appel."))
    saisine, now = get_object_or_404(queries.saisine_du_bureau(recu_le(request)), pk=pk), recu_le(request)
    form = AppelForm(request.POST if request.method == "POST" else None)
    contexte = page_d_appel(saisine, form, now)
    if request.method != "POST":
        return render(request, APPEL, contexte)
    if not form.is_valid():
        return refuser_forme(request, APPEL, contexte)
    try:
        contact = noter_contact(saisine=saisine, par=personne_de(request), now=now, **form.cleaned_data)
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=APPEL, contexte=contexte)
    return _suite(request, contact)


def _suite(request: HttpRequest, contact: Contact) -> HttpResponse:
    if contact.resultat == Contact.Resultat.EN_COURS:
        return voir("gestion:appel", contact.saisine_id)
    messages.success(request, f"{contact.saisine.instance} : {contact.get_resultat_display().lower()}. C’est gardé.")
    return voir("gestion:bureau")

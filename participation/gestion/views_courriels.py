"""Les courriels en échec : un agent les rend à la file."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from consultations.permissions import can_preparer
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, voir_adresse
from participation.common.requetes import recu_le
from participation.gestion.views import du_bureau
from participation.notifications.actions.reessai import reessayer
from participation.notifications.models import Envoi


@require_POST
@du_bureau
def courriel_reessayer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """« Réessayer » : deux clics ne font qu'un envoi."""
    if not can_preparer(request.user):
        return refuser(request, RefusMetier("interdit", "Seul un agent renvoie un courriel."))
    envoi = get_object_or_404(Envoi, pk=pk)
    if reessayer(envoi=envoi, now=recu_le(request)):
        messages.success(request, f"Le courriel à {envoi.adresse} repart dans un instant.")
    else:
        messages.info(request, "Ce courriel n’est plus en échec : rien à refaire.")
    return voir_adresse(f"{reverse('gestion:bureau')}#t-machine")

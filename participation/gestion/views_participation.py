"""« Qui répond, qui se tait », vu du bureau : toutes les consultations transmises."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultations import queries_participation
from consultations.models import Consultation
from participation.common.requetes import recu_le
from participation.gestion.views import du_bureau


@require_safe
@du_bureau
def participation(request: HttpRequest) -> HttpResponse:
    """Le tableau de toutes les consultations, et les instances à joindre."""
    now = recu_le(request)
    transmises = Consultation.objects.filter(transmise_le__lte=now).select_related("version__rapport")
    tableau = queries_participation.participation(transmises, now)
    return render(request, "gestion/participation.html", {"tableau": tableau})

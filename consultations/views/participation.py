"""« Qui répond, qui se tait » : la page publique."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultations import queries_participation
from consultations.queries import consultations_visibles
from participation.common.requetes import recu_le


@login_not_required
@require_safe
def participation(request: HttpRequest) -> HttpResponse:
    """Les consultations que tout le monde peut lire (règle 20), instance par instance."""
    now = recu_le(request)
    tableau = queries_participation.participation(consultations_visibles(None, now), now)
    return render(request, "consultations/participation.html", {"tableau": tableau})

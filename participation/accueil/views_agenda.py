"""L'agenda : la page, et le calendrier auquel s'abonner."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.accueil.agenda import MIME, dates, en_ics
from participation.common.dates import jour_a_paris
from participation.common.identite import identite_de
from participation.common.requetes import recu_le


@login_not_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """`/agenda/` : ce qui vient, puis ce qui est passé."""
    now = recu_le(request)
    toutes, jour = dates(now), jour_a_paris(now)
    a_venir, passees = [d for d in toutes if d.jour >= jour], [d for d in reversed(toutes) if d.jour < jour]
    return render(request, "accueil/agenda.html", {"a_venir": a_venir, "passees": passees})


@login_not_required
@require_safe
def agenda_ics(request: HttpRequest) -> HttpResponse:
    """`/agenda.ics` : les mêmes dates, pour l'agenda d'un téléphone ou d'un ordinateur."""
    titre = f"{identite_de(request).nom_plateforme}, l’agenda"
    return HttpResponse(en_ics(dates(recu_le(request)), titre=titre, site=settings.SITE_URL), content_type=MIME)

"""`…/etat.svg` : où en est la consultation, en une image."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from consultations import presse
from consultations.queries import bilan, saisines_de
from consultations.views.donnees import consultation_ouverte
from participation.common.requetes import recu_le


@login_not_required
@require_safe
def etat_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """L'image de l'état, à qui voit la consultation ; 404 sinon (règle 20)."""
    consultation, now = consultation_ouverte(request, slug), recu_le(request)
    lu = bilan(list(saisines_de(consultation, now)))
    image = presse.image(consultation.titre, presse.phrase(consultation.titre, lu, now), lu)
    entetes = {"Content-Disposition": f'inline; filename="etat-{slug}.svg"', "Cache-Control": "private, no-cache"}
    return HttpResponse(image, content_type="image/svg+xml", headers=entetes)

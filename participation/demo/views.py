"""Entrer comme une personne de la démonstration ; avancer l'heure du site."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.comptes.entree import ouvrir_session
from participation.demo import actions, queries
from participation.demo.avance import avancer
from participation.demo.forms import HorlogeForm
from participation.demo.roles import FAMILLES, ROLES

GABARIT = "demo/personnes.html"


def _contexte(request: HttpRequest, form: HorlogeForm) -> dict[str, object]:
    now = recu_le(request)
    return {
        "familles": FAMILLES,
        "now": now,
        "form": form,
        "sauts": queries.sauts(now),
        "is_chargee": queries.is_chargee(),
    }


@login_not_required
@require_safe
@ensure_csrf_cookie
def personnes(request: HttpRequest) -> HttpResponse:
    """Les personnes, rangées par ce qu'elles peuvent faire."""
    return render(request, GABARIT, _contexte(request, HorlogeForm()))


@login_not_required
@require_POST
def connexion(request: HttpRequest, role: str) -> HttpResponse:
    """Entre comme cette personne. 404 pour un rôle inconnu, 503 si rien n'est chargé."""
    if role not in ROLES:
        raise Http404
    if not queries.is_chargee():
        phrase = "La démonstration n'est pas chargée. Lancez : python manage.py demo"
        return refuser(request, RefusMetier("indisponible", phrase))
    now = recu_le(request)
    compte = actions.tenir_le_role(role=ROLES[role], now=now)
    reponse = ouvrir_session(request, compte, suite=ROLES[role].arrivee, moyen="demonstration")
    actions.noter_l_entree(compte=compte, now=now)
    return reponse


@login_not_required
@require_POST
def horloge(request: HttpRequest) -> HttpResponse:
    """Avance l'heure du site et joue les actes de l'intervalle. 409 pour une heure passée."""
    form = HorlogeForm(request.POST)
    if not form.is_valid():
        return refuser_forme(request, GABARIT, _contexte(request, form))
    try:
        avancer(instant=form.cleaned_data["instant"])
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=GABARIT, contexte=_contexte(request, form))
    return voir("demo:personnes")

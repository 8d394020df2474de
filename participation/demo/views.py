"""Entrer comme une personne de la démonstration ; avancer l'heure du site."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir_adresse
from participation.common.requetes import recu_le
from participation.comptes.entree import ouvrir_session
from participation.demo import actions, annee, queries
from participation.demo.avance import avancer
from participation.demo.forms import EtapeForm, HorlogeForm
from participation.demo.monde import rapport_2024
from participation.demo.roles import FAMILLES, ROLES

GABARIT = "demo/personnes.html"


def _contexte(request: HttpRequest, form: HorlogeForm | None = None) -> dict[str, object]:
    now = recu_le(request)
    return {
        "familles": FAMILLES,
        "now": now,
        "form": form or HorlogeForm(fin=queries.fin_du_monde(now)),
        "annee": annee.lire(now),
        "reference": queries.adresse_publique(rapport_2024.SLUG, now),
        "sauts": queries.sauts(now),
        "is_chargee": queries.is_chargee(),
    }


@login_not_required
@require_safe
@ensure_csrf_cookie
def personnes(request: HttpRequest) -> HttpResponse:
    """Les personnes, rangées par ce qu'elles peuvent faire."""
    return render(request, GABARIT, _contexte(request))


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
    """Avance l'heure du site et joue les actes de l'intervalle. 422 pour une heure passée, illisible ou trop loin."""
    if "etape" in request.POST:  # le curseur
        return _avancer(request, EtapeForm(request.POST))
    return _avancer(request, HorlogeForm(request.POST, fin=queries.fin_du_monde(recu_le(request))))


def _avancer(request: HttpRequest, form: HorlogeForm | EtapeForm) -> HttpResponse:
    vue = form if isinstance(form, HorlogeForm) else None
    try:
        if form.is_valid():
            avancer(instant=form.cleaned_data["instant"])
            return voir_adresse(reverse("demo:personnes") + ("#l-heure" if "curseur" in request.POST else ""))
        if vue is not None:
            return refuser_forme(request, GABARIT, _contexte(request, vue))
        raise RefusMetier("forme", "Choisissez une des dates de l’année.")
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=GABARIT, contexte=_contexte(request, vue))

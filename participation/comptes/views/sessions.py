"""Mes appareils : les sessions ouvertes, et les fermer."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, voir
from participation.comptes import actions
from participation.comptes.entree import fermer_session
from participation.comptes.queries import appareils, codes_pour
from participation.comptes.views.commun import compte_de, lire_ou_poster

GABARIT = "comptes/sessions.html"


@never_cache
@lire_ou_poster
def sessions(request: HttpRequest) -> HttpResponse:
    """Voir ses appareils, en fermer un, ou fermer tous les autres. Les sessions suivent l'heure réelle."""
    compte, cle, reel = compte_de(request), request.session.session_key or "", datetime.now(UTC)
    if request.method != "POST":
        contexte = {"appareils": appareils(compte, cle_de_session=cle, now=reel), "codes": codes_pour(compte)}
        return render(request, GABARIT, contexte)
    if request.POST.get("action") == "les_autres":
        actions.fermer_les_autres_appareils(compte=compte, cle_de_session=cle, now=reel)
        return voir("usersessions_list")
    try:
        fermee = actions.fermer_un_appareil(compte=compte, empreinte=request.POST.get("appareil", ""), now=reel)
    except RefusMetier as refus:
        return refuser(request, refus)
    return fermer_session(request) if fermee == cle else voir("usersessions_list")

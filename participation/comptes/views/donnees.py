"""Mes données : les lire, les emporter ; supprimer mon compte."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.common.errors import RefusMetier
from participation.common.reponses import refuser
from participation.common.requetes import recu_le
from participation.comptes.actions.suppression import supprimer_compte
from participation.comptes.entree import fermer_session
from participation.comptes.forms_donnees import SupprimerForm
from participation.comptes.mes_donnees import LIENS
from participation.comptes.mes_donnees import mes_donnees as tout
from participation.comptes.reprise import TEMOIN
from participation.comptes.views.commun import compte_de, lire_ou_poster, montrer

SUPPRIMER = "comptes/supprimer.html"


@never_cache
@require_safe
def mes_donnees(request: HttpRequest) -> HttpResponse:
    """Ce que le site sait de la personne, compté ; en JSON pour qui le demande (`Accept: application/json`)."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return mes_donnees_json(request)
    su = tout(compte_de(request), recu_le(request))
    comptes = [(lien.titre, len(su[lien.nom])) for lien in LIENS.values() if su.get(lien.nom)]
    return render(request, "comptes/mes_donnees.html", {"su": su["compte"], "comptes": comptes})


@never_cache
@require_safe
def mes_donnees_json(request: HttpRequest) -> HttpResponse:
    """Tout, en JSON, à garder."""
    reponse = JsonResponse(
        tout(compte_de(request), recu_le(request)), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    reponse["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return reponse


@never_cache
@lire_ou_poster
def supprimer(request: HttpRequest) -> HttpResponse:
    """Ce qui part, ce qui reste, et une case à cocher ; le POST supprime le compte et ferme la session."""
    compte, form = compte_de(request), SupprimerForm(request.POST or None)
    if not form.is_valid():
        return montrer(request, SUPPRIMER, {"form": form})
    try:
        supprimer_compte(compte=compte, par=compte, now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=SUPPRIMER, contexte={"form": form})
    reponse = fermer_session(request)
    messages.success(request, "Votre compte est supprimé.")
    reponse.delete_cookie(TEMOIN, samesite="Lax")
    return reponse

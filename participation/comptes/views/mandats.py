"""Les mandats, toutes instances : la page des agents. Pour les autres, elle n'existe pas (404)."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.common.tableurs import en_csv
from participation.common.templatetags.maison import pluriel
from participation.comptes import queries_mandats
from participation.comptes.actions.importation import Bilan, importer_les_membres
from participation.comptes.forms_mandats import ImportForm
from participation.comptes.imports import COLONNES
from participation.comptes.permissions import can_tenir_les_mandats
from participation.comptes.views.commun import borner, compte_de, lire_ou_poster
from participation.comptes.views.conseil import rendre_les_lettres

P = ParamSpec("P")
IMPORTER = "comptes/mandats_importer.html"


def des_agents(
    vue: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """404 pour qui n'est pas agent."""

    @wraps(vue)
    def porte(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not can_tenir_les_mandats(request.user):
            raise Http404
        return vue(request, *args, **kwargs)

    return porte


@never_cache
@require_safe
@des_agents
def mandats(request: HttpRequest) -> HttpResponse:
    """Chaque instance et ses mandats en cours, les lettres à imprimer, les ambassades de quartier."""
    now = recu_le(request)
    contexte = {
        "instances": queries_mandats.instances_du_bureau(now),
        "a_imprimer": queries_mandats.lettres_a_faire(now, datetime.now(UTC)),
        "ambassades": queries_mandats.ambassades(),
    }
    return render(request, "comptes/mandats.html", contexte)


@never_cache
@require_POST
@borner("inviter")
@des_agents
def mandats_lettres(request: HttpRequest) -> HttpResponse:
    """Toutes les lettres qui manquent, en un PDF, une par page."""
    return rendre_les_lettres(request, queries_mandats.lettres_a_faire(recu_le(request), datetime.now(UTC)))


@never_cache
@require_safe
@des_agents
def mandats_csv(request: HttpRequest) -> HttpResponse:
    """La liste, dans les colonnes de l'import ; les formules y sont neutralisées."""
    texte = en_csv(COLONNES, queries_mandats.en_tableau(recu_le(request)))
    reponse = HttpResponse(texte, content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = content_disposition_header(True, "mandats.csv") or "attachment"
    return reponse


@never_cache
@lire_ou_poster
@des_agents
def mandats_importer(request: HttpRequest) -> HttpResponse:
    """Importer une liste : 303 si tout est nommé ; 422 avec toutes les fautes, et le texte à corriger, sinon."""
    if request.method != "POST":
        return render(request, IMPORTER, {"form": ImportForm(), "fautes": []})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return refuser_forme(request, IMPORTER, {"form": form, "fautes": []})
    return _importer(request, form.cleaned_data["texte"])


def _importer(request: HttpRequest, texte: str) -> HttpResponse:
    try:
        bilan = importer_les_membres(texte=texte, par=compte_de(request), now=recu_le(request))
    except RefusMetier as refus:
        contexte = {"form": ImportForm(initial={"texte": texte}), "fautes": refus.donnees.get("fautes", [])}
        return refuser(request, refus, gabarit=IMPORTER, contexte=contexte)
    messages.success(request, _phrase(bilan))
    return voir("gestion:mandats:mandats")


def _phrase(bilan: Bilan) -> str:
    if not bilan.nommes:
        return "Tout le monde y était déjà : rien n’a changé."
    deja = f" {pluriel(bilan.deja, 'ligne')} y étaient déjà." if bilan.deja else ""
    courriels, lettres = pluriel(bilan.courriels, "courriel"), pluriel(bilan.lettres, "lettre")
    return f"{pluriel(len(bilan.nommes), 'mandat')} de plus. À envoyer : {courriels}. À imprimer : {lettres}.{deja}"

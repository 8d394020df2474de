"""Mon compte, sortir, et reprendre le texte d'une session expirée."""

from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from participation.common.reponses import voir
from participation.common.requetes import recu_le
from participation.comptes import actions
from participation.comptes import reprise as garde
from participation.comptes.entree import fermer_session
from participation.comptes.forms import CompteForm
from participation.comptes.queries import appareils, cles_de, mandats_de
from participation.comptes.views.commun import compte_de, lire_ou_poster, montrer


@never_cache
@lire_ou_poster
def mon_compte(request: HttpRequest) -> HttpResponse:
    """Nom d'usage, quartier, courriel, mandats en cours, appareils, clés, affichage, sortie."""
    compte = compte_de(request)
    form = CompteForm(request.POST or None, initial={"nom_usage": compte.nom_usage, "quartier": compte.quartier_id})
    if form.is_valid():
        actions.modifier_compte(compte=compte, saisie=form.saisie(), par=compte, now=recu_le(request))
        messages.success(request, "C’est enregistré.")
        return voir("comptes:mon_compte")
    contexte = {
        "form": form,
        "mandats": mandats_de(compte, recu_le(request)),
        "appareils": appareils(compte, cle_de_session=request.session.session_key, now=datetime.now(UTC)),
        "cles": cles_de(compte),
    }
    return montrer(request, "comptes/mon_compte.html", contexte)


@login_not_required
@never_cache
@lire_ou_poster
def sortir(request: HttpRequest) -> HttpResponse:
    """Sortir : la page demande, le POST ferme la session."""
    if request.method == "POST":
        return fermer_session(request)
    if not request.user.is_authenticated:
        return HttpResponseRedirect("/")
    return render(request, "comptes/sortir.html")


@never_cache
@lire_ou_poster
def reprise(request: HttpRequest) -> HttpResponse:
    """Le texte tapé quand la session a expiré : le lire, le renvoyer, ou l'effacer (POST)."""
    if request.method == "POST":
        garde.effacer(request)
        return voir("comptes:reprise")
    return render(request, "comptes/reprise.html", {"reprise": garde.lire(request)})

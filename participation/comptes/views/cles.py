"""Les clés d'accès : les voir, en ajouter, en retirer, entrer avec. Le défi naît d'un POST : aucun GET n'écrit."""

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, voir
from participation.common.requetes import recu_le
from participation.comptes import actions
from participation.comptes.entree import ouvrir_session, suite_demandee
from participation.comptes.forms import CLE_REFUSEE, CleEntrerForm, CleForm, EntrerForm
from participation.comptes.models import Utilisateur
from participation.comptes.queries import cles_de
from participation.comptes.rules import empreinte_courte
from participation.comptes.views.commun import borner, compte_de, lire_ou_poster, montrer, refuser_saisie, renvoyer_vers

AJOUTER = "comptes/cle_ajouter.html"


@never_cache
@lire_ou_poster
def cles(request: HttpRequest) -> HttpResponse:
    """Mes clés d'accès ; un POST en retire une."""
    compte = compte_de(request)
    if request.method != "POST":
        liste = [(empreinte_courte(str(cle.pk)), cle) for cle in cles_de(compte)]
        return render(request, "comptes/cles.html", {"cles": liste})
    try:
        actions.retirer_cle(compte=compte, empreinte=request.POST.get("cle", ""), now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus)
    messages.success(request, "La clé est retirée.")
    return voir("mfa_list_webauthn")


@never_cache
@lire_ou_poster
def cle_ajouter(request: HttpRequest) -> HttpResponse:
    """Ajouter une clé créée par cet appareil."""
    form = CleForm(request.POST or None)
    if not form.is_valid():
        return montrer(request, AJOUTER, {"form": form})
    try:
        actions.ajouter_cle(compte=compte_de(request), saisie=form.saisie(), now=recu_le(request))
    except RefusMetier as refus:
        return refuser_saisie(request, AJOUTER, {"form": form}, refus.phrase)
    messages.success(request, "Votre clé est prête.")
    return voir("mfa_list_webauthn")


@login_not_required
@never_cache
@require_http_methods(["POST"])
@borner("cle")
def cle_options(request: HttpRequest) -> HttpResponse:
    """Le défi à signer, en JSON : pour créer une clé si la personne est connectée, sinon pour entrer."""
    if isinstance(request.user, Utilisateur):
        return JsonResponse(auth.begin_registration(request.user, True))
    return JsonResponse(auth.begin_authentication(None))


@login_not_required
@never_cache
@lire_ou_poster
@borner("cle")
def cle_entrer(request: HttpRequest) -> HttpResponse:
    """Entrer avec une clé : 303 si elle est reconnue, 422 sinon."""
    suite = suite_demandee(request)
    if request.method != "POST" or request.user.is_authenticated:
        return renvoyer_vers(request, suite or reverse("account_login"))
    form = CleEntrerForm(request.POST)
    if not form.is_valid():
        contexte = {"form": EntrerForm(), "suite": suite, "erreurs": [("", CLE_REFUSEE)]}
        return render(request, "comptes/entrer.html", contexte, status=422)
    cle = form.cleaned_data["credential"]
    post_authentication(request, cle, passwordless=True)
    return ouvrir_session(request, cle.user, garder="garder" in request.POST, suite=suite, moyen="mfa")

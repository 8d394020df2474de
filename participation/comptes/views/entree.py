"""Entrer par un code reçu.

La même page sert à qui a un compte et à qui n'en a pas : rien ne dit si une adresse existe. Le compte d'une adresse
neuve naît quand son code est juste : une adresse jamais prouvée ne laisse aucune trace.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.common.reponses import voir_adresse
from participation.common.requetes import recu_le
from participation.comptes import actions
from participation.comptes.entree import ouvrir_session, suite_demandee
from participation.comptes.flux import FluxConnexion, Verdict
from participation.comptes.forms import CodeForm, EntrerForm
from participation.comptes.reprise import lire
from participation.comptes.views.commun import (
    borner,
    courriel_en_panne,
    lire_ou_poster,
    montrer,
    refuser_saisie,
    renvoyer_vers,
    trop_de_codes,
)

CODE = "comptes/entrer_code.html"
EPUISE = "Ce code ne marche plus. Demandez un nouveau code."


@login_not_required
@never_cache
@lire_ou_poster
@borner("code_demande")
def entrer(request: HttpRequest) -> HttpResponse:
    """Demander un code. 303 vers la page du code ; 422 si l'adresse est fausse ; 429 si elle en a trop demandé."""
    suite = suite_demandee(request)
    if request.user.is_authenticated:
        return renvoyer_vers(request, suite or "/")
    form = EntrerForm(request.POST or None, initial={"email": _courriel_du_lien(request, suite)})
    if form.is_valid():
        return _envoyer_le_code(request, form, suite)
    is_en_cours = FluxConnexion.reprendre(request) is not None
    contexte = {"form": form, "suite": suite, "reprise": lire(request), "is_en_cours": is_en_cours}
    return montrer(request, "comptes/entrer.html", contexte)


def _envoyer_le_code(request: HttpRequest, form: EntrerForm, suite: str) -> HttpResponse:
    adresse = form.cleaned_data["email"]
    if trop := trop_de_codes(request, adresse):
        return trop
    try:
        FluxConnexion.ouvrir(request, adresse, garder=form.cleaned_data["garder"])
    except OSError:
        return courriel_en_panne(request)
    return voir_adresse(_adresse_du_code(suite))


@login_not_required
@never_cache
@lire_ou_poster
@borner("code_essai")
def entrer_code(request: HttpRequest) -> HttpResponse:
    """Taper le code, ou en demander un autre. 303 si juste, 422 si faux, 429 s'il ne reste plus d'essai."""
    suite = suite_demandee(request)
    if request.user.is_authenticated:
        return renvoyer_vers(request, suite or "/")
    if (flux := FluxConnexion.reprendre(request)) is None:
        return renvoyer_vers(request, _avec_suite("account_login", suite))
    if request.POST.get("action") == "renvoyer":
        return _renvoyer(request, flux, suite)
    form = CodeForm(request.POST or None)
    contexte = {"form": form, "suite": suite, "email": flux.email}
    return _juger(request, flux, form, contexte) if form.is_valid() else montrer(request, CODE, contexte)


def _juger(request: HttpRequest, flux: FluxConnexion, form: CodeForm, contexte: dict[str, object]) -> HttpResponse:
    verdict = flux.juger(form.cleaned_data["code"])
    if verdict == Verdict.FAUX:
        return refuser_saisie(request, CODE, contexte, "Ce n'est pas le bon code. Relisez le courriel.")
    if verdict == Verdict.EPUISE:
        form.add_error(None, EPUISE)
        return render(request, CODE, contexte | {"is_epuise": True, "erreurs": [("", EPUISE)]}, status=429)
    compte = actions.entrer_par_courriel(courriel=flux.email, now=recu_le(request))
    flux.abort()
    return ouvrir_session(request, compte, garder=bool(flux.state.get("garder")), suite=str(contexte["suite"]))


def _renvoyer(request: HttpRequest, flux: FluxConnexion, suite: str) -> HttpResponse:
    if trop := trop_de_codes(request, flux.email):
        return trop
    try:
        is_renvoye = flux.renvoyer()
    except OSError:
        return courriel_en_panne(request)
    return voir_adresse(_adresse_du_code(suite)) if is_renvoye else ratelimit.respond_429(request)


@login_not_required
@require_safe
def compte_ferme(request: HttpRequest) -> HttpResponse:
    """Ce qu'il faut savoir quand un compte est fermé."""
    return render(request, "comptes/compte_ferme.html")


def _avec_suite(nom: str, suite: str) -> str:
    return f"{reverse(nom)}?{urlencode({'next': suite})}" if suite else reverse(nom)


def _adresse_du_code(suite: str) -> str:
    return _avec_suite("account_confirm_login_code", suite)


def _courriel_du_lien(request: HttpRequest, suite: str) -> str:
    """L'adresse préremplie par le lien d'un courriel ; elle ne donne aucun droit."""
    donne = request.GET.get("courriel") or parse_qs(urlsplit(suite).query).get("courriel", [""])[0]
    return donne[:254]

"""Changer de courriel : la nouvelle adresse est prouvée par un code avant de servir."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from participation.common.errors import RefusMetier
from participation.common.reponses import voir
from participation.common.requetes import recu_le
from participation.comptes import actions
from participation.comptes.flux import FluxCourriel, Verdict
from participation.comptes.forms import CodeForm, CourrielForm
from participation.comptes.views.commun import (
    borner,
    compte_de,
    courriel_en_panne,
    lire_ou_poster,
    montrer,
    refuser_saisie,
    renvoyer_vers,
    trop_de_codes,
)

PROUVER = "comptes/courriel_prouver.html"
FAUX = {
    Verdict.FAUX: "Ce n'est pas le bon code. Relisez le courriel.",
    Verdict.EPUISE: "Ce code ne marche plus. Demandez un nouveau code.",
}


@never_cache
@lire_ou_poster
@borner("code_demande")
def courriel_changer(request: HttpRequest) -> HttpResponse:
    """Donner une adresse, ou en changer. 303 vers la page du code."""
    form = CourrielForm(request.POST or None)
    if not form.is_valid():
        return montrer(request, "comptes/courriel_changer.html", {"form": form})
    adresse = form.cleaned_data["email"]
    if trop := trop_de_codes(request, adresse):
        return trop
    try:
        FluxCourriel.ouvrir(request, adresse, compte=str(compte_de(request).pk))
    except OSError:
        return courriel_en_panne(request)
    return voir("account_email_verification_sent")


@never_cache
@lire_ou_poster
@borner("code_essai")
def courriel_prouver(request: HttpRequest) -> HttpResponse:
    """Taper le code reçu à la nouvelle adresse. 303 si juste, 422 si faux, 429 s'il ne reste plus d'essai."""
    compte = compte_de(request)
    flux = FluxCourriel.reprendre(request)
    if flux is None or flux.state.get("compte") != str(compte.pk):
        return renvoyer_vers(request, reverse("account_email"))
    form = CodeForm(request.POST or None)
    contexte = {"form": form, "email": flux.email}
    return _juger(request, flux, form, contexte) if form.is_valid() else montrer(request, PROUVER, contexte)


def _juger(request: HttpRequest, flux: FluxCourriel, form: CodeForm, contexte: dict[str, object]) -> HttpResponse:
    if (verdict := flux.juger(form.cleaned_data["code"])) == Verdict.JUSTE:
        return _changer(request, flux, contexte)
    reponse = refuser_saisie(request, PROUVER, contexte, FAUX[verdict])
    reponse.status_code = 429 if verdict == Verdict.EPUISE else 422
    return reponse


def _changer(request: HttpRequest, flux: FluxCourriel, contexte: dict[str, object]) -> HttpResponse:
    compte = compte_de(request)
    flux.abort()
    try:
        actions.changer_courriel(compte=compte, courriel=flux.email, par=compte, now=recu_le(request))
    except RefusMetier as refus:
        return refuser_saisie(request, PROUVER, contexte, refus.phrase)
    messages.success(request, "Votre courriel est changé.")
    return voir("comptes:mon_compte")

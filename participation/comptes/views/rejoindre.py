"""Rejoindre : l'invitation reçue par courriel, et le code d'une lettre ou dicté. Pages publiques."""

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.common.errors import RefusMetier
from participation.common.reponses import erreurs_de, voir_adresse
from participation.common.requetes import recu_le
from participation.comptes import actions
from participation.comptes.courriels import lire_le_jeton
from participation.comptes.entree import ouvrir_session
from participation.comptes.forms_mandats import LettreForm
from participation.comptes.models import CodeRemis, Mandat
from participation.comptes.views.commun import borner, lire_ou_poster, montrer

LETTRE, INVITATION = "comptes/lettre.html", "comptes/invitation.html"
FENETRE = 600
"""Secondes : les essais de code se comptent par fenêtre de dix minutes, en base."""
PAR_ADRESSE, POUR_TOUS = 20, 600


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """De quel conseil, et où demander son code : rien ne s'écrit, rien ne s'ouvre. 404 si le lien ne dit plus rien."""
    try:
        mandat = Mandat.objects.select_related("utilisateur", "instance").get(pk=lire_le_jeton(jeton))
    except (BadSignature, Mandat.DoesNotExist):
        return render(request, INVITATION, {"mandat": None}, status=404)
    if mandat.au is not None and mandat.au <= recu_le(request):
        return render(request, INVITATION, {"mandat": None}, status=404)
    is_moi = request.user.pk == mandat.utilisateur.pk
    return render(request, INVITATION, {"mandat": mandat, "is_moi": is_moi, "courriel": mandat.utilisateur.email or ""})


@login_not_required
@never_cache
@require_safe
def invitation_sans_jeton(request: HttpRequest) -> HttpResponse:
    """L'adresse tapée sans la fin du lien : comment entrer quand même."""
    return render(request, INVITATION, {"mandat": None})


@login_not_required
@never_cache
@lire_ou_poster
@borner("lettre")
def lettre(request: HttpRequest) -> HttpResponse:
    """Taper le code de sa lettre. 303 si juste, 422 s'il est inconnu, 409 s'il ne sert plus, 429 au-delà des essais."""
    form = LettreForm(request.POST or None)
    if not form.is_valid():
        return montrer(request, LETTRE, {"form": form})
    compteurs = _compteurs(request)
    if not all(actions.compter_un_essai(**compteur) for compteur in compteurs):
        return ratelimit.respond_429(request)  # type: ignore[no-any-return]
    reponse = _reclamer(request, form)
    if reponse.status_code == 303:
        for compteur in compteurs:
            actions.rendre_un_essai(cle=compteur["cle"])
    return reponse


def _compteurs(request: HttpRequest) -> list[dict[str, Any]]:
    """Les essais de cette adresse, puis de tous. L'adresse n'est pas gardée : la clé est une empreinte de passage."""
    reel = datetime.now(UTC)
    fenetre = int(reel.timestamp()) // FENETRE
    fin = datetime.fromtimestamp((fenetre + 1) * FENETRE, UTC) + timedelta(seconds=1)
    d_ici = get_adapter(request).get_client_ip(request)
    cles = ((f"{d_ici} {fenetre}", PAR_ADRESSE), (f"tous {fenetre}", POUR_TOUS))
    return [
        {"cle": salted_hmac("comptes.essais_de_lettre", cle, algorithm="sha256").hexdigest(), "maximum": maximum}
        | {"expire_le": fin, "now": reel}
        for cle, maximum in cles
    ]


def _reclamer(request: HttpRequest, form: LettreForm) -> HttpResponse:
    reel = datetime.now(UTC)
    try:
        remis = actions.reclamer_un_code(saisi=form.cleaned_data["code"], now=recu_le(request), reel=reel)
    except RefusMetier as refus:
        return _refuser(request, refus, form)
    is_lettre = remis.moyen == CodeRemis.Moyen.LETTRE
    reponse = ouvrir_session(request, remis.mandat.utilisateur, garder=is_lettre, moyen="lettre")
    actions.noter_l_appareil(
        cle_de_session=request.session.session_key or "", garde=is_lettre, now=reel, code=remis
    )  # fmt: skip
    garde = " Cet appareil est gardé 90 jours." if is_lettre else ""
    messages.success(request, f"Bienvenue. Votre place : {remis.mandat.instance}.{garde}")
    return reponse


def _refuser(request: HttpRequest, refus: RefusMetier, form: LettreForm) -> HttpResponse:
    """La page, la phrase, et quoi faire. Qui tient déjà cet appareil continue : il a repris sa propre lettre."""
    remis: CodeRemis | None = refus.donnees.get("remis")
    if remis is not None and remis.reclame_le and remis.mandat.utilisateur.pk == request.user.pk:
        return voir_adresse("/")
    form.add_error("code", refus.phrase)
    contexte = {"form": form, "erreurs": erreurs_de(form), "is_use": refus.code == "conflit"}
    return render(request, LETTRE, contexte, status=refus.statut)

"""Les mandats d'une instance, au bureau (un agent) et sous « Mon conseil » (la présidence) : les mêmes pages.

Chacun n'y entre que par sa porte : sous `/gestion/`, un agent ; sous `/mon-conseil/`, la présidence en cours de cette
instance, et d'elle seule. Pour les autres, la page n'existe pas (404).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from participation.common.errors import RefusMetier
from participation.common.pdf import PdfIndisponible, indisponible
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.comptes import actions
from participation.comptes.actions.lettres import emettre_les_lettres, tirer_les_lettres
from participation.comptes.forms_mandats import FinForm, MembreForm
from participation.comptes.models import Mandat
from participation.comptes.papiers import lettres_en_pdf
from participation.comptes.permissions import can_animer, can_tenir_les_mandats
from participation.comptes.queries_mandats import lettres_a_faire, lignes, lignes_de, mandats_lus
from participation.comptes.rules import code_a_dicter
from participation.comptes.views.commun import borner, compte_de, lire_ou_poster
from participation.pieces.service import servir
from participation.territoires.models import Instance

P = ParamSpec("P")
Vue = Callable[Concatenate[HttpRequest, Instance, P], HttpResponse]
PAGE, FICHE, NOMMER = "comptes/membres.html", "comptes/membre.html", "comptes/membre_nommer.html"


def espace_de(request: HttpRequest) -> str:
    """L'espace de noms par lequel on est entré : « gestion:mandats:conseil » ou « conseil »."""
    return request.resolver_match.namespace if request.resolver_match else "conseil"


def is_au_bureau(request: HttpRequest) -> bool:
    """Vrai sous `/gestion/`."""
    return espace_de(request).startswith("gestion")


def du_conseil(vue: Vue[P]) -> Callable[..., HttpResponse]:
    """L'instance de l'adresse, pour qui tient ses mandats ; 404 pour tout autre."""

    @wraps(vue)
    def porte(request: HttpRequest, /, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        instance = get_object_or_404(Instance, slug=slug)
        par = request.user
        if not (can_tenir_les_mandats(par) if is_au_bureau(request) else can_animer(par, instance, recu_le(request))):
            raise Http404
        return vue(request, instance, *args, **kwargs)

    return porte


def _commun(request: HttpRequest, instance: Instance) -> dict[str, Any]:
    return {
        "instance": instance,
        "espace": espace_de(request),
        "is_agent": is_au_bureau(request),
        "now": recu_le(request),
    }


def _fiche(request: HttpRequest, instance: Instance, mandat: Mandat) -> dict[str, Any]:
    ligne = lignes([mandat], recu_le(request), datetime.now(UTC))[0]
    return _commun(request, instance) | {"ligne": ligne, "mandat": mandat, "form": FinForm()}


def _mandat(instance: Instance, pk: UUID) -> Mandat:
    return get_object_or_404(mandats_lus(), pk=pk, instance=instance)


@never_cache
@require_safe
@du_conseil
def membres(request: HttpRequest, instance: Instance) -> HttpResponse:
    """Les mandats d'une instance, comment chacun entre, et qui dépose."""
    toutes = lignes_de(instance, recu_le(request), datetime.now(UTC))
    contexte = {
        "lignes": [li for li in toutes if not li.is_fini],
        "finies": [li for li in toutes if li.is_fini],
        "a_imprimer": sum(li.is_lettre_a_faire for li in toutes),
        "choix": Instance.QuiDepose.choices,
    }
    return render(request, PAGE, _commun(request, instance) | contexte)


@never_cache
@require_POST
@du_conseil
def depot_regler(request: HttpRequest, instance: Instance) -> HttpResponse:
    """Qui dépose l'avis de cette instance."""
    qui = request.POST.get("qui_depose", "")
    try:
        actions.regler_le_depot(instance=instance, qui=qui, par=compte_de(request), now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus)
    messages.success(request, "C’est enregistré.")
    return voir(f"{espace_de(request)}:membres", instance.slug)


@never_cache
@lire_ou_poster
@borner("inviter")
@du_conseil
def membre_nommer(request: HttpRequest, instance: Instance) -> HttpResponse:
    """Nommer une personne : 303, et son invitation part, ou sa lettre est à imprimer."""
    contexte = _commun(request, instance)
    fichiers = request.FILES if request.method == "POST" else None
    form = MembreForm(request.POST or None, fichiers, instance_=instance, is_agent=contexte["is_agent"])
    contexte["form"] = form
    if request.method != "POST":
        return render(request, NOMMER, contexte)
    return _nommer(request, instance, contexte) if form.is_valid() else refuser_forme(request, NOMMER, contexte)


def _nommer(request: HttpRequest, instance: Instance, contexte: dict[str, Any]) -> HttpResponse:
    form, par = contexte["form"], compte_de(request)
    fichier = form.cleaned_data.get("piece")
    try:
        mandat = actions.nommer_membre(saisie=form.saisie(), fichier=fichier, par=par, now=recu_le(request))
    except RefusMetier as refus:
        form.add_error(refus.donnees.get("champ"), refus.phrase)
        return refuser(request, refus, gabarit=NOMMER, contexte=contexte)
    suite = "Son invitation part par courriel." if mandat.utilisateur.email else "Sa lettre est à imprimer."
    messages.success(request, f"{mandat.nom_lu} a son mandat. {suite}")
    return voir(f"{espace_de(request)}:membres", instance.slug)


@never_cache
@require_POST
@borner("inviter")
@du_conseil
def lettres(request: HttpRequest, instance: Instance) -> HttpResponse:
    """Les lettres en un PDF : celles cochées (`mandat`), sinon celles qui manquent. Les codes naissent ici."""
    voulus = request.POST.getlist("mandat")
    if not voulus:
        return rendre_les_lettres(request, lettres_a_faire(recu_le(request), datetime.now(UTC), instance))
    return rendre_les_lettres(request, [m for m in mandats_lus().filter(instance=instance) if str(m.pk) in voulus])


def rendre_les_lettres(request: HttpRequest, mandats: list[Mandat]) -> HttpResponse:
    """Le PDF d'abord, les codes ensuite : sans document, les anciennes lettres marchent encore. 422 sans lettre."""
    reel = datetime.now(UTC)
    if not mandats:
        return refuser(request, RefusMetier("forme", "Aucune lettre n’est à imprimer."))
    tirees = tirer_les_lettres(mandats)
    try:
        reponse = lettres_en_pdf(tirees, reel)
        emettre_les_lettres(lettres=tirees, par=compte_de(request), now=recu_le(request), reel=reel)
    except PdfIndisponible as panne:
        return indisponible(request, panne)
    except RefusMetier as refus:
        return refuser(request, refus)
    return reponse


@never_cache
@require_safe
@du_conseil
def membre(request: HttpRequest, instance: Instance, pk: UUID) -> HttpResponse:
    """Un mandat : ses dates, comment la personne entre, les codes donnés, et les gestes."""
    return render(request, FICHE, _fiche(request, instance, _mandat(instance, pk)))


@never_cache
@require_safe
@du_conseil
def membre_piece(request: HttpRequest, instance: Instance, pk: UUID) -> HttpResponse:
    """La ligne signée du maire, en téléchargement."""
    mandat = _mandat(instance, pk)
    if mandat.piece is None:
        raise Http404
    return servir(mandat.piece)


def _geste(
    request: HttpRequest, instance: Instance, pk: UUID, agir: Callable[[Mandat], str], page: str = "membre"
) -> HttpResponse:
    """Joue un geste sur un mandat de cette instance ; 303, et la phrase qu'il rend. Un refus rend la fiche."""
    mandat = _mandat(instance, pk)
    try:
        phrase = agir(mandat)
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=FICHE, contexte=_fiche(request, instance, _mandat(instance, pk)))
    messages.success(request, phrase)
    return voir(f"{espace_de(request)}:{page}", instance.slug, *([pk] if page == "membre" else []))


@never_cache
@require_POST
@du_conseil
def membre_finir(request: HttpRequest, instance: Instance, pk: UUID) -> HttpResponse:
    """Finir un mandat, tout de suite."""

    def agir(mandat: Mandat) -> str:
        actions.finir_mandat(mandat=mandat, par=compte_de(request), now=recu_le(request))
        return f"Le mandat de {mandat.nom_lu} est fini. Ses appareils ouverts par une lettre sont fermés."

    return _geste(request, instance, pk, agir, page="membres")


@never_cache
@require_POST
@du_conseil
def membre_renouveler(request: HttpRequest, instance: Instance, pk: UUID) -> HttpResponse:
    """Renouveler un mandat qui finit ou qui est fini."""
    form = FinForm(request.POST)
    if not form.is_valid():
        return refuser_forme(request, FICHE, _fiche(request, instance, _mandat(instance, pk)) | {"form": form})

    def agir(mandat: Mandat) -> str:
        actions.renouveler_mandat(mandat=mandat, au=form.au_exclu(), par=compte_de(request), now=recu_le(request))
        return f"Le mandat de {mandat.nom_lu} est renouvelé."

    return _geste(request, instance, pk, agir, page="membres")


@never_cache
@require_POST
@borner("inviter")
@du_conseil
def membre_inviter(request: HttpRequest, instance: Instance, pk: UUID) -> HttpResponse:
    """Renvoyer l'invitation, une fois par jour."""

    def agir(mandat: Mandat) -> str:
        actions.renvoyer_l_invitation(mandat=mandat, par=compte_de(request), now=recu_le(request))
        return "L’invitation repart."

    return _geste(request, instance, pk, agir)


@never_cache
@require_POST
@borner("inviter")
@du_conseil
def membre_secours(request: HttpRequest, instance: Instance, pk: UUID) -> HttpResponse:
    """Un code à dicter, montré une fois à l'agent (la présidence ne dicte pas : 403)."""

    def agir(mandat: Mandat) -> str:
        code = actions.donner_un_code_de_secours(
            mandat=mandat, par=compte_de(request), now=recu_le(request), reel=datetime.now(UTC)
        )
        return f"Code à dicter à {mandat.nom_lu} : {code_a_dicter(code)}. Il marche 15 minutes, une fois."

    return _geste(request, instance, pk, agir)

"""Le bureau des agents et des signataires : accès, forme, action, page. Pour les autres, il n'existe pas (404)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from consultations.actions.correction import corriger_consultation
from consultations.actions.preparation import creer_consultation
from consultations.actions.transmission import transmettre as transmettre_le_projet
from consultations.delais import plancher
from consultations.models import Consultation, Saisine
from consultations.permissions import can_inscrire_remise, can_preparer, can_transmettre
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.comptes.models import Utilisateur
from participation.gestion import presentation, queries
from participation.gestion.actions import saisir_remise
from participation.gestion.forms import ConsultationForm, RemiseForm, TransmettreForm, depart, depart_de
from participation.gestion.permissions import can_entrer

P = ParamSpec("P")
Vue = Callable[Concatenate[HttpRequest, P], HttpResponse]
LECTURE_ET_ENVOI = ["GET", "HEAD", "POST"]
FORMULAIRE = "gestion/consultation_creer.html"
ACTE = "gestion/transmettre.html"
REMISE_TARDIVE = (
    "Cette instance a reçu le projet moins d'un mois avant son échéance. "
    "L'annexe le dira. Un report pour elle seule est possible."
)


def du_bureau(vue: Vue[P]) -> Vue[P]:
    """404 pour qui n'est ni agent ni signataire."""

    @wraps(vue)
    def porte(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not can_entrer(request.user):
            raise Http404
        return vue(request, *args, **kwargs)

    return porte


def personne_de(request: HttpRequest) -> Utilisateur:
    """La personne connectée."""
    return cast(Utilisateur, request.user)


def _consultation(slug: str, now: datetime) -> Consultation:
    return get_object_or_404(queries.consultations_du_bureau(now), slug=slug)


@require_safe
@du_bureau
def bureau(request: HttpRequest) -> HttpResponse:
    """« À faire aujourd'hui », puis les saisines de la consultation choisie."""
    choisie, voulues = request.GET.get("consultation", ""), request.GET.get("voir", "")
    contexte = presentation.page_du_bureau(personne_de(request), choisie, voulues, recu_le(request))
    return render(request, "gestion/bureau.html", contexte)


@require_safe
@du_bureau
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """Une consultation vue du bureau : ses paramètres, ses saisines ou ses destinataires."""
    now = recu_le(request)
    contexte = presentation.page_de_consultation(
        personne_de(request), _consultation(slug, now), request.GET.get("voir", ""), now
    )
    return render(request, "gestion/consultation.html", contexte)


def _exiger_un_agent(request: HttpRequest) -> HttpResponse | None:
    if can_preparer(request.user):
        return None
    return refuser(request, RefusMetier("interdit", "Seul un agent prépare une consultation."))


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def consultation_creer(request: HttpRequest) -> HttpResponse:
    """Préparer une consultation, avec le simulateur de délai."""
    if refus := _exiger_un_agent(request):
        return refus
    if request.method != "POST":
        return render(
            request, FORMULAIRE, {"form": ConsultationForm(initial=depart(), now=recu_le(request)), "preparee": None}
        )
    return _garder(request, None)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def consultation_modifier(request: HttpRequest, slug: str) -> HttpResponse:
    """Corriger une consultation en préparation. Transmise, elle ne change plus (règle 9)."""
    if refus := _exiger_un_agent(request):
        return refus
    preparee = _consultation(slug, recu_le(request))
    if request.method == "POST":
        return _garder(request, preparee)
    if preparee.transmise_le is not None:
        return voir("gestion:consultation", slug)
    form = ConsultationForm(initial=depart_de(preparee), now=recu_le(request))
    return render(request, FORMULAIRE, {"form": form, "preparee": preparee})


def _garder(request: HttpRequest, preparee: Consultation | None) -> HttpResponse:
    """Le même envoi pour créer et corriger. « Calculer » n'écrit rien et ne juge que le délai."""
    form = ConsultationForm(request.POST, now=recu_le(request))
    contexte = {"form": form, "preparee": preparee}
    is_valide = form.is_valid()
    if "calculer" in request.POST:
        is_legal = form.juger_le_delai_seul()
        return render(request, FORMULAIRE, contexte, status=200 if is_legal else 422)
    if not is_valide:
        return refuser_forme(request, FORMULAIRE, contexte)
    try:
        gardee = _ecrire(form, preparee, personne_de(request), recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=FORMULAIRE, contexte=contexte)
    return voir("gestion:consultation", gardee.slug)


def _ecrire(form: ConsultationForm, preparee: Consultation | None, par: Utilisateur, now: datetime) -> Consultation:
    lus: dict[str, Any] = {
        "saisie": form.saisie(),
        "version": form.cleaned_data["version"],
        "instances": form.cleaned_data["instances"],
    }
    if preparee is None:
        return creer_consultation(par=par, now=now, **lus)
    return corriger_consultation(consultation=preparee, par=par, now=now, **lus)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def transmettre(request: HttpRequest, slug: str) -> HttpResponse:
    """Le récapitulatif de l'acte, que seule une personne signataire peut soumettre (règle 22)."""
    now, par = recu_le(request), personne_de(request)
    preparee = _consultation(slug, now)
    if request.method == "POST":
        return _signer(request, preparee, now)
    if preparee.transmise_le is not None:
        return voir("gestion:consultation", slug)
    contexte = presentation.page_de_transmission(par, preparee, now) | {"form": TransmettreForm()}
    return render(request, ACTE, contexte)


def _signer(request: HttpRequest, preparee: Consultation, now: datetime) -> HttpResponse:
    par, form = personne_de(request), TransmettreForm(request.POST)
    if not can_transmettre(par):
        return refuser(request, RefusMetier("interdit", "Seule une personne signataire transmet un projet de rapport."))
    contexte = presentation.page_de_transmission(par, preparee, now) | {"form": form}
    if not form.is_valid():
        return refuser_forme(request, ACTE, contexte)
    try:
        saisines = transmettre_le_projet(consultation=preparee, par=par, now=now, vu=request.POST.get("vu"))
    except RefusMetier as refus:
        a_jour = presentation.page_de_transmission(par, _consultation(preparee.slug, now), now)
        return refuser(request, refus, gabarit=ACTE, contexte=contexte | a_jour)
    messages.success(request, f"Le projet est transmis à {len(saisines)} instances.")
    return voir("gestion:consultation", preparee.slug)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def remise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Saisir la preuve qu'une instance a reçu le projet (règle 6)."""
    saisine = get_object_or_404(queries.saisine_du_bureau(recu_le(request)), pk=pk)
    if request.method == "POST":
        return _inscrire(request, saisine)
    return render(
        request, "gestion/remise.html", presentation.page_de_remise(personne_de(request), saisine, RemiseForm())
    )


def _inscrire(request: HttpRequest, saisine: Saisine) -> HttpResponse:
    gabarit, par, form = "gestion/remise.html", personne_de(request), RemiseForm(request.POST, request.FILES)
    if not can_inscrire_remise(par):
        return refuser(request, RefusMetier("interdit", "Seul un agent saisit une preuve de remise."))
    contexte = presentation.page_de_remise(par, saisine, form)
    if not form.is_valid():
        return refuser_forme(request, gabarit, contexte)
    saisie, fichier = form.saisie(), form.cleaned_data["piece"]
    try:
        saisir_remise(saisine=saisine, saisie=saisie, fichier=fichier, par=par, now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=gabarit, contexte=contexte)
    messages.success(request, f"La remise à {saisine.instance} est prouvée.")
    if plancher(saisie.remis_le) > saisine.echeance:
        messages.warning(request, REMISE_TARDIVE)
    return voir("gestion:consultation", saisine.consultation.slug)

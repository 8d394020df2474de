"""Le bureau des agents et des signataires : accès, forme, action, page. Pour les autres, il n'existe pas (404)."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from consultations.actions.correction import corriger_consultation
from consultations.actions.preparation import creer_consultation
from consultations.models import Consultation
from consultations.permissions import can_preparer
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.comptes.models import Utilisateur
from participation.gestion import presentation, queries
from participation.gestion.actions import preparer_transmission, transmission_en_attente
from participation.gestion.forms import ConsultationForm, depart, depart_de
from participation.gestion.modele import Modele, partir_de
from participation.gestion.permissions import can_entrer

P = ParamSpec("P")
Vue = Callable[Concatenate[HttpRequest, P], HttpResponse]
LECTURE_ET_ENVOI = ["GET", "HEAD", "POST"]
MODELES = 5  # les dernières consultations, proposées comme point de départ
FORMULAIRE = "gestion/consultation_creer.html"
ACTE = "gestion/transmettre.html"


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
    contexte = presentation.page_du_bureau(personne_de(request), choisie, voulues, recu_le(request), datetime.now(UTC))
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
    """Préparer une consultation, avec le simulateur de délai. `?modele=` : partir d'une autre (GET)."""
    if refus := _exiger_un_agent(request):
        return refus
    if request.method == "POST":
        return _garder(request, None)
    modele, now = _modele(request), recu_le(request)
    form = ConsultationForm(initial=modele.valeurs if modele else depart(), now=now)
    passees = queries.consultations_du_bureau(now).order_by("-creee_le")[:MODELES]
    return render(request, FORMULAIRE, {"form": form, "preparee": None, "modele": modele, "passees": passees})


def _modele(request: HttpRequest) -> Modele | None:
    """La consultation dont on part (`?modele=`), s'il y en a une. Lève Http404 si elle n'existe pas."""
    adresse = request.GET.get("modele", "")
    if not adresse:
        return None
    if not adresse.isprintable():
        raise Http404
    return partir_de(_consultation(adresse, recu_le(request)))


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
    """L'acte de transmission relu par un agent, qui l'envoie à la signature (règle 22)."""
    now, preparee = recu_le(request), _consultation(slug, recu_le(request))
    if request.method == "POST":
        return _envoyer_a_la_signature(request, preparee, now)
    if preparee.transmise_le is not None:
        return voir("gestion:consultation", slug)
    if prepare := transmission_en_attente(preparee):
        return voir("gestion:acte", prepare.pk)
    return render(request, ACTE, presentation.page_de_transmission(personne_de(request), preparee, now))


def _envoyer_a_la_signature(request: HttpRequest, preparee: Consultation, now: datetime) -> HttpResponse:
    try:
        prepare = preparer_transmission(consultation=preparee, par=personne_de(request), now=now)
    except RefusMetier as refus:
        return refuser(request, refus)
    return voir("gestion:acte", prepare.pk)

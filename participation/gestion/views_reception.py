"""Saisir ce qu'une instance a remis autrement : compte la réception, non la saisie (règle 11)."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consultations import rules
from consultations.actions.reception import PLUS_DUE
from consultations.etats import Nature, TypeContribution
from consultations.models import Avis, Contribution, Saisine
from consultations.papier import saisine_du_papier
from consultations.permissions import can_saisir_pour
from consultations.queries import avis_en_vigueur
from consultations.queries_pages import nouvelle_saisine
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir, voir_adresse
from participation.common.requetes import recu_le
from participation.gestion import queries
from participation.gestion.actions import saisir_avis_recu
from participation.gestion.forms_reception import AvisRecuForm
from participation.gestion.views import LECTURE_ET_ENVOI, du_bureau, personne_de
from participation.territoires.models import Instance

PAGE = "gestion/avis_recu.html"


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def avis_recu(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Un avis reçu à l'accueil, par courrier, par courriel ou par @ctes, saisi par un agent."""
    if not can_saisir_pour(request.user):
        return refuser(request, RefusMetier("interdit", "Seul un agent saisit un avis reçu autrement."))
    saisine = get_object_or_404(queries.saisine_du_bureau(recu_le(request)), pk=pk)
    parties = list(saisine.version.sections.order_by("ordre"))
    ancres = {p.ancre for p in parties}
    if request.method == "POST":
        form = AvisRecuForm(request.POST, request.FILES, ancres=ancres)
        return _inscrire(request, _page(saisine, form, parties))
    form = AvisRecuForm(initial={"cle": uuid4()}, ancres=ancres)
    return render(request, PAGE, _page(saisine, form, parties))


@require_safe
@du_bureau
def avis_papier(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le carré photographié par un agent : la saisie de cette instance, sur cette version (règles 11, 21).

    Le texte a été transmis de nouveau depuis : la fiche de l'ancienne saisine, qui mène à la nouvelle.
    """
    saisine = saisine_du_papier(jeton)
    if saisine is None:
        raise Http404
    if saisine.remplacee_le is not None:
        return voir_adresse(saisine.get_absolute_url(), statut=302)
    return voir_adresse(f"{reverse('gestion:avis_recu', args=[saisine.pk])}?papier=1", statut=302)


def _page(saisine: Saisine, form: AvisRecuForm, parties: list[Any]) -> dict[str, Any]:
    ancien = avis_en_vigueur(saisine)
    return {
        "saisine": saisine,
        "form": form,
        "parties": parties,
        "natures": Nature.choices,
        "ancien": None if ancien is None or ancien.is_silence else ancien,
        "is_commune": saisine.instance.type == Instance.Type.CONSEIL_MUNICIPAL,
        "verdict": "",
        "nouvelle": nouvelle_saisine(saisine) if saisine.remplacee_le else None,
        "is_fichier_perdu": "piece" in form.files,
    }


def _inscrire(request: HttpRequest, contexte: dict[str, Any]) -> HttpResponse:
    form, saisine = contexte["form"], contexte["saisine"]
    is_valide = form.is_valid()
    if "calculer" in request.POST:
        return _dire(request, contexte)
    if not is_valide:
        return refuser_forme(request, PAGE, contexte)
    lus = {"cle": form.cleaned_data["cle"], "remplace": form.cleaned_data["remplace"], "par": personne_de(request)}
    fichier, now = form.cleaned_data["piece"], recu_le(request)
    try:
        inscrit = saisir_avis_recu(saisine=saisine, recu=form.saisie(), fichier=fichier, now=now, **lus)
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=PAGE, contexte=contexte)
    messages.success(request, _succes(inscrit))
    return voir("consultations:saisine", saisine.consultation.slug, saisine.pk)


def _dire(request: HttpRequest, contexte: dict[str, Any]) -> HttpResponse:
    """« Que vaudra-t-il ? » n'écrit rien et ne juge que la date."""
    form = contexte["form"]
    if not form.juger_la_date_seule():
        return refuser_forme(request, PAGE, contexte)
    contexte["verdict"] = verdict(contexte["saisine"], form)
    return render(request, PAGE, contexte)


def verdict(saisine: Saisine, form: AvisRecuForm) -> str:
    """Avis, contribution tardive ou courrier : ce que l'inscription ferait de cette date."""
    arrive_le = form.recu_le()
    a_temps = rules.is_dans_les_temps(recu_le=arrive_le, transmise_le=saisine.transmise_le, borne=saisine.borne)
    if saisine.remplacee_le and saisine.remplacee_le <= arrive_le:
        return "Arrivé après la nouvelle transmission : saisissez-le sur la saisine en vigueur."
    if not a_temps:
        return "Hors délai : ce sera une contribution, gardée et montrée. Le silence ne change pas."
    if form.cleaned_data.get("is_courrier"):
        return "Une lettre sans délibération : ce sera un courrier, gardé et montré. Ce n'est pas un avis."
    if saisine.retiree_le and saisine.retiree_le <= arrive_le:
        return PLUS_DUE
    return "Dans le délai : ce sera un avis. Il remplace le silence."


def _succes(inscrit: Avis | Contribution) -> str:
    if isinstance(inscrit, Avis):
        return f"L'avis est inscrit, numéro {inscrit.numero}."
    if inscrit.type == TypeContribution.TARDIF:
        return "La contribution hors délai est inscrite. L'état ne change pas."
    return "Le courrier est inscrit. L'état ne change pas."

"""Le circuit et le contenu légal, remplis par un agent avant la transmission (docs/domaine.md §1)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from consultations.actions.circuit import inscrire_etape
from consultations.actions.contenu import renseigner_contenu
from consultations.circuit import jalons
from consultations.etats import EtapeCircuit
from consultations.models import Consultation
from consultations.permissions import can_preparer
from consultations.queries_circuit import contenu_de_la_loi, etapes_de
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.gestion.forms_circuit import ContenuForm, EtapeForm, depart_d_etape, depart_du_contenu
from participation.gestion.views import LECTURE_ET_ENVOI, du_bureau, personne_de

CIRCUIT = "gestion/circuit.html"
CONTENU = "gestion/contenu.html"
REFUS = RefusMetier("interdit", "Seul un agent remplit le circuit.")


def _consultation(slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.select_related("version__rapport"), slug=slug)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def circuit(request: HttpRequest, slug: str) -> HttpResponse:
    """Inscrire ou corriger une étape ; `?etape=` la choisit, sinon la première qui manque."""
    if not can_preparer(request.user):
        return refuser(request, REFUS)
    page = _page_du_circuit(request, _consultation(slug))
    if request.method == "POST":
        return _inscrire(request, page)
    return render(request, CIRCUIT, page)


def _page_du_circuit(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    etapes = etapes_de(consultation)
    inscrites = {e.code: e for e in etapes}
    manquantes = [code for code in EtapeCircuit if code not in inscrites]
    voulue = request.GET.get("etape", "")
    choisie = voulue if voulue in EtapeCircuit.values else next(iter(manquantes), None)
    if consultation.transmise_le is not None and request.method != "POST":
        choisie = None
    ancienne = inscrites.get(choisie or "")
    donnees = request.POST if request.method == "POST" else None
    depart = depart_d_etape(ancienne)
    return {
        "consultation": consultation,
        "jalons": jalons(consultation, etapes, consultation.actes.order_by("n")),
        "choix": [(code.value, code.label, code in inscrites) for code in EtapeCircuit],
        "choisie": choisie,
        "nom_de_l_etape": EtapeCircuit(choisie).label if choisie else "",
        "ancienne": ancienne,
        "form": EtapeForm(donnees, etape=choisie, initial=depart) if choisie else None,
    }


def _inscrire(request: HttpRequest, page: dict[str, Any]) -> HttpResponse:
    form, consultation = page["form"], page["consultation"]
    if form is None:
        return refuser(request, RefusMetier("forme", "Choisissez l'étape à corriger."), gabarit=CIRCUIT, contexte=page)
    if not form.is_valid():
        return refuser_forme(request, CIRCUIT, page)
    try:
        etape = inscrire_etape(
            consultation=consultation, etape=page["choisie"], saisie=form.saisie(), par=personne_de(request),
            now=recu_le(request), remplace=form.cleaned_data["remplace"],
        )  # fmt: skip
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=CIRCUIT, contexte=page)
    messages.success(request, f"Inscrit : {str(etape).lower()}.")
    return voir("gestion:circuit", consultation.slug)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def contenu(request: HttpRequest, slug: str) -> HttpResponse:
    """Dire où le rapport contient ce que la loi demande."""
    if not can_preparer(request.user):
        return refuser(request, REFUS)
    page = _page_du_contenu(request, _consultation(slug))
    if request.method == "POST":
        return _garder(request, page)
    return render(request, CONTENU, page)


def _page_du_contenu(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    page: dict[str, Any] = {"consultation": consultation, "form": None}
    if consultation.transmise_le is not None and request.method != "POST":
        return page | {"points": contenu_de_la_loi(consultation)}
    sections = consultation.version.sections.order_by("ordre")
    donnees = request.POST if request.method == "POST" else None
    depart = depart_du_contenu(consultation.contenus.all())
    return page | {"form": ContenuForm(donnees, sections=sections, initial=depart)}


def _garder(request: HttpRequest, page: dict[str, Any]) -> HttpResponse:
    form, consultation = page["form"], page["consultation"]
    if not form.is_valid():
        return refuser_forme(request, CONTENU, page)
    try:
        renseigner_contenu(
            consultation=consultation, points=form.saisies(), par=personne_de(request), now=recu_le(request)
        )
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=CONTENU, contexte=page)
    messages.success(request, "La liste est gardée.")
    return voir("gestion:consultation", consultation.slug)

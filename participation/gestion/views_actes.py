"""« À signer » : un agent prépare, une personne signataire signe, en deux gestes (règle 22)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.actions.actes import abandonner_acte, signer_acte
from consultations.models import ActePrepare, Consultation
from consultations.permissions import can_preparer, can_transmettre
from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.gestion import a_signer as composition
from participation.gestion import queries
from participation.gestion.actions import preparer
from participation.gestion.forms_actes import FORMES, SignatureForm
from participation.gestion.remise import depart_du_report
from participation.gestion.views import LECTURE_ET_ENVOI, du_bureau, personne_de

PAGE = "gestion/acte.html"
FORME = "gestion/acte_preparer.html"


@require_safe
@du_bureau
def a_signer(request: HttpRequest) -> HttpResponse:
    """Les actes qui attendent une signature, puis les derniers signés."""
    prepares = [(p, composition.titre(p.type)) for p in queries.actes_en_attente()]
    contexte = {"prepares": prepares, "signes": queries.derniers_actes(), "can_signer": can_transmettre(request.user)}
    return render(request, "gestion/a_signer.html", contexte)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def acte(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Un acte à signer : six lignes, les courriels, deux gestes."""
    prepare = get_object_or_404(queries.actes_prepares(), pk=pk)
    if request.method == "POST":
        return _signer(request, prepare)
    return render(request, PAGE, _page(request, prepare, SignatureForm()))


def _page(request: HttpRequest, prepare: ActePrepare, form: SignatureForm) -> dict[str, Any]:
    signe = getattr(prepare, "acte", None)
    is_ouvert = signe is None and prepare.abandonne_le is None
    return {
        "prepare": prepare,
        "consultation": prepare.consultation,
        "titre": composition.titre(prepare.type),
        "geste": composition.geste(prepare.type),
        "signe": signe,
        "fiche": composition.fiche(prepare, recu_le(request)) if is_ouvert else None,
        "form": form,
        "can_signer": is_ouvert and can_transmettre(request.user),
        "can_abandonner": is_ouvert and can_preparer(request.user),
    }


def _signer(request: HttpRequest, prepare: ActePrepare) -> HttpResponse:
    form = SignatureForm(request.POST)
    if not can_transmettre(request.user):
        return refuser(request, RefusMetier("interdit", "Seule une personne signataire signe cet acte."))
    is_relu = form.is_valid()
    contexte = _page(request, prepare, form)
    if contexte["fiche"] and not is_relu:
        return refuser_forme(request, PAGE, contexte)
    try:
        signe = signer_acte(prepare=prepare, par=personne_de(request), now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=PAGE, contexte=contexte)
    messages.success(request, f"Signé : {composition.titre(signe.type).lower()}. C'est l'acte n° {signe.n}.")
    return voir("gestion:consultation", prepare.consultation.slug)


@require_POST
@du_bureau
def acte_abandonner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Retirer un acte de la pile, par un agent."""
    prepare = get_object_or_404(queries.actes_prepares(), pk=pk)
    try:
        abandonner_acte(prepare=prepare, par=personne_de(request), now=recu_le(request))
    except RefusMetier as refus:
        return refuser(request, refus)
    messages.success(request, "L'acte n'est plus à signer.")
    return voir("gestion:consultation", prepare.consultation.slug)


def _transmise(slug: str) -> Consultation:
    lignes = Consultation.objects.select_related("version__rapport").filter(transmise_le__isnull=False)
    return get_object_or_404(lignes, slug=slug)


@require_http_methods(LECTURE_ET_ENVOI)
@du_bureau
def acte_preparer(request: HttpRequest, slug: str, acte: str) -> HttpResponse:
    """Préparer un report, un rectificatif, un retrait, une annulation ou le procès-verbal de clôture."""
    if acte not in FORMES:
        raise Http404
    if not can_preparer(request.user):
        return refuser(request, RefusMetier("interdit", "Seul un agent prépare un acte."))
    consultation = _transmise(slug)
    type_acte, forme = FORMES[acte]
    voulu: dict[str, Any] = {"consultation": consultation, "saisines": queries.saisines_a_viser(consultation)}
    form = (
        forme(request.POST, **voulu)
        if request.method == "POST"
        else forme(initial=_depart(request, consultation), **voulu)
    )
    contexte = {"form": form, "consultation": consultation, "titre": composition.titre(type_acte), "acte": acte}
    if request.method != "POST":
        return render(request, FORME, contexte)
    return _preparer(request, contexte, type_acte)


def _depart(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """Ce que le lien d'une alerte préremplit : l'instance, et le motif de sa demande ou d'une réception tardive."""
    if demande := queries.demande_de(request.GET.get("demande", "")):
        return {"saisines": [str(demande.saisine_id)], "motif": demande.phrase}
    saisine = queries.saisine_de_l_instance(consultation, request.GET.get("instance", ""), recu_le(request))
    return depart_du_report(saisine, vars(saisine)["remis_le"]) if saisine else {}


def _preparer(request: HttpRequest, contexte: dict[str, Any], type_acte: str) -> HttpResponse:
    form, consultation = contexte["form"], contexte["consultation"]
    if not form.is_valid():
        return refuser_forme(request, FORME, contexte)
    try:
        prepare = preparer(
            consultation=consultation, type=type_acte, saisie=form.saisie(), par=personne_de(request),
            now=recu_le(request),
        )  # fmt: skip
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=FORME, contexte=contexte)
    return voir("gestion:acte", prepare.pk)

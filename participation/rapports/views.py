"""Le rapport vu du bureau des agents : importer, relire, corriger, figer. Pour les autres, ces pages n'existent pas."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.common.errors import RefusMetier
from participation.common.reponses import refuser, refuser_forme, voir
from participation.common.requetes import recu_le
from participation.comptes.permissions import is_agent
from participation.rapports import forms, queries
from participation.rapports.actions.correction import corriger_presentation, corriger_section, decrire_image
from participation.rapports.actions.effacement import effacer_version
from participation.rapports.actions.figer import figer as figer_la_version
from participation.rapports.actions.importation import importer as importer_le_fichier
from participation.rapports.models import Image, Section, Version

P = ParamSpec("P")
Vue = Callable[Concatenate[HttpRequest, P], HttpResponse]
Agir = Callable[[Any], HttpResponse]
LECTURE_ET_ENVOI = ["GET", "HEAD", "POST"]


def des_agents(vue: Vue[P]) -> Vue[P]:
    """404 pour qui n'est pas agent."""

    @wraps(vue)
    def porte(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not is_agent(request.user):
            raise Http404
        return vue(request, *args, **kwargs)

    return porte


def _formulaire(
    request: HttpRequest, page: str, contexte: dict[str, Any], modele: type[Form], depart: dict[str, Any], agir: Agir
) -> HttpResponse:
    """Montrer le formulaire, ou l'envoyer : 422 rend la saisie, 409 rend les deux textes."""
    gabarit = f"rapports/gestion_{page}.html"
    if request.method != "POST":
        return render(request, gabarit, contexte | {"form": modele(initial=depart)})
    form = modele(request.POST, request.FILES)
    contexte = contexte | {"form": form}
    if not form.is_valid():
        return refuser_forme(request, gabarit, contexte)
    try:
        return agir(form)
    except RefusMetier as refus:
        return refuser(request, refus, gabarit=gabarit, contexte=contexte)


def _fait(request: HttpRequest, phrase: str, page: str, *args: Any) -> HttpResponse:
    """Dit ce qui est fait, puis 303."""
    messages.success(request, phrase)
    return voir(f"gestion:rapports:{page}", *args)


def _version(pk: UUID) -> Version:
    return get_object_or_404(Version.objects.select_related("rapport"), pk=pk)


@require_safe
@des_agents
def liste(request: HttpRequest) -> HttpResponse:
    """Les rapports et leurs versions."""
    return render(request, "rapports/gestion_liste.html", {"rapports": queries.rapports()})


@require_http_methods(LECTURE_ET_ENVOI)
@des_agents
def importer(request: HttpRequest) -> HttpResponse:
    """Choisir un fichier ; il devient une version modifiable, à relire."""

    def agir(form: Any) -> HttpResponse:
        importee = importer_le_fichier(par=request.user, now=recu_le(request), **vars(form.saisie()))
        return voir("gestion:rapports:version", importee.pk)

    return _formulaire(request, "importer", {}, forms.ImportForm, {}, agir)


@require_safe
@des_agents
def version(request: HttpRequest, version: UUID) -> HttpResponse:
    """Ce qui a été compris et écarté, les parties, les images, et ce qui reste à faire avant de figer."""
    lue = _version(version)
    contexte = {"version": lue, "sommaire": queries.plan_de_relecture(lue), "images": queries.images_a_relire(lue)}
    return render(request, "rapports/gestion_version.html", contexte)


@require_http_methods(LECTURE_ET_ENVOI)
@des_agents
def presentation(request: HttpRequest, version: UUID) -> HttpResponse:
    """Titre, libellé, préambule."""
    lue = _version(version)

    def agir(form: Any) -> HttpResponse:
        corriger_presentation(version=lue, par=request.user, now=recu_le(request), **vars(form.saisie()))
        return _fait(request, "La présentation est enregistrée.", "version", version)

    contexte = {"version": lue, "marque": queries.marque(lue)}
    return _formulaire(request, "presentation", contexte, forms.PresentationForm, forms.depart_de_version(lue), agir)


@require_http_methods(LECTURE_ET_ENVOI)
@des_agents
def section(request: HttpRequest, partie: UUID) -> HttpResponse:
    """Une partie : son texte, « en clair », et comment elle se lira."""
    lue = get_object_or_404(Section.objects.select_related("version__rapport"), pk=partie)

    def agir(form: Any) -> HttpResponse:
        corriger_section(section=lue, par=request.user, now=recu_le(request), **vars(form.saisie()))
        return _fait(request, "La partie est enregistrée.", "section", partie)

    contexte = {"section": lue, "version": lue.version, "lecture": queries.lecture(lue.version, lue.ancre)}
    return _formulaire(request, "section", contexte, forms.SectionForm, forms.depart_de_section(lue), agir)


@require_http_methods(LECTURE_ET_ENVOI)
@des_agents
def image(request: HttpRequest, image: UUID) -> HttpResponse:
    """La description d'une image."""
    lue = get_object_or_404(Image.objects.select_related("version__rapport"), pk=image)

    def agir(form: Any) -> HttpResponse:
        decrire_image(image=lue, par=request.user, now=recu_le(request), **vars(form.saisie()))
        return _fait(request, "La description est enregistrée.", "version", lue.version_id)

    contexte = {"image": lue, "version": lue.version}
    return _formulaire(request, "image", contexte, forms.ImageForm, {"alt": lue.alt, "ancien": lue.alt}, agir)


@require_http_methods(LECTURE_ET_ENVOI)
@des_agents
def figer(request: HttpRequest, version: UUID) -> HttpResponse:
    """Ce que figer veut dire, puis le faire."""
    lue = _version(version)

    def agir(_form: Any) -> HttpResponse:
        figer_la_version(version=lue, now=recu_le(request))
        return _fait(request, "La version est figée.", "version", version)

    contexte = {"version": lue, "a_decrire": queries.a_decrire(lue)}
    return _formulaire(request, "figer", contexte, forms.FigerForm, {}, agir)


@require_http_methods(LECTURE_ET_ENVOI)
@des_agents
def effacer(request: HttpRequest, version: UUID) -> HttpResponse:
    """Effacer une version qui n'a servi à rien."""
    lue = _version(version)

    def agir(_form: Any) -> HttpResponse:
        effacer_version(version=lue, par=request.user, now=recu_le(request))
        return _fait(request, "La version est effacée.", "liste")

    return _formulaire(request, "effacer", {"version": lue}, Form, {}, agir)

"""Écrire le projet d'avis, à plusieurs mains, par étapes ou d'un seul envoi (règles 10, 16, 21)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations.actions.projet import enregistrer_projet
from consultations.forms import ProjetForm
from consultations.models import ProjetAvis, Saisine
from consultations.queries_pages import contenu_de, projet_de
from consultations.views.communs import personne_de, refus_du_temps, saisine_du_mandat
from consultations.views.saisie_projet import contexte_du_formulaire, contexte_du_projet, fusion, suite_de
from participation.common.errors import RefusMetier
from participation.common.reponses import champs_renvoyes, refuser, voir_adresse
from participation.common.requetes import recu_le
from participation.pieces.actions import pieces_ou_rien
from participation.pieces.service import servir

PAGES = {"": "consultations/projet.html", "reunion": "consultations/reunion.html"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def projet(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """GET `?etape=sens|observations` ; POST enregistre et passe à la suite. 404 pour qui n'a pas de mandat ici."""
    saisine = saisine_du_mandat(request, slug, pk)
    brouillon = projet_de(saisine)
    if request.method == "POST":
        return enregistrer(request, saisine, brouillon)
    if refus := refus_du_temps(saisine, recu_le(request)):
        return trop_tard(request, refus, saisine, brouillon)
    return render(request, "consultations/projet.html", contexte_du_projet(request, saisine, brouillon))


def enregistrer(request: HttpRequest, saisine: Saisine, brouillon: ProjetAvis, etape: str = "") -> HttpResponse:
    """Enregistre ce qui vient d'être tapé, à ses étapes ou en réunion : 303 vers la suite, 409, ou 422."""
    suite = suite_de(request, etape)
    form = ProjetForm(request.POST, request.FILES, ancres=_ancres(saisine), sans_ligne=suite.retire)
    try:
        if not form.is_valid():
            raise RefusMetier("forme", "")
        _ecrire(request, saisine, brouillon, form)
    except RefusMetier as refus:
        if refus.code == "conflit":
            return _depasse(request, refus, saisine, form)
        return _refuse(request, refus, saisine, brouillon, form, suite.etape)
    if refus_tardif := refus_du_temps(saisine, recu_le(request)):
        return trop_tard(request, refus_tardif, saisine, projet_de(saisine))
    return voir_adresse(suite.adresse(saisine, form))


def _ancres(saisine: Saisine) -> set[str]:
    return set(saisine.version.sections.values_list("ancre", flat=True))


def _refuse(
    request: HttpRequest, refus: RefusMetier, saisine: Saisine, brouillon: ProjetAvis, form: ProjetForm, etape: str
) -> HttpResponse:
    """La même page, ce qui a été tapé et ce qui est à corriger ; une phrase vide : le formulaire dit déjà tout."""
    if refus.phrase:
        form.add_error(None, refus.phrase)
    contexte = contexte_du_formulaire(request, saisine, brouillon, form, etape)
    return refuser(request, refus, gabarit=PAGES.get(etape, PAGES[""]), contexte=contexte)


def _ecrire(request: HttpRequest, saisine: Saisine, brouillon: ProjetAvis, form: ProjetForm) -> ProjetAvis:
    """Le texte et ses pièces, ensemble ou pas du tout. Une version déjà dépassée n'écrit aucun fichier."""
    par, now, v = personne_de(request), recu_le(request), form.cleaned_data["v"]
    fichiers = form.cleaned_data["pieces"]
    if fichiers and brouillon.v != v:
        raise RefusMetier("conflit", "Ce projet d'avis a changé.", actuel=brouillon)
    with pieces_ou_rien(fichiers, par=par, now=now) as pieces:
        return enregistrer_projet(
            saisine=saisine,
            saisie=form.saisie(brouillon),
            v=v,
            par=par,
            now=now,
            pieces=pieces,
            retirees=form.cleaned_data["retirer"],
        )


def _depasse(request: HttpRequest, refus: RefusMetier, saisine: Saisine, form: ProjetForm) -> HttpResponse:
    """Version dépassée. Après la borne il n'y a plus de choix à faire : « trop tard », et mon texte rendu."""
    if tardif := refus_du_temps(saisine, recu_le(request)):
        actuel = projet_de(saisine)
        return trop_tard(request, tardif, saisine, actuel, texte=fusion(form, actuel).en_texte())
    return _conflit(request, refus, saisine, form)


def _conflit(request: HttpRequest, refus: RefusMetier, saisine: Saisine, form: ProjetForm) -> HttpResponse:
    """409 : les deux textes complets ; « Garder mon texte » renvoie le mien avec la version du jour (règle 10)."""
    actuel = projet_de(saisine)
    champs = [(nom, valeur) for nom, valeur in champs_renvoyes(request) if nom != "v"]
    contexte: dict[str, Any] = {
        "saisine": saisine,
        "consultation": saisine.consultation,
        "actuel": actuel,
        "leur_texte": contenu_de(actuel).en_texte(),
        "mon_texte": fusion(form, actuel).en_texte(),
        "champs": champs,
        "fichiers": [f.name for f in request.FILES.getlist("pieces")],
    }
    return refuser(request, refus, gabarit="consultations/projet_conflit.html", contexte=contexte)


def trop_tard(
    request: HttpRequest, refus: RefusMetier, saisine: Saisine, brouillon: ProjetAvis, texte: str = ""
) -> HttpResponse:
    """409 : le délai est clos ; le texte (celui du projet, sauf `texte`) est rendu, à lire et à copier."""
    contexte = {
        "saisine": saisine,
        "consultation": saisine.consultation,
        "texte": texte or contenu_de(brouillon).en_texte(),
        "pieces": contenu_de(brouillon).pieces,
    }
    return refuser(request, refus, gabarit="consultations/trop_tard.html", contexte=contexte)


@never_cache
@require_safe
def projet_piece(request: HttpRequest, slug: str, pk: UUID, piece: UUID) -> HttpResponse:
    """Une pièce du projet, en téléchargement, pour les mandats de l'instance : 404 sinon."""
    pieces: Sequence[Any] = contenu_de(projet_de(saisine_du_mandat(request, slug, pk))).pieces
    trouvee = next((p for p in pieces if p.pk == piece), None)
    if trouvee is None:
        raise Http404
    return servir(trouvee)


def adresse_du_projet(saisine: Saisine, etape: str = "sens") -> str:
    """L'adresse d'une étape du projet."""
    return f"{reverse('consultations:projet', args=[saisine.consultation.slug, saisine.pk])}?etape={etape}"

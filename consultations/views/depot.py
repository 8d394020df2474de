"""Relire, puis déposer : la relecture montre exactement ce qui sera publié (règles 4, 10, 12, 15)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consultations.actions.depot import DEUX_PERSONNES, PRESIDENCE_SEULE, deposer_avis, is_a_proposer, proposer_depot
from consultations.completude import manques
from consultations.forms import DepotForm, PropositionForm
from consultations.models import ProjetAvis, Saisine
from consultations.permissions import can_deposer_avis
from consultations.queries_pages import avis_lus, contenu_de, marque_du_projet, projet_de
from consultations.views import presentation
from consultations.views.communs import personne_de, refus_du_temps, saisine_du_mandat
from consultations.views.projet import trop_tard
from participation.common.dates import jour_a_paris, maintenant
from participation.common.errors import RefusMetier
from participation.common.reponses import erreurs_de, refuser, refuser_forme, voir
from participation.common.requetes import octets_recus, recu_le
from participation.comptes.models import Utilisateur
from participation.territoires.models import Instance

PAGE = "consultations/avis_deposer.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def avis_deposer(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """GET : la relecture. POST `cle projet_v remplace au_nom_de` : le dépôt. 404 pour qui n'a pas de mandat ici."""
    saisine = saisine_du_mandat(request, slug, pk)
    if request.method == "POST":
        return _deposer(request, saisine)
    if refus := refus_du_temps(saisine, recu_le(request)):
        return trop_tard(request, refus, saisine, projet_de(saisine))
    return render(request, PAGE, relecture(saisine, personne_de(request), recu_le(request)))


def _deposer(request: HttpRequest, saisine: Saisine) -> HttpResponse:
    form = DepotForm(request.POST, taille=octets_recus(request))
    if not form.is_valid():
        return _refuser_la_forme(request, saisine, form)
    try:
        avis = deposer_avis(
            saisine=saisine,
            cle=form.cleaned_data["cle"],
            projet_v=form.cleaned_data["projet_v"],
            remplace=form.cleaned_data["remplace"],
            par=personne_de(request),
            recu_le=recu_le(request),
            now=maintenant(),
        )
    except RefusMetier as refus:
        return _refuser(request, saisine, refus)
    return voir("consultations:avis", saisine.consultation.slug, avis.pk)


@never_cache
@require_POST
def avis_proposer(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """POST `projet_v` : proposer le dépôt de cette version, là où l'instance veut deux personnes."""
    saisine = saisine_du_mandat(request, slug, pk)
    form = PropositionForm(request.POST)
    if not form.is_valid():
        return _refuser_la_forme(request, saisine, form)
    v, par = form.cleaned_data["projet_v"], personne_de(request)
    try:
        proposer_depot(saisine=saisine, projet_v=v, par=par, recu_le=recu_le(request))
    except RefusMetier as refus:
        return _refuser(request, saisine, refus)
    return voir("consultations:avis_deposer", slug, saisine.pk)


def _refuser_la_forme(request: HttpRequest, saisine: Saisine, form: DepotForm | PropositionForm) -> HttpResponse:
    """422, sauf si le délai est clos : une page de dépôt ne se montre plus après la borne."""
    if refus := refus_du_temps(saisine, recu_le(request)):
        return trop_tard(request, refus, saisine, projet_de(saisine))
    return refuser_forme(
        request, PAGE, relecture(saisine, personne_de(request), recu_le(request)) | {"erreurs": erreurs_de(form)}
    )


def _refuser(request: HttpRequest, saisine: Saisine, refus: RefusMetier) -> HttpResponse:
    """409 trop tard, avec le texte ; 409 conflit ou 422, avec la relecture d'aujourd'hui et l'avis en vigueur."""
    if refus_du_temps(saisine, recu_le(request)):
        return trop_tard(request, refus, saisine, projet_de(saisine))
    contexte = relecture(saisine, personne_de(request), recu_le(request))
    if refus.code == "conflit":
        contexte["conflit"] = refus.phrase
    elif not contexte["manques"]:
        contexte["erreurs"] = [("", refus.phrase)]
    return refuser(request, refus, gabarit=PAGE, contexte=contexte)


def relecture(saisine: Saisine, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """Ce qui sera publié, l'avis qu'il remplacerait, ce qui manque ; une clé neuve par page montrée."""
    projet = projet_de(saisine)
    en_vigueur = avis_lus().filter(saisine=saisine).en_vigueur().first()
    ancien = en_vigueur if en_vigueur and not en_vigueur.is_silence else None
    etapes = {"sens": "sens", "texte": "observations"}
    liste = manques(projet, jour_a_paris(now))
    projet_a = reverse("consultations:projet", args=[saisine.consultation.slug, saisine.pk])
    return {
        "saisine": saisine,
        "consultation": saisine.consultation,
        "noms": presentation.noms_de(saisine.instance),
        "icone_genre": presentation.ICONES[Instance.Type(saisine.instance.type)],
        "pas_a_pas": presentation.pas(saisine, 3),
        "projet": projet,
        "contenu": contenu_de(projet),
        "ancien": ancien,
        "ancien_contenu": contenu_de(ancien) if ancien else None,
        "version_suivante": ancien.version + 1 if ancien else 1,
        "cle": uuid4(),
        "manques": [(f"{projet_a}?etape={etapes.get(champ, 'sens')}#id_{champ}", p) for champ, p in liste],
        "reserve": "" if can_deposer_avis(par, saisine, now) else PRESIDENCE_SEULE,
        **_proposition(projet, par, now),
        "erreurs": [],
        "conflit": "",
    }


def _proposition(projet: ProjetAvis, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """La règle des deux personnes : ce qui manque à celle qui relit."""
    is_ecrit = projet.v > 0
    return {
        "is_a_proposer": is_ecrit and is_a_proposer(projet, par, now),
        "is_propose": is_ecrit and projet.propose_marque == marque_du_projet(projet),
        "deux_personnes": DEUX_PERSONNES,
    }

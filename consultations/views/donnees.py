"""Les données ouvertes d'une consultation, en CSV, JSON et ODS : le même tableau, le même droit (règle 20)."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from consultations import exports
from consultations.jeux import AVIS, DELIBERATIONS, OBSERVATIONS
from consultations.models import Consultation
from consultations.permissions import can_voir
from consultations.queries import avis_des
from consultations.queries_ouvertes import saisines_a_publier
from participation.common.fichiers import fichier
from participation.common.jeux import Jeu, Ligne
from participation.common.requetes import recu_le
from participation.territoires.queries import identite

LIGNES: dict[str, Callable[..., list[Ligne]]] = {
    AVIS.nom: exports.lignes_des_avis,
    OBSERVATIONS.nom: exports.lignes_des_observations,
    DELIBERATIONS.nom: exports.lignes_des_deliberations,
}


def consultation_ouverte(request: HttpRequest, slug: str) -> Consultation:
    """La consultation transmise, si cette personne peut la voir. Lève Http404 sinon (règle 20)."""
    consultation = get_object_or_404(Consultation.objects.select_related("version__rapport"), slug=slug)
    if consultation.transmise_le is None or not can_voir(request.user, consultation, recu_le(request)):
        raise Http404
    return consultation


def _fichier(request: HttpRequest, slug: str, jeu: Jeu, extension: str) -> HttpResponse:
    saisines = saisines_a_publier([consultation_ouverte(request, slug)], recu_le(request))
    de = exports.Contexte(siret=identite().siret, site=settings.SITE_URL)
    return fichier(jeu, LIGNES[jeu.nom](saisines, avis_des(saisines), de), extension, nom=f"{jeu.nom}-{slug}")


@login_not_required
@require_safe
def avis_json(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/avis.json` : une liste d'objets, un par saisine en vigueur, clés = colonnes de docs/domaine.md §7."""
    return _fichier(request, slug, AVIS, "json")


@login_not_required
@require_safe
def avis_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/avis.csv` : le même tableau, UTF-8 avec BOM, « ; », formules neutralisées."""
    return _fichier(request, slug, AVIS, "csv")


@login_not_required
@require_safe
def avis_ods(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/avis.ods` : le même tableau, en classeur."""
    return _fichier(request, slug, AVIS, "ods")


@login_not_required
@require_safe
def observations_json(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/observations.json` : une observation d'un avis publié par objet, mot pour mot."""
    return _fichier(request, slug, OBSERVATIONS, "json")


@login_not_required
@require_safe
def observations_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/observations.csv` : le même tableau, formules neutralisées."""
    return _fichier(request, slug, OBSERVATIONS, "csv")


@login_not_required
@require_safe
def observations_ods(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/observations.ods` : le même tableau, en classeur."""
    return _fichier(request, slug, OBSERVATIONS, "ods")


@login_not_required
@require_safe
def deliberations_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """`…/deliberations.csv` : les avis des communes, au format SCDL Délibérations 2.1.4."""
    return _fichier(request, slug, DELIBERATIONS, "csv")

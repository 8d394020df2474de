"""Les données ouvertes du site : la page, l'archive, chaque jeu, chaque schéma. Règle 20 : ce que lit un anonyme."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.accueil.donnees import JEUX, Ouvertes, archive
from participation.common.fichiers import fichier
from participation.common.identite import identite_de
from participation.common.jeux import LICENCE, Jeu
from participation.common.requetes import recu_le


@login_not_required
@require_safe
def donnees_ouvertes(request: HttpRequest) -> HttpResponse:
    """`/donnees-ouvertes/` : la liste des jeux, leur licence, leurs schémas, leurs adresses permanentes."""
    consultations = Ouvertes(recu_le(request), settings.SITE_URL).consultations
    contexte = {"jeux": JEUX.values(), "licence": LICENCE, "consultations": consultations[::-1]}
    return render(request, "accueil/donnees_ouvertes.html", contexte)


@login_not_required
@require_safe
def donnees_zip(request: HttpRequest) -> HttpResponse:
    """`/donnees-ouvertes.zip` : tout, dans un fichier. Mêmes données, mêmes octets."""
    octets = archive(Ouvertes(recu_le(request), settings.SITE_URL), identite_de(request).nom_plateforme)
    entetes = {"Content-Disposition": 'attachment; filename="donnees-ouvertes.zip"'}
    return HttpResponse(octets, content_type="application/zip", headers=entetes)


def _jeu(nom: str) -> Jeu:
    if nom not in JEUX:
        raise Http404("Ce jeu de données n'existe pas.")
    return JEUX[nom]


@login_not_required
@require_safe
def donnees_jeu(request: HttpRequest, jeu: str, extension: str) -> HttpResponse:
    """`/donnees-ouvertes/<jeu>.csv|json|ods` : un jeu, toutes consultations publiques confondues."""
    decrit = _jeu(jeu)
    lignes = Ouvertes(recu_le(request), settings.SITE_URL).lignes(decrit.nom)
    return fichier(decrit, lignes, extension, nom=decrit.nom)


@login_not_required
@require_safe
def schema(request: HttpRequest, jeu: str) -> HttpResponse:
    """`/schemas/<jeu>.json` : les colonnes d'un jeu (Table Schema)."""
    return JsonResponse(_jeu(jeu).schema(settings.SITE_URL), json_dumps_params={"ensure_ascii": False, "indent": 1})

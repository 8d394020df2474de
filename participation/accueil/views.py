"""Les pages publiques qui lisent plusieurs métiers. Aucune n'écrit en base ; le quartier choisi est un témoin."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.accueil import queries
from participation.accueil.forms import QuartierForm
from participation.accueil.mots import glossaire as tous_les_mots
from participation.common.identite import identite_de
from participation.common.reponses import refuser_forme, voir
from participation.common.requetes import recu_le
from participation.territoires import queries as territoires
from participation.territoires.models import Quartier

UN_AN = 365 * 24 * 3600


def _contexte_du_quartier(request: HttpRequest, vers: str) -> dict[str, Any]:
    """Le quartier choisi, et de quoi en choisir un autre."""
    choisi = queries.quartier_choisi(request.COOKIES.get("quartier", ""), request.user)
    initial = {"quartier": choisi.slug if choisi else "", "vers": vers}
    return {"quartier": choisi, "form": QuartierForm(territoires.quartiers_pour_choisir(), initial=initial)}


@login_not_required
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """`/` : le quartier d'abord, puis la consultation ouverte, son délai, qui a parlé."""
    contexte = _contexte_du_quartier(request, "accueil")
    page = queries.accueil(request.user, recu_le(request))
    montree = page.principale
    contexte |= {"page": page, "montree": montree, "consultation": montree.consultation if montree else None}
    return render(request, "accueil/accueil.html", contexte)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mon_quartier(request: HttpRequest) -> HttpResponse:
    """`/mon-quartier/` : le quartier choisi, ou la liste pour choisir. POST pose le témoin."""
    if request.method == "POST":
        return _choisir(request)
    contexte = _contexte_du_quartier(request, "mon_quartier")
    if choisi := contexte["quartier"]:
        contexte["page"] = queries.montrer_quartier(choisi, request.user, recu_le(request))
    return render(request, "accueil/mon_quartier.html", contexte)


def _choisir(request: HttpRequest) -> HttpResponse:
    form = QuartierForm(territoires.quartiers_pour_choisir(), request.POST)
    if not form.is_valid():
        return refuser_forme(request, "accueil/mon_quartier.html", {"form": form, "quartier": None})
    reponse = voir(form.destination())
    reponse.set_cookie(
        "quartier",
        form.cleaned_data["quartier"],
        max_age=UN_AN,
        httponly=True,
        samesite="Lax",
        secure=settings.EN_HTTPS,
    )
    return reponse


@login_not_required
@require_safe
def quartier(request: HttpRequest, slug: str) -> HttpResponse:
    """`/quartiers/<slug>/` : un quartier, ses instances, qui joindre, ce qu'on leur demande."""
    lieu = get_object_or_404(Quartier.objects.defer("contour").prefetch_related("communes"), slug=slug)
    page = queries.montrer_quartier(lieu, request.user, recu_le(request))
    return render(request, "accueil/quartier.html", {"quartier": lieu, "page": page})


@login_not_required
@require_safe
def chiffres(request: HttpRequest) -> HttpResponse:
    """`/chiffres/` : les quartiers, les communes, le contrat, ses ambitions et leurs montants."""
    contrat = territoires.contrat_en_vigueur()
    contexte = {
        "contrat": contrat,
        "barres": queries.barres_des_ambitions(contrat),
        "comptes": territoires.comptes_de_quartiers(),
        "quartiers": territoires.quartiers_pour_choisir().filter(is_fictif=False),
    }
    return render(request, "accueil/chiffres.html", contexte)


@login_not_required
@require_safe
def comprendre(request: HttpRequest) -> HttpResponse:
    """`/comprendre/` : la politique de la ville et la consultation, simplement."""
    return render(request, "accueil/comprendre.html", {"contrat": territoires.contrat_en_vigueur()})


@login_not_required
@require_safe
def glossaire(request: HttpRequest) -> HttpResponse:
    """`/glossaire/` : les mots de la consultation et ceux du territoire."""
    mots = tous_les_mots(territoires.termes(), identite_de(request).mots)
    return render(request, "accueil/glossaire.html", {"mots": mots})


@login_not_required
@require_safe
def aide(request: HttpRequest) -> HttpResponse:
    """`/aide/` : lire, donner un avis, entrer, se faire aider."""
    return render(request, "accueil/aide.html")


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """`/contact/` : qui joindre."""
    return render(request, "accueil/contact.html")


@login_not_required
@require_safe
def accessibilite(request: HttpRequest) -> HttpResponse:
    """`/accessibilite/` : la déclaration (RGAA 4.1), « non conforme » tant qu'aucun audit n'est saisi."""
    return render(request, "accueil/accessibilite.html")


@login_not_required
@require_safe
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    """`/donnees-personnelles/` : ce qui est gardé, pourquoi, combien de temps, vos droits."""
    return render(request, "accueil/donnees_personnelles.html")


@login_not_required
@require_safe
def mentions_legales(request: HttpRequest) -> HttpResponse:
    """`/mentions-legales/` : qui publie, qui héberge, sous quelles licences."""
    return render(request, "accueil/mentions_legales.html")


@login_not_required
@require_safe
def modalites(request: HttpRequest) -> HttpResponse:
    """`/modalites/` : les modalités d'utilisation du téléservice (CRPA L. 112-9)."""
    return render(request, "accueil/modalites.html")


@login_not_required
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """`/moderation/` : les règles des textes publiés."""
    return render(request, "accueil/moderation.html")

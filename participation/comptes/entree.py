"""Entrer et sortir : le seul endroit qui ouvre ou ferme une session."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from participation.common.reponses import voir_adresse
from participation.comptes.adaptateur import GARDER
from participation.comptes.models import Utilisateur
from participation.comptes.reprise import is_du_site, lire


def suite_demandee(request: HttpRequest) -> str:
    """L'adresse demandée par `next`, si elle est de ce site ; sinon une chaîne vide."""
    demandee = request.POST.get("next") or request.GET.get("next") or ""
    return demandee if is_du_site(demandee) else ""


def ouvrir_session(
    request: HttpRequest, compte: Utilisateur, *, garder: bool = False, suite: str = "", moyen: str = "code"
) -> HttpResponse:
    """Ouvre la session de ce compte ; rend 303 vers `suite`, vers le texte à reprendre, ou vers l'accueil.

    403 si le compte est désactivé. La clé de session change ; le texte gardé par `reprise` suit.
    """
    if not compte.is_active:
        return render(request, "comptes/compte_ferme.html", status=403)
    request.session[GARDER] = garder
    record_authentication(request, compte, method=moyen)
    arrivee = reverse("comptes:reprise") if lire(request) and not suite else suite or "/"
    perform_login(request, Login(user=compte, redirect_url=arrivee))
    return voir_adresse(arrivee)


def fermer_session(request: HttpRequest) -> HttpResponse:
    """Ferme la session ; le navigateur efface aussi les brouillons locaux (règle 21). 303 vers l'accueil."""
    logout(request)
    reponse = voir_adresse("/")
    reponse["Clear-Site-Data"] = '"storage"'
    return reponse

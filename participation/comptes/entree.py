"""Entrer et sortir : le seul endroit qui ouvre ou ferme une session."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from participation.common.reponses import is_du_site, voir_adresse
from participation.comptes.adaptateur import GARDER
from participation.comptes.models import Utilisateur
from participation.comptes.reprise import TEMOIN, is_pour, poser_temoin, remettre_a


def suite_demandee(request: HttpRequest) -> str:
    """L'adresse demandée par `next`, si elle est de ce site ; sinon une chaîne vide."""
    demandee = request.POST.get("next") or request.GET.get("next") or ""
    return demandee if is_du_site(demandee) else ""


def ouvrir_session(
    request: HttpRequest, compte: Utilisateur, *, garder: bool = False, suite: str = "", moyen: str = "code"
) -> HttpResponse:
    """Ouvre la session de ce compte ; rend 303 vers `suite`, vers le texte à reprendre, ou vers l'accueil.

    403 si le compte est désactivé. La clé de session change. Le texte gardé par `reprise` suit s'il est à ce compte ;
    devant un autre compte, il s'efface, et les brouillons locaux de ce navigateur avec lui (règle 21).
    """
    if not compte.is_active:
        return render(request, "comptes/compte_ferme.html", status=403)
    request.session[GARDER] = garder
    record_authentication(request, compte, method=moyen)
    arrivee = reverse("comptes:reprise") if remettre_a(request, compte) and not suite else suite or "/"
    perform_login(request, Login(user=compte, redirect_url=arrivee))
    reponse = voir_adresse(arrivee)
    if not is_pour(request.COOKIES.get(TEMOIN, ""), compte):
        reponse["Clear-Site-Data"] = '"storage"'
    poser_temoin(reponse, compte)
    return reponse


def fermer_session(request: HttpRequest) -> HttpResponse:
    """Ferme la session ; le navigateur efface aussi les brouillons locaux (règle 21). 303 vers l'accueil."""
    logout(request)
    reponse = voir_adresse("/")
    reponse["Clear-Site-Data"] = '"storage"'
    return reponse

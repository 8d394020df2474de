"""Ce que tout gabarit connaît : la maison, ses pages, les réglages d'affichage."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from participation.common.affichage import Affichage
from participation.common.identite import empreinte, identite_de
from participation.comptes.permissions import is_agent, is_signataire

NAVIGATION = (
    ("accueil:mon_quartier", "Mon quartier", "Quartier", "map-pin"),
    ("consultations:consultations", "Consultations", "Consulter", "megaphone"),
    ("accueil:chiffres", "Chiffres", "Chiffres", "chart-column"),
    ("accueil:comprendre", "Comprendre", "Comprendre", "lightbulb"),
    ("registre:registre", "Registre", "Registre", "shield-check"),
)
BARRE = (("accueil:accueil", "Accueil", "Accueil", "home"), NAVIGATION[1], NAVIGATION[0], NAVIGATION[2], NAVIGATION[3])
BUREAU = ("gestion:bureau", "Bureau", "Bureau", "inbox")


class Entree(NamedTuple):
    """Une entrée de navigation. `courante` : "page" si c'est elle, "true" si c'est au-dessous d'elle, sinon vide."""

    adresse: str
    nom: str
    court: str
    icone: str
    courante: str


class Maison:
    """Le contexte commun, calculé seulement quand un gabarit le regarde."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def navigation(self) -> list[Entree]:
        """Les pages qui existent, et le bureau pour qui y travaille."""
        personne = getattr(self.request, "user", None)
        lignes = list(NAVIGATION)
        if personne is not None and personne.is_authenticated and (is_agent(personne) or is_signataire(personne)):
            lignes.append(BUREAU)
        return [self._entree(*ligne) for ligne in lignes]

    @property
    def barre(self) -> list[Entree]:
        """La barre basse du téléphone : cinq entrées."""
        return [self._entree(*ligne) for ligne in BARRE]

    def _entree(self, route: str, nom: str, court: str, icone: str) -> Entree:
        adresse = reverse(route)
        chemin = self.request.path
        is_dessous = adresse != "/" and chemin.startswith(adresse)
        courante = "page" if chemin == adresse else "true" if is_dessous else ""
        return Entree(adresse, nom, court, icone, courante)

    @property
    def empreinte(self) -> str:
        """L'empreinte de la feuille d'identité ; vide quand les couleurs sont celles de la maison."""
        return empreinte(identite_de(self.request))


def maison(request: HttpRequest) -> dict[str, Any]:
    """Le contexte commun : au plus une requête pour l'identité, aucune pour le reste d'une page anonyme."""
    return {
        "is_demo": settings.DEMO,
        "identite": identite_de(request),
        "affichage": Affichage.des_temoins(request.COOKIES),
        "maison": Maison(request),
    }

"""L'installation d'un vrai serveur : la collectivité et ses premières personnes. Rejouable sans doubler."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from participation.comptes.actions.compte import creer_compte
from participation.comptes.actions.groupes import donner_groupe
from participation.comptes.models import Groupe, Utilisateur
from participation.comptes.saisies import SaisieCollectivite
from participation.territoires.models import Epci


@transaction.atomic
def installer_collectivite(*, saisie: SaisieCollectivite, now: datetime) -> tuple[Epci, bool]:
    """Crée ou complète l'unique agglomération ; rend (agglomération, créée). Une valeur vide ne touche à rien."""
    epci = Epci.objects.order_by("pk").first()
    is_creee = epci is None
    epci = epci or Epci(nom=saisie.nom, nom_court=saisie.nom_court or saisie.nom)
    for nom, valeur in saisie.connues.items():
        setattr(epci, nom, valeur)
    epci.full_clean()
    epci.save()
    return epci, is_creee


@transaction.atomic
def installer_personne(*, courriel: str, groupes: Iterable[Groupe], now: datetime) -> tuple[Utilisateur, bool]:
    """Le compte de cette adresse, dans ces groupes ; rend (compte, créé). Elle entrera par un code reçu."""
    compte = Utilisateur.objects.filter(email__iexact=courriel.strip()).first()
    is_cree = compte is None
    compte = compte or creer_compte(courriel=courriel, par=None, now=now)
    for groupe in groupes:
        donner_groupe(compte=compte, groupe=groupe, par=None, now=now)
    return compte, is_cree

"""Créer un compte, le modifier, prouver son courriel."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.comptes.saisies import SaisieCompte
from participation.notifications.actions import poster
from participation.territoires.models import Quartier


@transaction.atomic
def creer_compte(
    *,
    courriel: str | None,
    nom_usage: str = "",
    quartier: Quartier | None = None,
    par: Utilisateur | None,
    now: datetime,
) -> Utilisateur:
    """Crée un compte ; courriel et quartier sont facultatifs. RefusMetier("conflit") si le courriel est pris."""
    if courriel and Utilisateur.objects.filter(email__iexact=courriel.strip()).exists():
        raise RefusMetier("conflit", "Ce courriel a déjà un compte.")
    return Utilisateur.objects.create_user(courriel or None, nom_usage=nom_usage.strip(), quartier=quartier)


@transaction.atomic
def modifier_compte(*, compte: Utilisateur, saisie: SaisieCompte, par: Utilisateur, now: datetime) -> Utilisateur:
    """Change le nom d'usage et le quartier de son propre compte. RefusMetier("interdit") pour le compte d'autrui."""
    if compte.pk != par.pk:
        raise RefusMetier("interdit", "Ce compte n'est pas le vôtre.")
    compte.nom_usage = saisie.nom_usage.strip()
    compte.quartier_id = saisie.quartier_id
    compte.save(update_fields=["nom_usage", "quartier"])
    return compte


@transaction.atomic
def entrer_par_courriel(*, courriel: str, now: datetime) -> Utilisateur:
    """Le compte de cette adresse, dont la personne vient de prouver qu'elle est la sienne ; créé s'il n'existe pas.

    Deux demandes en parallèle pour une adresse neuve donnent un seul compte.
    """
    adresse = courriel.strip().lower()
    compte = Utilisateur.objects.filter(email__iexact=adresse).first()
    if compte is None:
        try:
            with transaction.atomic():
                compte = Utilisateur.objects.create_user(adresse)
        except IntegrityError:
            compte = Utilisateur.objects.get(email__iexact=adresse)
    _prouver(compte, adresse)
    return compte


@transaction.atomic
def changer_courriel(*, compte: Utilisateur, courriel: str, par: Utilisateur, now: datetime) -> Utilisateur:
    """Pose le courriel prouvé par un code ; prévient l'ancienne adresse. RefusMetier("conflit") s'il est pris."""
    if compte.pk != par.pk:
        raise RefusMetier("interdit", "Ce compte n'est pas le vôtre.")
    adresse, ancienne = courriel.strip().lower(), compte.email
    if Utilisateur.objects.filter(email__iexact=adresse).exclude(pk=compte.pk).exists():
        raise RefusMetier("conflit", "Un autre compte a déjà ce courriel.")
    compte.email = adresse
    compte.save(update_fields=["email"])
    _prouver(compte, adresse)
    if ancienne and ancienne != adresse:
        poster(
            adresse=ancienne,
            destinataire=compte,
            evenement="courriel_change",
            occurrence=now.isoformat(),
            sujet="Le courriel de votre compte a changé",
            texte="Bonjour,\n\nLe courriel de votre compte a changé.\nCette adresse ne sert plus pour entrer.\n\n"
            "Ce n'était pas vous ? Écrivez-nous sans attendre.",
            now=now,
        )
    return compte


def _prouver(compte: Utilisateur, adresse: str) -> None:
    """Tient à jour la table d'allauth : une adresse par compte, prouvée."""
    EmailAddress.objects.filter(user=compte).exclude(email=adresse).delete()
    EmailAddress.objects.filter(email=adresse).exclude(user=compte).delete()
    EmailAddress.objects.update_or_create(user=compte, email=adresse, defaults={"verified": True, "primary": True})

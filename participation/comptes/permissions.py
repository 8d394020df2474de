"""Qui est qui : groupes d'agents et mandats datés (règle 16). Le délai n'est jamais jugé ici."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from participation.comptes.models import Groupe, Mandat, MandatQuerySet, Utilisateur
from participation.territoires.models import Instance

Personne = AbstractBaseUser | AnonymousUser


def _is_du_groupe(personne: Personne, groupe: Groupe) -> bool:
    return isinstance(personne, Utilisateur) and personne.is_active and personne.is_du_groupe(groupe)


def is_agent(personne: Personne) -> bool:
    """Vrai pour un agent de l'agglomération : il prépare, il saisit, il ne dépose pas à la place d'une instance."""
    return _is_du_groupe(personne, Groupe.AGENT)


def is_signataire(personne: Personne) -> bool:
    """Vrai pour qui signe les actes qui engagent (règle 22)."""
    return _is_du_groupe(personne, Groupe.SIGNATAIRE)


def is_animation(personne: Personne) -> bool:
    """Vrai pour qui crée et anime un séminaire."""
    return _is_du_groupe(personne, Groupe.ANIMATION)


def is_admin(personne: Personne) -> bool:
    """Vrai pour qui tient les comptes et l'identité du site. Aucun droit légal n'en découle."""
    return _is_du_groupe(personne, Groupe.ADMIN)


def mandats_en_cours(personne: Personne, now: datetime) -> MandatQuerySet:
    """Les mandats de cette personne en cours à `now` ; aucun pour un anonyme ou un compte désactivé."""
    if not isinstance(personne, Utilisateur) or not personne.is_active:
        return Mandat.objects.none()
    return Mandat.objects.en_cours(now).filter(utilisateur=personne).select_related("instance")


def has_mandat(personne: Personne, instance: Instance, now: datetime, roles: Iterable[str] | None = None) -> bool:
    """Vrai si la personne a un mandat en cours à `now` dans cette instance, dans un de ces rôles (tous si None)."""
    mandats = mandats_en_cours(personne, now).filter(instance=instance)
    return (mandats if roles is None else mandats.filter(role__in=list(roles))).exists()


def has_depot(personne: Personne, instance: Instance, now: datetime) -> bool:
    """Vrai pour qui dépose l'avis de cette instance, selon son réglage `qui_depose`.

    « Présidence seule » : la présidence, et le secrétariat que le maire habilite à déposer pour elle ; ni membre, ni
    suppléance. Sans présidence en cours, tout mandat dépose : un siège vide ne rend pas un conseil muet, quand son
    silence vaudrait accord. « Deux personnes » : tout mandat, si une autre personne a proposé (`actions.depot`).
    """
    if instance.qui_depose != Instance.QuiDepose.PRESIDENCE:
        return has_mandat(personne, instance, now)
    if has_mandat(personne, instance, now, roles=[Mandat.Role.PRESIDENCE, Mandat.Role.SECRETARIAT]):
        return True
    presidences = Mandat.objects.en_cours(now).filter(instance=instance, role=Mandat.Role.PRESIDENCE)
    return not presidences.filter(utilisateur__is_active=True).exists() and has_mandat(personne, instance, now)


def can_tenir_les_mandats(personne: Personne) -> bool:
    """Règle 16 : un agent nomme, finit et renouvelle les mandats de toutes les instances."""
    return is_agent(personne)


def can_animer(personne: Personne, instance: Instance, now: datetime) -> bool:
    """La présidence en cours tient les mandats de son conseil, et de lui seul."""
    return has_mandat(personne, instance, now, roles=[Mandat.Role.PRESIDENCE])

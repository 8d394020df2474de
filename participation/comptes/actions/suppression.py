"""Supprimer son compte : la personne s'en va, les actes de l'instance et de la collectivité restent (domaine.md §6)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import CASCADE, SET_NULL, ForeignObjectRel, Model, ProtectedError

from participation.common.errors import RefusMetier
from participation.comptes.models import Groupe, Mandat, Utilisateur
from participation.notifications.models import Envoi
from participation.pieces.actions import oublier_pieces
from participation.pieces.models import PieceJointe

SUPPRIME = "Compte supprimé"
DERNIERE = "Vous êtes la seule personne de l'administration. Nommez-en une autre, puis revenez."


@transaction.atomic
def supprimer_compte(*, compte: Utilisateur, par: Utilisateur, now: datetime) -> bool:
    """Efface ce compte ; vrai si sa ligne a disparu, faux si un acte signé la garde, sans rien qui dise qui c'était.

    Mandats, sessions, appareils, clés, courriels, fiche de référence s'effacent. Un avis, une preuve, un complément
    restent, sans leur auteur : la base elle-même n'admet que ce passage à NULL. Lève RefusMetier : "interdit" pour le
    compte d'autrui, "conflit" pour la dernière personne de l'administration.
    """
    if compte.pk != par.pk:
        raise RefusMetier("interdit", "Ce compte n'est pas le vôtre.")
    _exiger_une_autre_administration(compte)
    for session in UserSession.objects.filter(user=compte):
        session.end()
    jamais_parti = Envoi.objects.filter(destinataire=compte, message=None).exclude(etat=Envoi.Etat.ENVOYE)
    jamais_parti.delete()  # ce qui est parti reste : c'est une preuve
    lignes_signees = list(
        Mandat.objects.filter(utilisateur=compte, piece__isnull=False).values_list("piece", flat=True)
    )
    _couper_les_liens(compte)
    _oublier_les_lignes_signees(lignes_signees, now)
    try:
        with transaction.atomic():
            Utilisateur.objects.get(pk=compte.pk).delete()
    except ProtectedError:
        _anonymiser(compte)
        return False
    return True


def _exiger_une_autre_administration(compte: Utilisateur) -> None:
    """La ligne du groupe est prise d'abord : deux départs au même instant se suivent, le second voit le premier."""
    groupe = Groupe.ADMIN.value
    if not compte.groups.filter(name=groupe).exists():
        return
    Group.objects.filter(name=groupe).update(name=groupe)
    autres = Utilisateur.objects.filter(groups__name=groupe, is_active=True).exclude(pk=compte.pk)
    if not autres.exists():
        raise RefusMetier("conflit", DERNIERE)


def _couper_les_liens(compte: Utilisateur) -> None:
    """Fait d'avance ce que ferait l'effacement : ce qui est à la personne part, le reste perd son auteur."""
    for relation in Utilisateur._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        modele: type[Model] = relation.related_model
        lignes = modele._base_manager.filter(**{relation.field.name: compte})
        if relation.on_delete is CASCADE:
            lignes.delete()
        elif relation.on_delete is SET_NULL:
            lignes.update(**{relation.field.name: None})


def _oublier_les_lignes_signees(pieces: Sequence[UUID | None], now: datetime) -> None:
    """La ligne signée du maire nomme la personne : elle part, sauf si le mandat d'une autre personne la cite."""
    citees = Mandat.objects.filter(piece__in=pieces).values("piece")
    oublier_pieces(pieces=PieceJointe.objects.filter(pk__in=[p for p in pieces if p]).exclude(pk__in=citees), now=now)


def _anonymiser(compte: Utilisateur) -> None:
    Utilisateur.objects.filter(pk=compte.pk).update(
        nom_usage=SUPPRIME, email=None, quartier=None, is_active=False, is_staff=False, is_superuser=False,
        last_login=None,
    )  # fmt: skip

"""Nommer, finir, renouveler un mandat (règle 16). La fin coupe le droit aussitôt : il est relu à chaque requête."""

from datetime import datetime

from django.db import IntegrityError, transaction

from participation.common.errors import RefusMetier
from participation.comptes.actions.appareils import fermer_les_appareils_du_mandat
from participation.comptes.models import Mandat, Utilisateur
from participation.comptes.permissions import can_animer, is_admin, is_agent
from participation.pieces.models import PieceJointe
from participation.territoires.models import Instance

Role = Mandat.Role
NOMMES_PAR_LA_PRESIDENCE = (Role.MEMBRE, Role.SUPPLEANCE)
FINIS_PAR_LA_PRESIDENCE = (Role.MEMBRE, Role.SUPPLEANCE, Role.SECRETARIAT)
DEJA = "Cette personne a déjà ce mandat."
SANS_LIGNE = "Joignez la ligne signée du maire : c’est elle qui habilite le secrétariat."


def exiger_le_pouvoir(
    par: Utilisateur | None, instance: Instance, role: str, now: datetime, roles: tuple[str, ...]
) -> None:
    """Un agent, l'administration, ou la présidence de cette instance pour ces rôles. RefusMetier("interdit") sinon.

    `par` est None pour l'installation et la démonstration, qui n'ont encore personne.
    """
    if par is None or is_agent(par) or is_admin(par):
        return
    if not can_animer(par, instance, now):
        raise RefusMetier("interdit", "Seul un agent, ou la présidence de ce conseil, tient ses mandats.")
    if role not in roles:
        raise RefusMetier("interdit", "Pour ce rôle, demandez à l’équipe de l’agglomération.")


@transaction.atomic
def nommer_mandat(
    *,
    utilisateur: Utilisateur,
    instance: Instance,
    role: str,
    par: Utilisateur | None,
    now: datetime,
    du: datetime | None = None,
    au: datetime | None = None,
    nom: str = "",
    college: str = "",
    designation: str = "",
    piece: PieceJointe | None = None,
) -> Mandat:
    """Donne un mandat à partir de `du` (`now` par défaut), jusqu'à `au` exclu.

    `piece` : la ligne signée du maire, exigée pour le premier mandat d'un secrétariat. Lève RefusMetier : "interdit",
    "forme", "conflit" si la personne a déjà ce rôle en cours dans cette instance.
    """
    exiger_le_pouvoir(par, instance, role, now, NOMMES_PAR_LA_PRESIDENCE)
    debut = du or now
    _exiger_la_forme(utilisateur, role, debut, au, par)
    _exiger_la_ligne(utilisateur, instance, role, piece, par)
    return _creer(
        Mandat(
            utilisateur=utilisateur, instance=instance, role=role, du=debut, au=au, nom=nom, college=college,
            designation=designation, piece=piece, nomme_par=par,
        )
    )  # fmt: skip


def _creer(mandat: Mandat) -> Mandat:
    Instance.objects.filter(pk=mandat.instance.pk).update(slug=mandat.instance.slug)  # pris : deux envois se suivent
    memes = Mandat.objects.filter(utilisateur=mandat.utilisateur, instance=mandat.instance, role=mandat.role)
    if memes.en_cours(mandat.du).exists():
        raise RefusMetier("conflit", DEJA)
    try:
        with transaction.atomic():
            mandat.save(force_insert=True)
    except IntegrityError as deja:
        raise RefusMetier("conflit", DEJA) from deja
    return mandat


def _exiger_la_forme(
    utilisateur: Utilisateur, role: str, debut: datetime, au: datetime | None, par: Utilisateur | None
) -> None:
    if role not in Role.values:
        raise RefusMetier("forme", "Ce rôle n’existe pas.")
    if au is not None and au <= debut:
        raise RefusMetier("forme", "Un mandat finit après son début.")
    if par is not None and utilisateur.pk == par.pk:
        raise RefusMetier("interdit", "On ne se donne pas un mandat à soi-même.")


def _exiger_la_ligne(
    utilisateur: Utilisateur, instance: Instance, role: str, piece: PieceJointe | None, par: Utilisateur | None
) -> None:
    """Le premier mandat du secrétariat est habilité par le maire, ligne signée à l'appui ; les suivants la citent."""
    if par is None or role != Role.SECRETARIAT or piece is not None:
        return
    if not Mandat.objects.filter(utilisateur=utilisateur, instance=instance, role=role).exists():
        raise RefusMetier("forme", SANS_LIGNE, champ="piece")


@transaction.atomic
def finir_mandat(*, mandat: Mandat, par: Utilisateur | None, now: datetime) -> Mandat:
    """Finit un mandat à `now` : à cet instant même, il ne donne plus aucun droit. RefusMetier s'il est déjà fini.

    Les sessions nées d'un code de ce mandat se ferment, et ses codes ne servent plus. Un mandat qui n'a pas commencé
    est retiré.
    """
    exiger_le_pouvoir(par, mandat.instance, mandat.role, now, FINIS_PAR_LA_PRESIDENCE)
    fermer_les_appareils_du_mandat(mandat=mandat, now=now)
    if mandat.du >= now:
        mandat.delete()
        return mandat
    if not Mandat.objects.en_cours(now).filter(pk=mandat.pk).update(au=now, fini_par=par):
        raise RefusMetier("conflit", "Ce mandat est déjà fini.")
    mandat.au, mandat.fini_par = now, par
    return mandat


@transaction.atomic
def renouveler_mandat(*, mandat: Mandat, au: datetime | None, par: Utilisateur, now: datetime) -> Mandat:
    """Un mandat de plus, qui commence où celui-ci finit (ou `now`, s'il est déjà fini) et va jusqu'à `au` exclu.

    L'ancien ne change pas. RefusMetier("conflit") s'il n'a pas de fin, ou s'il est déjà renouvelé.
    """
    if mandat.au is None:
        raise RefusMetier("conflit", "Ce mandat n’a pas de fin : il n’y a rien à renouveler.")
    suite = Mandat.objects.filter(utilisateur=mandat.utilisateur, instance=mandat.instance, role=mandat.role)
    if suite.filter(du__gte=mandat.au).exists():
        raise RefusMetier("conflit", "Ce mandat est déjà renouvelé.")
    return nommer_mandat(
        utilisateur=mandat.utilisateur, instance=mandat.instance, role=mandat.role, par=par, now=now,
        du=max(mandat.au, now), au=au, nom=mandat.nom, college=mandat.college, designation=mandat.designation,
        piece=mandat.piece,
    )  # fmt: skip

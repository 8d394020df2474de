"""Faire entrer une personne dans une instance : son compte s'il le faut, son mandat, et son invitation par courriel.

Le mandat vaut dès qu'il est donné ; l'invitation, elle, n'ouvre rien : on entre en prouvant l'adresse par un code reçu,
ou avec une lettre. Une adresse connue ou neuve suit le même chemin, et rien ne dit laquelle elle était.
"""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from participation.common.dates import jour_a_paris
from participation.common.errors import RefusMetier
from participation.comptes.actions.compte import creer_compte
from participation.comptes.actions.mandats import exiger_le_pouvoir, nommer_mandat
from participation.comptes.courriels import courriel_d_invitation
from participation.comptes.models import Mandat, Utilisateur
from participation.comptes.rules import cle_de_nom
from participation.comptes.saisies import SaisieMembre
from participation.notifications.actions import poster
from participation.pieces.actions import pieces_ou_rien
from participation.pieces.models import PieceJointe
from participation.territoires.models import Instance

EVENEMENT = "invitation"


def nommer_membre(
    *, saisie: SaisieMembre, fichier: "UploadedFile[Any] | None", par: Utilisateur, now: datetime
) -> Mandat:
    """Nomme une personne et l'invite si elle a un courriel ; la pièce et le mandat s'écrivent ensemble, ou pas du tout.

    Lève RefusMetier : "interdit", "forme", "conflit" (voir `nommer_mandat`).
    """
    with pieces_ou_rien([fichier] if fichier else [], par=par, now=now) as pieces:
        mandat = donner(saisie=saisie, piece=pieces[0] if pieces else None, par=par, now=now)
        inviter(mandats=[mandat], now=now)
    return mandat


@transaction.atomic
def donner(*, saisie: SaisieMembre, piece: PieceJointe | None, par: Utilisateur, now: datetime) -> Mandat:
    """Le compte et le mandat, sans courriel."""
    instance = Instance.objects.get(pk=saisie.instance)
    exiger_le_pouvoir(par, instance, saisie.role, now, tuple(Mandat.Role.values))
    Instance.objects.filter(pk=instance.pk).update(slug=instance.slug)  # deux envois en parallèle se suivent
    compte = personne_de(saisie, now) or creer_compte(
        courriel=saisie.courriel or None, nom_usage=saisie.nom, par=par, now=now
    )
    if not compte.is_active:
        raise RefusMetier("forme", "Le compte de cette adresse est fermé. Écrivez à l’équipe.")
    return nommer_mandat(
        utilisateur=compte, instance=instance, role=saisie.role, par=par, now=now, du=saisie.du, au=saisie.au,
        nom=saisie.nom, college=saisie.college, designation=saisie.designation, piece=piece,
    )  # fmt: skip


def personne_de(saisie: SaisieMembre, now: datetime) -> Utilisateur | None:
    """Le compte de cette adresse ; sans courriel, la personne de ce nom que cette instance connaît déjà."""
    if saisie.courriel:
        return Utilisateur.objects.filter(email__iexact=saisie.courriel).first()
    voulu = cle_de_nom(saisie.nom)
    connus = Mandat.objects.non_finis(now).filter(instance=saisie.instance)
    for mandat in connus.select_related("utilisateur"):
        if cle_de_nom(mandat.nom_lu) == voulu:
            return mandat.utilisateur
    return None


@transaction.atomic
def inviter(*, mandats: list[Mandat], now: datetime, encore: bool = False) -> int:
    """Un courriel par personne, qui dit tous ces mandats ; rend leur nombre. Rejouable.

    `encore` : le renvoyer, une fois par jour.
    """
    par_personne: dict[Utilisateur, list[Mandat]] = {}
    for mandat in mandats:
        if mandat.utilisateur.email:
            par_personne.setdefault(mandat.utilisateur, []).append(mandat)
    partis = 0
    for personne, siens in par_personne.items():
        sujet, texte = courriel_d_invitation(siens)
        jour = f" {jour_a_paris(now)}" if encore else ""
        partis += bool(
            poster(
                adresse=personne.email or "", destinataire=personne, evenement=EVENEMENT,
                occurrence=f"{siens[0].pk}{jour}", sujet=sujet, texte=texte, now=now, objet="comptes.Mandat",
                objet_id=siens[0].pk,
            )
        )  # fmt: skip
    return partis


@transaction.atomic
def renvoyer_l_invitation(*, mandat: Mandat, par: Utilisateur, now: datetime) -> None:
    """Renvoie le courriel. RefusMetier("conflit") s'il est déjà reparti aujourd'hui, ou s'il n'y a pas d'adresse."""
    exiger_le_pouvoir(par, mandat.instance, mandat.role, now, tuple(Mandat.Role.values))
    if mandat.au is not None and mandat.au <= now:
        raise RefusMetier("conflit", "Ce mandat est fini.")
    if not inviter(mandats=[mandat], now=now, encore=True):
        raise RefusMetier("conflit", "L’invitation est déjà repartie aujourd’hui, ou il n’y a pas de courriel.")

"""Annoncer et retirer une séance. Rien d'opposable : c'est une date dite, pour se rappeler au bon moment."""

from datetime import datetime, timedelta

from django.db import transaction

from participation.agenda.models import Seance
from participation.agenda.permissions import can_annoncer
from participation.agenda.saisies import SaisieReunion
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.territoires.models import Instance

PLUS_TARD = timedelta(days=2 * 366)
SEANCES_MAX = 30
"""Réunions à venir, au plus, par instance : au-delà, c'est une erreur de saisie."""


@transaction.atomic
def annoncer_seance(*, instance: Instance, saisie: SaisieReunion, par: Utilisateur, now: datetime) -> Seance:
    """Annonce une réunion. Rejouable : la même réunion annoncée deux fois n'en fait qu'une.

    Lève RefusMetier : "interdit" sans mandat ni groupe d'agents, "forme" si la date est passée, trop lointaine, ou si
    l'instance a déjà annoncé trente réunions.
    """
    if not can_annoncer(par, instance, now):
        raise RefusMetier("interdit", "Il faut un mandat en cours dans cette instance.")
    if saisie.le <= now:
        raise RefusMetier("forme", "Cette date est passée. Choisissez un jour à venir.", champ="jour")
    if saisie.le > now + PLUS_TARD:
        raise RefusMetier("forme", "Cette date est trop lointaine. Choisissez-la dans les deux ans.", champ="jour")
    if Seance.objects.a_venir(now).filter(instance=instance).count() >= SEANCES_MAX:
        raise RefusMetier("forme", "Trente réunions sont déjà annoncées. Retirez-en une.")
    seance, _ = Seance.objects.get_or_create(
        instance=instance,
        le=saisie.le,
        retiree_le=None,
        defaults={"lieu": saisie.lieu, "annoncee_le": now, "annoncee_par": par},
    )
    return seance


@transaction.atomic
def retirer_seance(*, seance: Seance, par: Utilisateur, now: datetime) -> None:
    """La réunion n'aura pas lieu, ou plus ce jour-là. Rejouable.

    Lève RefusMetier : "interdit" sans mandat ni groupe d'agents.
    """
    if not can_annoncer(par, seance.instance, now):
        raise RefusMetier("interdit", "Il faut un mandat en cours dans cette instance.")
    Seance.objects.filter(pk=seance.pk, retiree_le=None).update(retiree_le=now)

"""Oublier les traces techniques : sessions expirées, appareils dont la session n'existe plus ou le mandat est fini."""

from datetime import datetime
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction

from participation.comptes.actions.appareils import fermer_les_appareils_du_mandat
from participation.comptes.models import Mandat

PAS = 600  # secondes entre deux purges


def purger_les_traces(*, now: datetime) -> int:
    """Purge au plus une fois toutes les PAS secondes ; rend le nombre d'appareils oubliés. Rejouable.

    Sans elle, un texte mis de côté par un anonyme (`reprise`) resterait en base tant que personne n'entre. Les sessions
    suivent l'heure réelle ; `now`, l'heure du site, dit quels mandats sont arrivés à leur fin. Leur droit, lui, est
    tombé à cet instant même : il se relit à chaque requête.
    """
    return _purger(now) if cache.add("purge_des_traces", 1, PAS) else 0


@transaction.atomic
def _purger(now: datetime) -> int:
    for mandat in Mandat.objects.filter(au__lte=now, codes__is_annule=False).distinct():
        fermer_les_appareils_du_mandat(mandat=mandat, now=now)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    orphelins = UserSession.objects.exclude(session_key__in=Session.objects.values("pk"))
    oublies, _ = orphelins.delete()
    return int(oublies)

"""Oublier les traces techniques : sessions expirées, appareils dont la session n'existe plus."""

from datetime import datetime
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction

PAS = 600  # secondes entre deux purges


def purger_les_traces(*, now: datetime) -> int:
    """Purge au plus une fois toutes les PAS secondes ; rend le nombre d'appareils oubliés. Rejouable.

    Sans elle, un texte mis de côté par un anonyme (`reprise`) resterait en base tant que personne n'entre. Les sessions
    suivent l'heure réelle : `now`, l'heure du site, ne sert pas.
    """
    return _purger() if cache.add("purge_des_traces", 1, PAS) else 0


@transaction.atomic
def _purger() -> int:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    orphelins = UserSession.objects.exclude(session_key__in=Session.objects.values("pk"))
    oublies, _ = orphelins.delete()
    return int(oublies)

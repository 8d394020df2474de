"""Le battement : exécute chaque action de `settings.HORLOGE`, rejouable, sans qu'une erreur arrête les autres.

Rien en droit n'en dépend : une échéance se lit à l'heure, que l'horloge batte ou non (règle 3).
"""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime, timedelta

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from participation.common.dates import maintenant
from participation.horloge.actions import noter_battement

journal = logging.getLogger(__name__)
NOTER_TOUS_LES = timedelta(seconds=10)  # un battement par seconde n'écrit pas en base chaque seconde
ARRET_MAX = 8.0  # secondes laissées à l'action en cours quand le serveur s'arrête


class Carnet:
    """Ce que ce processus a déjà noté : écrit quand l'erreur change, sinon de temps en temps."""

    def __init__(self) -> None:
        self._notes: dict[str, tuple[datetime, str]] = {}

    def noter(self, action: str, erreur: Exception | None) -> None:
        """Note le passage ; journalise une erreur à sa première apparition."""
        reel, phrase = datetime.now(UTC), type(erreur).__name__ if erreur else ""
        dernier_le, derniere = self._notes.get(action, (datetime.min.replace(tzinfo=UTC), ""))
        if phrase == derniere and reel - dernier_le < NOTER_TOUS_LES:
            return
        if erreur and phrase != derniere:
            journal.error("L'horloge : %s a échoué", action, exc_info=erreur)
        self._notes[action] = (reel, phrase)
        try:
            noter_battement(action=action, reel=reel, erreur=phrase)
        except Exception:  # base en panne : l'horloge continue et reprendra avec elle
            journal.warning("L'horloge : le battement de %s n'a pas pu être noté", action)


def battre(carnet: Carnet) -> None:
    """Un tour : chaque action à l'heure du site, lue juste avant elle. Ne lève jamais."""
    close_old_connections()
    try:
        for chemin in settings.HORLOGE:
            carnet.noter(chemin, _executer(chemin))
    finally:
        close_old_connections()


def _executer(chemin: str) -> Exception | None:
    try:
        import_string(chemin)(now=maintenant())
    except Exception as erreur:  # une action en panne n'arrête ni l'horloge ni les autres actions
        return erreur
    return None


class Horloge:
    """La tâche asyncio du serveur : un tour tous les `pas` secondes. `pas` nul ou négatif : horloge arrêtée."""

    def __init__(self, pas: float) -> None:
        self._pas = pas
        self._arret = asyncio.Event()
        self._tache: asyncio.Task[None] | None = None

    def demarrer(self) -> None:
        """Lance la tâche, dans la boucle du serveur."""
        if self._pas > 0:
            self._tache = asyncio.create_task(self._tourner())

    async def _tourner(self) -> None:
        carnet = Carnet()
        while not self._arret.is_set():
            await sync_to_async(battre, thread_sensitive=False)(carnet)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arret.wait(), self._pas)

    async def arreter(self) -> None:
        """Demande l'arrêt et attend la fin de l'action en cours, sans dépasser ARRET_MAX."""
        self._arret.set()
        if self._tache is not None:
            await asyncio.wait({self._tache}, timeout=ARRET_MAX)
            self._tache.cancel()

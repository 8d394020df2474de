"""Écrire dans la boîte d'envoi, et la vider."""

from participation.notifications.actions.depot import poster
from participation.notifications.actions.envoi import vider_la_boite

__all__ = ["poster", "vider_la_boite"]

"""Écrire dans la boîte d'envoi, la vider, régler ce que chacun veut recevoir."""

from participation.notifications.actions.depot import poster
from participation.notifications.actions.envoi import perimer, vider_la_boite
from participation.notifications.actions.reglage import arreter_les_rappels, regler_les_messages

__all__ = ["arreter_les_rappels", "perimer", "poster", "regler_les_messages", "vider_la_boite"]

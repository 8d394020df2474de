"""Avancer l'heure du site, jamais la reculer. Un bord : l'heure s'y lit, sous un verrou, un appel après l'autre."""

import fcntl
from datetime import datetime

from django.conf import settings

from participation.common.dates import garder_reference, instant_court, maintenant
from participation.common.errors import RefusMetier
from participation.demo.actions import battre, jouer_les_actes


def avancer(*, instant: datetime) -> list[str]:
    """Joue les actes jusqu'à `instant`, puis y porte l'heure du site et bat l'horloge. Rend les actes joués.

    Deux appels ensemble : l'un attend l'autre, puis se juge à l'heure qu'il trouve. Rien n'est joué deux fois.
    Lève RefusMetier("forme") si `instant` est déjà passé.
    """
    with (settings.VAR_DIR / "horloge.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        heure = maintenant()
        if instant <= heure:
            phrase = f"L'heure du site ne recule jamais. Il est déjà : {instant_court(heure)}."
            raise RefusMetier("forme", phrase)
        joues = jouer_les_actes(now=instant, depuis=heure)
        garder_reference(instant)
        battre(now=instant)
    return joues

"""L'heure du site au départ du serveur : ce que fait MAINTENANT, et quand il est refusé."""

from datetime import datetime

from django.conf import settings

from participation.common.dates import departs, garder_reference, instant_long, maintenant, reference


class DepartRefuse(Exception):
    """Le serveur ne part pas ; le message est une phrase pour la personne qui le lance."""


def garder_le_depart() -> None:
    """À la première écoute, garde (MAINTENANT, instant réel) : tout compte ensuite à partir de là.

    Relancer avec un MAINTENANT déjà employé ne change rien. Un autre remplace s'il est après l'heure du site ; sinon il
    lève DepartRefuse : l'heure du site ne recule jamais.
    """
    voulu: datetime | None = settings.MAINTENANT
    if not settings.DEMO or voulu is None:
        return
    if reference() is not None:
        if voulu in departs():
            return
        if voulu <= (actuelle := maintenant()):
            raise DepartRefuse(
                f"MAINTENANT est refusé : l'heure du site ne recule jamais. Elle est déjà au {instant_long(actuelle)}. "
                "Donnez une heure plus tardive, ou un autre VAR_DIR."
            )
    garder_reference(voulu, depart=voulu)

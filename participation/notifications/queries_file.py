"""Lire la boîte d'envoi : ce qui attend, ce qui tarde, ce qui a échoué."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from participation.notifications.models import Envoi

EN_RETARD = timedelta(minutes=5)


@dataclass(frozen=True)
class File:
    """L'état de la boîte d'envoi."""

    en_attente: int
    en_retard: int
    echecs: int

    @property
    def is_bonne(self) -> bool:
        """Vrai si rien ne tarde."""
        return not self.en_retard


def file_d_envoi(now: datetime) -> File:
    """Les nombres de la boîte d'envoi : une requête."""
    attente = Q(etat__in=[Envoi.Etat.A_ENVOYER, Envoi.Etat.PRIS])
    comptes = Envoi.objects.aggregate(
        en_attente=Count("pk", filter=attente),
        en_retard=Count("pk", filter=attente & Q(a_envoyer_le__lt=now - EN_RETARD)),
        echecs=Count("pk", filter=Q(etat=Envoi.Etat.ECHEC)),
    )
    return File(**comptes)


def courriels_en_echec() -> QuerySet[Envoi]:
    """Ceux qui ne partiront plus seuls, le plus récent d'abord."""
    return Envoi.objects.filter(etat=Envoi.Etat.ECHEC).order_by("-cree_le", "-pk")

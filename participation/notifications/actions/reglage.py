"""Régler ce qu'une personne, ou la boîte d'une instance, veut recevoir."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from participation.common.errors import RefusMetier
from participation.notifications.models import Envoi, Niveau, ReglageMessages


@transaction.atomic
def regler_les_messages(
    *, niveau: str, now: datetime, personne: AbstractBaseUser | None = None, adresse: str = ""
) -> ReglageMessages:
    """Garde le niveau d'une personne ou, sans compte, d'une adresse. Rejouable. RefusMetier("forme") : niveau inconnu.

    Les avis légaux n'en dépendent pas : ils partent toujours (`rules.RAPPELS` dit ce qui se coupe).
    """
    if niveau not in Niveau.values:
        raise RefusMetier("forme", "Choisissez l'un des trois niveaux.")
    de = {"personne": personne} if personne is not None else {"adresse": adresse.strip().lower()}
    reglage, _ = ReglageMessages.objects.update_or_create(**de, defaults={"niveau": niveau, "change_le": now})
    return reglage


def arreter_les_rappels(*, envoi: Envoi, now: datetime) -> ReglageMessages:
    """Un clic sur « se désabonner » (RFC 8058) : l'essentiel seulement, pour qui a reçu cet envoi."""
    return regler_les_messages(niveau=Niveau.ESSENTIEL, now=now, personne=envoi.destinataire, adresse=envoi.adresse)

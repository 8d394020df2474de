"""Lire ce que chacun veut recevoir."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser

from participation.notifications.models import Envoi, Niveau, ReglageMessages


def niveaux(personnes: Iterable[UUID], adresses: Iterable[str]) -> tuple[dict[UUID, Niveau], dict[str, Niveau]]:
    """Les niveaux choisis par ces personnes, et pour ces boîtes sans compte : deux requêtes. Absent : tout."""
    reglages = ReglageMessages.objects
    par_personne = dict(reglages.filter(personne__in=list(personnes)).values_list("personne", "niveau"))
    par_adresse = dict(reglages.filter(adresse__in=list(adresses)).values_list("adresse", "niveau"))
    return (
        {pk: Niveau(niveau) for pk, niveau in par_personne.items()},
        {adresse: Niveau(niveau) for adresse, niveau in par_adresse.items() if adresse},
    )


def niveau_de(personne: AbstractBaseUser | None, adresse: str = "") -> Niveau:
    """Le niveau d'une personne ou, sans compte, d'une boîte."""
    de = {"personne": personne} if personne is not None else {"adresse": adresse.lower()}
    reglage = ReglageMessages.objects.filter(**de).first()
    return Niveau(reglage.niveau) if reglage else Niveau.TOUT


def niveau_de_l_envoi(envoi: Envoi) -> Niveau:
    """Le niveau de qui a reçu cet envoi."""
    return niveau_de(envoi.destinataire, envoi.adresse)

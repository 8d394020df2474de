"""Les groupes d'agents : les poser, y faire entrer, en faire sortir."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from participation.common.errors import RefusMetier
from participation.comptes.models import Groupe, Utilisateur
from participation.comptes.permissions import is_admin


@transaction.atomic
def poser_les_groupes() -> None:
    """Crée les quatre groupes s'ils manquent. Rejouable."""
    for groupe in Groupe:
        Group.objects.get_or_create(name=groupe.value)


def _exiger_l_administration(par: Utilisateur | None) -> None:
    if par is not None and not is_admin(par):
        raise RefusMetier("interdit", "Seule l'administration change les groupes.")


@transaction.atomic
def donner_groupe(*, compte: Utilisateur, groupe: Groupe, par: Utilisateur | None, now: datetime) -> None:
    """Fait entrer ce compte dans un groupe ; l'administration ouvre aussi /admin/."""
    _exiger_l_administration(par)
    compte.groups.add(Group.objects.get_or_create(name=groupe.value)[0])
    relire_les_groupes(compte=compte)


@transaction.atomic
def retirer_groupe(*, compte: Utilisateur, groupe: Groupe, par: Utilisateur | None, now: datetime) -> None:
    """Fait sortir ce compte d'un groupe : le droit cesse à la requête suivante."""
    _exiger_l_administration(par)
    compte.groups.remove(*Group.objects.filter(name=groupe.value))
    relire_les_groupes(compte=compte)


@transaction.atomic
def relire_les_groupes(*, compte: Utilisateur) -> None:
    """Remet en accord les groupes lus et l'entrée dans /admin/, qui découle du groupe « admin »."""
    vars(compte).pop("_groupes", None)
    is_staff = compte.groups.filter(name=Groupe.ADMIN.value).exists()
    if compte.is_staff != is_staff and not compte.is_superuser:
        compte.is_staff = is_staff
        compte.save(update_fields=["is_staff"])

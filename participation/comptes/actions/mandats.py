"""Nommer et finir un mandat (règle 16). La fin coupe le droit aussitôt : il est relu à chaque requête."""

from datetime import datetime

from django.db import transaction

from participation.common.errors import RefusMetier
from participation.comptes.models import Mandat, Utilisateur
from participation.comptes.permissions import is_admin, is_agent
from participation.territoires.models import Instance


def _exiger_un_agent(par: Utilisateur | None) -> None:
    """`par` est None pour l'installation et la démonstration, qui n'ont encore personne."""
    if par is not None and not (is_agent(par) or is_admin(par)):
        raise RefusMetier("interdit", "Seul un agent nomme ou finit un mandat.")


@transaction.atomic
def nommer_mandat(
    *,
    utilisateur: Utilisateur,
    instance: Instance,
    role: str,
    par: Utilisateur | None,
    now: datetime,
    du: datetime | None = None,
    au: datetime | None = None,
    college: str = "",
) -> Mandat:
    """Donne un mandat à partir de `du` (`now` par défaut), jusqu'à `au` exclu.

    RefusMetier("conflit") si la personne a déjà ce rôle en cours dans cette instance.
    """
    _exiger_un_agent(par)
    debut = du or now
    if role not in Mandat.Role.values:
        raise RefusMetier("forme", "Ce rôle n'existe pas.")
    if au is not None and au <= debut:
        raise RefusMetier("forme", "Un mandat finit après son début.")
    if Mandat.objects.en_cours(debut).filter(utilisateur=utilisateur, instance=instance, role=role).exists():
        raise RefusMetier("conflit", "Cette personne a déjà ce mandat.")
    return Mandat.objects.create(
        utilisateur=utilisateur, instance=instance, role=role, du=debut, au=au, college=college
    )


@transaction.atomic
def finir_mandat(*, mandat: Mandat, par: Utilisateur | None, now: datetime) -> Mandat:
    """Finit un mandat à `now` : à cet instant même, il ne donne plus aucun droit. RefusMetier s'il est déjà fini.

    Un mandat qui n'a pas commencé est retiré.
    """
    _exiger_un_agent(par)
    if mandat.du >= now:
        mandat.delete()
        return mandat
    if not Mandat.objects.en_cours(now).filter(pk=mandat.pk).update(au=now):
        raise RefusMetier("conflit", "Ce mandat est déjà fini.")
    mandat.au = now
    return mandat

"""Ce que lisent les kits : les conseils citoyens d'une commune (règle 19)."""

from datetime import datetime

from django.db.models import Q

from consultations.models import Saisine
from consultations.queries import etats
from participation.territoires.models import Commune, Instance


def communes_de(instance: Instance) -> Q:
    """Les conseils municipaux des communes de cette instance : la sienne, et celles de ses quartiers."""
    de_la_commune = Q(commune__isnull=False, commune=instance.commune_id)
    return Q(type=Instance.Type.CONSEIL_MUNICIPAL) & (de_la_commune | Q(commune__quartiers__instances=instance.pk))


def saisines_des_conseils(saisine: Saisine, now: datetime) -> list[Saisine]:
    """Les saisines, dans la même consultation, des conseils citoyens de cette commune, annotées : une requête."""
    commune: Commune | None = saisine.instance.commune
    if commune is None or saisine.instance.type != Instance.Type.CONSEIL_MUNICIPAL:
        return []
    conseils = Instance.objects.filter(
        Q(commune=commune) | Q(quartiers__communes=commune), type=Instance.Type.CONSEIL_CITOYEN
    )
    lignes = saisine.consultation.saisines.en_vigueur().filter(instance__in=conseils, retiree_le=None)
    return list(etats(lignes.select_related("instance", "consultation"), now).order_by("instance__nom", "pk"))

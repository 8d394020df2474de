"""Ce que lisent les données ouvertes : les mêmes saisines et les mêmes états que les pages, d'un seul coup."""

from collections.abc import Iterable
from datetime import datetime

from consultations.models import Consultation, Saisine
from consultations.queries import etats, naturel
from participation.territoires.models import Instance


def saisines_a_publier(consultations: Iterable[Consultation], now: datetime) -> list[Saisine]:
    """Les saisines en vigueur de ces consultations, annotées, communes d'abord, ordre stable. Deux requêtes."""
    lignes = etats(Saisine.objects.en_vigueur().filter(consultation__in=list(consultations)), now)
    lues = lignes.select_related("consultation", "instance__commune", "version__rapport")
    return sorted(lues.prefetch_related("instance__quartiers"), key=_ordre)


def _ordre(saisine: Saisine) -> tuple[object, ...]:
    instance, consultation = saisine.instance, saisine.consultation
    is_conseil = instance.type != Instance.Type.CONSEIL_MUNICIPAL
    return consultation.transmise_le, consultation.slug, is_conseil, naturel(instance.nom), str(saisine.pk)

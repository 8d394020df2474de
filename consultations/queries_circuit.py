"""Lire le circuit et le contenu légal d'une consultation (docs/domaine.md §1)."""

from consultations.circuit import Jalon, Point, jalons, points
from consultations.models import Consultation, Etape


def etapes_de(consultation: Consultation) -> list[Etape]:
    """Les étapes en vigueur : une requête."""
    return list(consultation.etapes.en_vigueur().order_by("date", "inscrite_le"))


def circuit_de(consultation: Consultation) -> list[Jalon]:
    """La procédure datée : deux requêtes."""
    return jalons(consultation, etapes_de(consultation), consultation.actes.order_by("n"))


def contenu_de_la_loi(consultation: Consultation) -> list[Point]:
    """Ce que le rapport doit contenir, point par point : deux requêtes."""
    contenus = list(consultation.contenus.all())
    parties = consultation.version.sections.filter(ancre__in=[c.ancre for c in contenus if c.ancre])
    return points(contenus, parties)

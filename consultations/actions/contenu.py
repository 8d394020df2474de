"""Dire où le rapport contient ce que la loi demande. Un manque se montre, il ne bloque rien ; la transmission gèle."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from consultations.etats import PointLegal, PresencePoint
from consultations.models import Consultation, ContenuLegal
from consultations.permissions import can_preparer
from consultations.saisies import SaisiePoint
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur

EXPLICATION_MAX = 300


@transaction.atomic
def renseigner_contenu(
    *, consultation: Consultation, points: Mapping[str, SaisiePoint], par: Utilisateur, now: datetime
) -> list[ContenuLegal]:
    """Remplace la liste : un point sans réponse n'est plus renseigné. Rejouable.

    Lève RefusMetier : "interdit" sans la qualité d'agent, "conflit" après la transmission, "forme" si un point présent
    ne dit pas où, ou si un point absent ne dit pas pourquoi.
    """
    if not can_preparer(par):
        raise RefusMetier("interdit", "Seul un agent remplit cette liste.")
    en_preparation = Consultation.objects.filter(pk=consultation.pk, transmise_le__isnull=True)
    if not en_preparation.update(creee_le=F("creee_le")):  # la ligne est prise jusqu'au commit
        raise RefusMetier("conflit", "Ce projet est transmis : cette liste ne change plus.")
    ancres = set(consultation.version.sections.values_list("ancre", flat=True))
    dits = {code: point for code, point in points.items() if point.presence}
    for code, point in dits.items():
        _exiger(code, point, ancres)
    consultation.contenus.exclude(code__in=dits).delete()
    return [_garder(consultation, code, point, now) for code, point in dits.items()]


def _exiger(code: str, point: SaisiePoint, ancres: set[str]) -> None:
    if code not in PointLegal.values or point.presence not in PresencePoint.values:
        raise RefusMetier("forme", "Ce point n'est pas dans la liste.")
    nom = f"« {PointLegal(code).label} »"
    if point.presence == PresencePoint.PRESENT and point.ancre not in ancres:
        raise RefusMetier("forme", f"{nom} : dites dans quelle partie du rapport.", champ=code)
    if point.presence == PresencePoint.ABSENT and not point.explication.strip():
        raise RefusMetier("forme", f"{nom} : dites pourquoi ce point est absent.", champ=code)
    if len(point.explication.strip()) > EXPLICATION_MAX:
        raise RefusMetier("forme", f"{nom} : {EXPLICATION_MAX} signes au plus.", champ=code)


def _garder(consultation: Consultation, code: str, point: SaisiePoint, now: datetime) -> ContenuLegal:
    dit = {
        "presence": point.presence,
        "ancre": point.ancre if point.presence == PresencePoint.PRESENT else "",
        "explication": point.explication.strip(),
        "renseigne_le": now,
    }
    contenu, _ = ContenuLegal.objects.update_or_create(consultation=consultation, code=code, defaults=dit)
    return contenu

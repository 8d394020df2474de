"""« Avis annoncé le … » : la prochaine séance d'une instance qui n'a pas encore répondu, à côté de son état."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from consultations.etats import Etat
from consultations.models import Saisine
from participation.agenda.models import Seance
from participation.agenda.queries import prochaines
from participation.common.dates import jour_court

SANS_REPONSE = frozenset({Etat.EN_ATTENTE, Etat.NON_SAISIE})


def seances_attendues(saisines: Iterable[Saisine], now: datetime) -> dict[UUID, Seance]:
    """La prochaine séance de chaque instance sans réponse, par instance. Saisines annotées ; une requête au plus."""
    instances = {s.instance_id for s in saisines if is_sans_reponse(s, now)}
    return prochaines(instances, now) if instances else {}


def is_sans_reponse(saisine: Saisine, now: datetime) -> bool:
    """Vrai si cette instance peut encore répondre et ne l'a pas fait."""
    return Etat(saisine.etat) in SANS_REPONSE and now < saisine.borne  # type: ignore[attr-defined]


def annonce(saisine: Saisine, seances: Mapping[UUID, Seance]) -> str:
    """« Avis annoncé le 9 octobre » ; une réunion après le dernier jour se dit telle ; vide si rien n'est annoncé."""
    seance = seances.get(saisine.instance_id)
    if seance is None:
        return ""
    if is_trop_tard(saisine, seance):
        return f"Se réunit le {jour_court(seance.jour)}, après le dernier jour"
    return f"Avis annoncé le {jour_court(seance.jour)}"


def is_trop_tard(saisine: Saisine, seance: Seance) -> bool:
    """Vrai si la réunion vient après le dernier jour pour répondre."""
    return seance.le >= saisine.borne

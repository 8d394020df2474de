"""« À appeler aujourd'hui » : les instances muettes, sans avis annoncé, la plus ancienne nouvelle d'abord. Pur."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from consultations.models import Contact, Saisine
from participation.gestion.afaire import PROCHE
from participation.gestion.queries import Ligne

REPOS = {Contact.Resultat.JOINT: timedelta(days=7)}
"""Jointe, une instance ne se rappelle pas de la semaine ; sinon, dès le lendemain."""
UN_JOUR = timedelta(days=1)
PREMIER_APPEL = timedelta(days=7)
JAMAIS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Appel:
    """Une instance à appeler. `dernier_le` : le dernier appel ou courriel. `en_cours` : qui est au téléphone."""

    saisine: Saisine
    telephone: str
    contact: Contact | None
    dernier_le: datetime | None
    en_cours: Contact | None


def a_appeler(
    lignes: Sequence[Ligne], contacts: Mapping[UUID, Contact], telephones: Mapping[UUID, str], now: datetime
) -> list[Appel]:
    """Muettes, saisies depuis une semaine (ou près de la fin), sans avis annoncé, pas déjà appelées."""
    retenues = [li for li in lignes if _is_a_appeler(li, contacts.get(li.saisine.pk), now)]
    appels = [
        _appel(li, contacts.get(li.saisine.pk), telephones.get(li.saisine.instance_id, ""), now) for li in retenues
    ]
    return sorted(appels, key=lambda a: (a.dernier_le or JAMAIS, a.saisine.borne))


def _is_a_appeler(ligne: Ligne, contact: Contact | None, now: datetime) -> bool:
    saisine = ligne.saisine
    if not ligne.is_a_suivre or ligne.is_annonce or now >= saisine.borne:
        return False
    if now - saisine.transmise_le < PREMIER_APPEL and saisine.borne - now > PROCHE:
        return False
    if contact is None or contact.resultat == Contact.Resultat.EN_COURS:
        return True
    return now >= contact.le + REPOS.get(Contact.Resultat(contact.resultat), UN_JOUR)


def _appel(ligne: Ligne, contact: Contact | None, telephone: str, now: datetime) -> Appel:
    connus = [le for le in (ligne.envoi_le, contact.le if contact else None) if le]
    return Appel(
        saisine=ligne.saisine,
        telephone=telephone,
        contact=contact,
        dernier_le=max(connus, default=None),
        en_cours=contact if contact and contact.is_en_cours(now) else None,
    )

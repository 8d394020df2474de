"""L'agenda public : les échéances et les séances connues des consultations que tout le monde peut lire (règle 20)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import reverse
from icalendar import Calendar, Event

from consultations.etats import EtapeCircuit
from consultations.models import Consultation, Etape, Saisine
from consultations.queries import consultations_visibles
from participation.agenda.models import Seance
from participation.common.dates import instant_court
from participation.common.templatetags.maison import pluriel

MIME = "text/calendar; charset=utf-8"
SEANCES = {
    EtapeCircuit.COMMISSION.value: "La commission donne son avis sur le projet",
    EtapeCircuit.ARRETEE.value: "Le conseil communautaire arrête le projet",
}


@dataclass(frozen=True)
class Date:
    """Un jour de l'agenda. `cle` ne change pas d'une lecture à l'autre ; `su_le` : quand on l'a su.

    `debut` : l'instant, pour une réunion dont l'heure est connue.
    """

    cle: str
    jour: date
    titre: str
    dit: str
    adresse: str
    su_le: datetime
    debut: datetime | None = None


def dates(now: datetime) -> list[Date]:
    """Toutes les dates connues, de la première à la dernière. Quatre requêtes, quel que soit leur nombre."""
    consultations = {c.pk: c for c in consultations_visibles(None, now)}
    attendues = Saisine.objects.en_vigueur().filter(is_sans_objet=False, retiree_le=None)
    saisines = list(
        attendues.filter(consultation__in=consultations).only("consultation_id", "echeance", "instance_id", "borne")
    )
    etapes = Etape.objects.en_vigueur().filter(consultation__in=consultations, code__in=SEANCES)
    toutes = [
        *_echeances(consultations, saisines),
        *(_seance(etape, consultations[etape.consultation_id]) for etape in etapes),
        *_reunions(consultations, saisines),
        *_approbations(consultations.values()),
    ]
    return sorted(toutes, key=lambda d: (d.jour, d.cle))


def _echeances(consultations: dict[UUID, Consultation], saisines: Iterable[Saisine]) -> Iterator[Date]:
    """Une date par consultation et par échéance : celles qui diffèrent se voient à part (règle 1)."""
    for (cle, jour), combien in Counter((s.consultation_id, s.echeance) for s in saisines).items():
        de = consultations[cle]
        assert de.transmise_le is not None  # noqa: S101 : `consultations_visibles` ne rend que des transmises
        dit = f"Pour l’avis de {pluriel(combien, 'instance')} : jusqu’à minuit, heure de Paris."
        yield Date(
            f"echeance-{cle}-{jour}", jour, f"Dernier jour : {de.titre}", dit, de.get_absolute_url(), de.transmise_le
        )


def _seance(etape: Etape, de: Consultation) -> Date:
    dit = f"{SEANCES[etape.code]}.{f' {etape.reference}.' if etape.reference else ''}"
    titre = f"{etape.get_code_display()} : {de.titre}"
    return Date(f"etape-{etape.pk}", etape.date, titre, dit, de.get_absolute_url(), etape.inscrite_le)


def _reunions(consultations: dict[UUID, Consultation], saisines: Iterable[Saisine]) -> Iterator[Date]:
    """Les réunions annoncées par les instances saisies ; l'adresse est la saisine la plus tardive."""
    de = {s.instance_id: s for s in sorted(saisines, key=lambda s: (s.borne, s.pk))}
    annoncees = Seance.objects.tenues_pour_dites().filter(instance__in=de).select_related("instance")
    for seance in annoncees:
        saisine = de[seance.instance_id]
        adresse = reverse("consultations:saisine", args=[consultations[saisine.consultation_id].slug, saisine.pk])
        heure = instant_court(seance.le).partition(" à ")[2]
        lieu = f", {seance.lieu}" if seance.lieu else ""
        titre = f"Réunion : {seance.instance}"
        dit = f"À {heure}{lieu}."
        yield Date(f"seance-{seance.pk}", seance.jour, titre, dit, adresse, seance.annoncee_le, seance.le)


def _approbations(consultations: Iterable[Consultation]) -> Iterator[Date]:
    for de in consultations:
        if de.approuve_le and de.transmise_le:
            dit = "Le conseil communautaire approuve le rapport."
            adresse = de.get_absolute_url()
            yield Date(
                f"approbation-{de.pk}", de.approuve_le, f"Approbation : {de.titre}", dit, adresse, de.transmise_le
            )


def en_ics(toutes: Iterable[Date], *, titre: str, site: str) -> bytes:
    """Le calendrier (RFC 5545) : un jour entier par date, une heure pour une réunion. Mêmes dates, mêmes octets."""
    calendrier = Calendar()
    calendrier.add("prodid", f"-//{titre}//agenda//FR")
    calendrier.add("version", "2.0")
    calendrier.add("x-wr-calname", titre)
    for une in toutes:
        evenement = Event()
        evenement.add("uid", f"{une.cle}@{urlsplit(site).hostname}")
        evenement.add("dtstamp", une.su_le)
        evenement.add("dtstart", une.debut.astimezone(UTC) if une.debut else une.jour)
        if une.debut is None:
            evenement.add("dtend", une.jour + timedelta(days=1))
        evenement.add("summary", une.titre)
        evenement.add("description", une.dit)
        evenement.add("url", f"{site}{une.adresse}")
        evenement.add("transp", "TRANSPARENT")
        calendrier.add_component(evenement)
    return bytes(calendrier.to_ical())

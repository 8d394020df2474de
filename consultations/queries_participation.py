"""Qui répond, qui se tait : chaque instance, consultation après consultation. Deux requêtes en tout."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consultations.etats import ATTENDUS, EXPRIMES, Etat
from consultations.models import Consultation, Saisine
from consultations.queries import etats, rang
from participation.territoires.models import Instance

TUS = frozenset({Etat.REPUTE_FAVORABLE})


@dataclass(frozen=True)
class Case:
    """Une instance dans une consultation : son état, ou rien si elle n'a pas été saisie."""

    consultation: Consultation
    saisine: Saisine | None

    @property
    def etat(self) -> Etat | None:
        """L'état à montrer."""
        return Etat(self.saisine.etat) if self.saisine else None  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Ligne:
    """Une instance, de la consultation la plus ancienne à la plus récente."""

    instance: Instance
    cases: list[Case]

    @property
    def reponses(self) -> int:
        """Combien de fois elle a répondu."""
        return sum(c.etat in EXPRIMES for c in self.cases)

    @property
    def demandes(self) -> int:
        """Combien de fois une réponse a été attendue d'elle, délai fini ou réponse reçue."""
        return sum(c.etat in ATTENDUS - {Etat.EN_ATTENTE} for c in self.cases)

    @property
    def silences_de_suite(self) -> int:
        """Combien de fois elle s'est tue, sans interruption, jusqu'à la dernière fois."""
        suite = 0
        for case in reversed([c for c in self.cases if c.etat in EXPRIMES | TUS]):
            if case.etat not in TUS:
                break
            suite += 1
        return suite


@dataclass(frozen=True)
class Participation:
    """Le tableau entier : ses colonnes, ses lignes."""

    consultations: list[Consultation]
    lignes: list[Ligne]

    @property
    def a_joindre(self) -> list[Ligne]:
        """Celles qui se sont tues deux fois de suite au moins, la plus longue suite d'abord."""
        muettes = [ligne for ligne in self.lignes if ligne.silences_de_suite > 1]
        return sorted(muettes, key=lambda ligne: -ligne.silences_de_suite)


def participation(consultations: Iterable[Consultation], now: datetime) -> Participation:
    """Le tableau de ces consultations (version et rapport déjà lus), des plus anciennes aux plus récentes."""
    colonnes = sorted(consultations, key=lambda c: (c.version.rapport.annee, c.transmise_le, c.slug))
    lues = etats(Saisine.objects.en_vigueur().filter(consultation__in=colonnes), now)
    par_instance: dict[Instance, dict[UUID, Saisine]] = {}
    for saisine in lues.select_related("instance", "consultation"):
        par_instance.setdefault(saisine.instance, {})[saisine.consultation_id] = saisine
    lignes = [
        Ligne(instance, [Case(c, saisines.get(c.pk)) for c in colonnes])
        for instance, saisines in sorted(par_instance.items(), key=lambda couple: rang(couple[0]))
    ]
    return Participation(colonnes, lignes)

"""Le calcul du délai, pur : ni base, ni horloge, ni réglage.

CGCT L. 1111-2 et décret n° 2015-1118 du 3 septembre 2015 : les instances ont **au moins un mois** pour répondre.
Le délai n'est pas franc et ne se reporte pas (docs/domaine.md, règles 1 et 2) ; le jour se lit à Paris.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
UN_JOUR = timedelta(days=1)


def jour_de(instant: datetime) -> date:
    """Le jour civil à Paris de cet instant (règle 2 : 22 h UTC le 30 juin, c'est le 1er juillet)."""
    return instant.astimezone(PARIS).date()


def ajouter_mois(jour: date, mois: int) -> date:
    """De quantième à quantième ; à défaut de quantième, le dernier jour du mois (règle 2)."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, indice = divmod(rang, 12)
    return date(annee, indice + 1, min(jour.day, monthrange(annee, indice + 1)[1]))


def plancher(transmise_le: datetime) -> date:
    """La première échéance légale : le jour de la transmission plus un mois (règle 2). Proposée par défaut."""
    return ajouter_mois(jour_de(transmise_le), 1)


MOIS_DE_RECOURS = 2


def fin_de_recours(sous_prefecture_le: date | None, publie_le: date | None) -> date | None:
    """Le dernier jour pour contester la délibération : deux mois de quantième à quantième (CJA R. 421-1).

    Compté de la plus tardive des deux formalités qui la rendent exécutoire (CGCT L. 2131-1 et L. 5211-3), transmission
    au représentant de l'État et publication ; None tant que l'une d'elles est inconnue.
    """
    if sous_prefecture_le is None or publie_le is None:
        return None
    return ajouter_mois(max(sous_prefecture_le, publie_le), MOIS_DE_RECOURS)


def borne(echeance: date) -> datetime:
    """L'instant exclusif de la clôture, en UTC : minuit, heure de Paris, du lendemain de l'échéance (règle 1)."""
    return datetime.combine(echeance + UN_JOUR, time.min, tzinfo=PARIS).astimezone(UTC)


def fin_du_dernier_jour(echeance: date) -> datetime:
    """Le dernier instant du délai, en UTC : ce que la loi fait arriver à l'échéance porte cette date (règle 3)."""
    return borne(echeance) - timedelta(microseconds=1)


@lru_cache(maxsize=64)
def _feries(annee: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=annee))


def is_ouvrable(jour: date) -> bool:
    """Faux le samedi, le dimanche et les jours fériés français."""
    return jour.weekday() < 5 and jour not in _feries(jour.year)


def premier_jour_ouvrable(jour: date) -> date:
    """Ce jour s'il est ouvrable, sinon le premier qui suit."""
    while not is_ouvrable(jour):
        jour += UN_JOUR
    return jour


JOURS_DE_RAPPEL = 5
"""Jours ouvrés après la dernière échéance : sans procès-verbal, les signataires sont rappelés (règle 3 bis)."""


def rappel_du_proces_verbal(borne: datetime) -> date:
    """Règle 3 bis : le cinquième jour ouvré après le dernier jour du délai."""
    jour = jour_de(borne - timedelta(microseconds=1))
    restants = JOURS_DE_RAPPEL
    while restants:
        jour += UN_JOUR
        restants -= is_ouvrable(jour)
    return jour


def plancher_prudent(reception: datetime) -> date:
    """La plus longue des deux lectures du délai franc, reportée au premier jour ouvrable (règle 2) : une alerte."""
    jour = jour_de(reception)
    lendemain_du_quantieme = ajouter_mois(jour, 1) + UN_JOUR
    quantieme_du_lendemain = ajouter_mois(jour + UN_JOUR, 1)
    return premier_jour_ouvrable(max(lendemain_du_quantieme, quantieme_du_lendemain))


def is_moins_d_un_mois(reception: datetime, echeance: date) -> bool:
    """Règle 6 : une réception prouvée à moins d'un mois (de quantième à quantième) de l'échéance se dit."""
    return plancher(reception) > echeance


@dataclass(frozen=True)
class Simulation:
    """Ce que vaut une échéance pour une transmission : refusée sous le plancher, signalée sous le plancher prudent."""

    echeance: date
    plancher: date
    prudent: date

    @property
    def is_legale(self) -> bool:
        """Vrai si un mois au moins est laissé."""
        return self.echeance >= self.plancher

    @property
    def is_prudente(self) -> bool:
        """Vrai si même la lecture la plus longue du délai est respectée."""
        return self.echeance >= self.prudent

    @property
    def borne(self) -> datetime:
        """La borne exclusive, en UTC."""
        return borne(self.echeance)


def simuler(transmise_le: datetime, echeance: date | None = None) -> Simulation:
    """Simule une échéance ; par défaut, le plancher."""
    premier = plancher(transmise_le)
    return Simulation(echeance or premier, premier, plancher_prudent(transmise_le))

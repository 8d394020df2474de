"""Le plan des relances : qui est relancé, quel jour, pourquoi. Pur : des dates entrent, des dates sortent.

Peu, et au moment où l'on peut encore agir :

- **une commune** répond par une délibération (règle 15). Son conseil se réunit au moins une fois par trimestre (CGCT
  L. 2121-7) : à J-75, une séance au moins reste devant elle, c'est le moment de la choisir. À J-30 on l'inscrit à
  l'ordre du jour ; à J-15 une convocation peut encore partir (cinq jours francs, trois sous 3 500 habitants :
  L. 2121-12 et L. 2121-11) ; plus tard on ne convoque plus, J-2 et J-1 servent à déposer un vote déjà acquis. Une
  mairie est fermée le samedi et le dimanche : le rappel avance au dernier jour ouvré.
- **un conseil citoyen** se réunit le soir, sans convocation légale : J-30 pour choisir une date, J-7 pour finir
  d'écrire, J-2 et J-1 pour déposer. Pas de mi-parcours : il tombe sur l'un de ces jours-là ou ne demande rien.
- **une séance annoncée** prend la place des rappels qui la précèdent : un avant (l'ordre du jour), un après (déposer).

La transmission prévient d'abord : aucune relance dans les sept jours qui la suivent, aucune après la borne.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from consultations import delais
from participation.territoires.models import Instance

HEURE = time(8)
"""L'heure des rappels, à Paris : avant la journée de travail, jamais la nuit."""
REPIT = timedelta(days=7)
"""Après la transmission, on laisse lire."""
J, S = "J", "S"


@dataclass(frozen=True)
class Etape:
    """Une ligne du plan. `repere` : J, l'échéance ; S, la séance. `is_avant_seance` : une séance la remplace."""

    repere: str
    jours: int
    sujet: str
    phrase: str
    is_avant_seance: bool = False

    @property
    def code(self) -> str:
        """« J-30 », « S+1 »."""
        return f"{self.repere}{self.jours:+d}"


DEPOSER_UN_VOTE = (
    "Si le conseil municipal a délibéré, déposez l'avis : la date du vote, le sens et les voix suffisent.\n"
    "Le numéro, la préfecture et le document signé se complètent après."
)
DEPOSER = "Si votre conseil est d'accord sur un texte, déposez-le. Le brouillon est gardé tel que vous l'avez laissé."

COMMUNE = (
    Etape(J, -75, "Quand se réunit votre conseil municipal ?",
          "L'avis d'une commune est une délibération. Choisissez la séance qui la votera, et annoncez-la sur la page "
          "ci-dessous.", True),
    Etape(J, -30, "À inscrire à l'ordre du jour",
          "L'avis d'une commune est une délibération : inscrivez le projet à l'ordre du jour d'une séance avant cette "
          "date.", True),
    Etape(J, -15, "Encore le temps de convoquer le conseil municipal",
          "La convocation part cinq jours francs avant la séance, trois dans une commune de moins de 3 500 habitants : "
          "il est encore temps.", True),
    Etape(S, -10, "Votre séance approche",
          "Votre conseil municipal se réunit le {seance}. Vérifiez que le projet est à l'ordre du jour de la "
          "convocation."),
    Etape(S, +1, "Après votre séance : déposer l'avis",
          "Votre conseil municipal se réunissait le {seance}.\n" + DEPOSER_UN_VOTE),
    Etape(J, -2, "Rappel : votre avis est attendu", DEPOSER_UN_VOTE),
    Etape(J, -1, "Dernier rappel : votre avis est attendu", DEPOSER_UN_VOTE),
)  # fmt: skip
CONSEIL = (
    Etape(J, -30, "Choisir une date de réunion",
          "Choisissez le jour où votre conseil en parlera, et annoncez-le sur la page ci-dessous.", True),
    Etape(J, -7, "Encore une semaine pour répondre",
          "Le brouillon de votre conseil s'écrit à plusieurs : toute personne mandatée peut le continuer.", True),
    Etape(S, -3, "Votre réunion approche", "Votre conseil se réunit le {seance}. Lisez le projet avant ce jour-là."),
    Etape(S, +1, "Après votre réunion : déposer l'avis", "Votre conseil se réunissait le {seance}.\n" + DEPOSER),
    Etape(J, -2, "Rappel : votre avis est attendu", DEPOSER),
    Etape(J, -1, "Dernier rappel : votre avis est attendu", DEPOSER),
)  # fmt: skip
PLANS: dict[str, tuple[Etape, ...]] = {
    Instance.Type.CONSEIL_MUNICIPAL: COMMUNE,
    Instance.Type.CONSEIL_CITOYEN: CONSEIL,
    Instance.Type.AUTRE: CONSEIL,
}


@dataclass(frozen=True)
class Annonce:
    """Une séance annoncée : son jour, et l'instant de l'annonce."""

    jour: date
    annoncee_le: datetime


@dataclass(frozen=True)
class Relance:
    """Une étape du plan, posée à son jour (lu à Paris)."""

    etape: Etape
    jour: date
    seance: date | None = None

    @property
    def instant(self) -> datetime:
        """L'instant à partir duquel elle est due."""
        return datetime.combine(self.jour, HEURE, tzinfo=delais.PARIS)

    @property
    def cle(self) -> str:
        """Son jour et son code : « 2025-09-30:J-30 »."""
        return f"{self.jour.isoformat()}:{self.etape.code}"


def plan(
    *, type_instance: str, transmise_le: datetime, echeance: date, seances: Sequence[Annonce] = ()
) -> list[Relance]:
    """Les relances d'une saisine, du premier au dernier jour."""
    depuis, borne = transmise_le + REPIT, delais.borne(echeance)
    utiles = [s for s in seances if s.jour <= echeance]
    posees = []
    for etape in PLANS[type_instance]:
        for seance in utiles if etape.repere == S else [None]:
            relance = _poser(etape, echeance, seance, is_mairie=type_instance == Instance.Type.CONSEIL_MUNICIPAL)
            is_remplacee = etape.is_avant_seance and any(s.jour >= relance.jour for s in utiles)
            debut = max(depuis, seance.annoncee_le) if seance else depuis
            if debut <= relance.instant < borne and not is_remplacee:
                posees.append(relance)
    return sorted(posees, key=lambda r: r.jour)


def _poser(etape: Etape, echeance: date, seance: Annonce | None, *, is_mairie: bool) -> Relance:
    jour = (seance.jour if seance else echeance) + timedelta(days=etape.jours)
    pas = delais.UN_JOUR if etape.jours > 0 else -delais.UN_JOUR
    while is_mairie and not delais.is_ouvrable(jour):
        jour += pas
    return Relance(etape, jour, seance.jour if seance else None)


def due(relances: Sequence[Relance], now: datetime) -> Relance | None:
    """La dernière déjà due à `now` : la seule qui ait encore un sens, les précédentes n'en ont plus."""
    return next((r for r in reversed(relances) if r.instant <= now), None)


def fin(relances: Sequence[Relance], relance: Relance, borne: datetime) -> datetime:
    """L'instant où celle-ci ne sert plus : la suivante la remplace, ou le délai est clos."""
    return next((r.instant for r in relances if r.instant > relance.instant), borne)


def de_la_semaine(relances: Sequence[Relance], lundi: date) -> list[Relance]:
    """Celles de la semaine qui commence ce lundi."""
    return [r for r in relances if lundi <= r.jour < lundi + timedelta(days=7)]

"""Ce qu'un formulaire rend et qu'une action reçoit : des valeurs, sans base ni requête."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class SaisieObservation:
    """Une observation tapée. `section` : l'ancre de la partie, vide pour l'ensemble du rapport."""

    section: str
    nature: str
    texte: str


@dataclass(frozen=True)
class SaisieSeance:
    """La séance ou la réunion : date et votes, exigés d'une commune au dépôt (règle 15)."""

    date_seance: date | None = None
    pour: int | None = None
    contre: int | None = None
    abstention: int | None = None


@dataclass(frozen=True)
class SaisieReunion:
    """La réunion d'un conseil, tout facultatif (règle 15). Des nombres à la porte, jamais des noms."""

    mode_adoption: str = ""
    habitants_presents: bool = False
    associations_presentes: bool = False
    femmes: int | None = None
    hommes: int | None = None
    moins_25: int | None = None
    minoritaire: str = ""
    redacteur: str = ""


@dataclass(frozen=True)
class SaisieProjet:
    """Ce qui vient d'être tapé d'un projet d'avis (règles 14, 15, 21). None : cette partie ne change pas."""

    sens: str | None = None
    texte: str | None = None
    observations: tuple[SaisieObservation, ...] | None = None
    seance: SaisieSeance | None = None
    reunion: SaisieReunion | None = None
    rejointes: tuple[UUID, ...] | None = None


CADRE_PROPOSE = (
    "Le texte du rapport. Vos remarques peuvent le corriger ou le compléter.",
    "Ce qui est déjà fait et déjà payé. Le rapport raconte l’année passée.",
    "Le conseil communautaire vote le rapport après la fin des réponses. Il dit ce qu’il fait de chaque remarque.",
)
"""Le cadre proposé : ce qui peut encore changer, ce qui ne changera pas, qui décide et quand."""


@dataclass(frozen=True)
class SaisieConsultation:
    """Les paramètres d'une consultation en préparation (règle 9 : gelés à la transmission)."""

    titre: str
    slug: str
    echeance: date | None = None
    arrete_le: date | None = None
    publie_le: date | None = None
    deliberation: str = ""
    visibilite_projet: str = "public"
    visibilite_avis: str = "depot"
    is_demonstration: bool = False
    peut_changer: str = CADRE_PROPOSE[0]
    ne_changera_pas: str = CADRE_PROPOSE[1]
    qui_decide: str = CADRE_PROPOSE[2]


Jour = date


@dataclass(frozen=True)
class SaisieEtape:
    """Une étape du circuit. `avis` : celui de la commission ; les deux dernières dates : celles de la délibération."""

    date: Jour
    reference: str = ""
    avis: str = ""
    sous_prefecture_le: Jour | None = None
    publie_le: Jour | None = None


@dataclass(frozen=True)
class SaisiePoint:
    """Un point du contenu légal : `presence` vide, il n'est pas renseigné ; présent, `ancre` dit où."""

    presence: str = ""
    ancre: str = ""
    explication: str = ""

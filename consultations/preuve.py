"""La fiche de preuve d'une saisine : ce qui a été envoyé, reçu, répondu ou tu, et ce qui le prouve. Pure.

Deux lectures de la même fiche (règle 20) : celle de tout le monde, sans personne ni adresse ; le détail, aux agents et
à l'instance. Elle porte la date du dernier acte qui concerne la saisine, jamais celle de l'impression.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consultations.etats import Etat, Fondement
from consultations.models import Avis, Complement, Contribution, PreuveRemise, RetourCourriel, Saisine
from consultations.queries_actes import ActeLu
from consultations.rules import PHRASES_DU_SILENCE
from participation.notifications.models import Envoi
from participation.notifications.rules import RELANCE
from participation.registre.queries import Acte


@dataclass(frozen=True)
class Remise:
    """Une preuve de remise. `adresse` : celle du courriel accepté, vide hors du détail. `autres` : du même moyen."""

    preuve: PreuveRemise
    adresse: str = ""
    autres: int = 0


@dataclass(frozen=True)
class Reponse:
    """Une version de la réponse : un avis, ou un silence."""

    avis: Avis
    complements: Sequence[Complement]

    @property
    def is_saisie(self) -> bool:
        """Vrai si l'avis est arrivé hors de la plateforme et qu'un agent l'a saisi (règle 11)."""
        return not self.avis.is_silence and self.avis.canal != Avis.Canal.PLATEFORME

    @property
    def remplacant(self) -> Avis | None:
        """L'avis qui remplace celui-ci."""
        return getattr(self.avis, "remplacant", None)


LIBELLES = {
    "saisine": "Projet transmis",
    "report": "Échéance reportée",
    "rectificatif": "Rectificatif joint",
    "retrait": "Consultation retirée ou annulée",
    "constat": "Constat sur l’instance",
    "cloture": "Consultation close",
    "accuse": "Avis bien reçu",
    RELANCE: "Rappel",
}
"""Ce que dit chaque courriel à une instance ; un événement absent d'ici ne se montre pas."""


@dataclass(frozen=True)
class Prevenu:
    """Un message accepté par le serveur de courriel : quoi, quand, combien de boîtes. Jamais lesquelles."""

    quoi: str
    le: datetime
    combien: int


@dataclass(frozen=True)
class Fiche:
    """Tout ce que montre la fiche, à l'écran, en PDF et dans le dossier. `envois` : vide hors du détail.

    `mentions` : ce qui se dit de la remise, tardive, revenue ou constatée (règle 6). `prevenus` : chaque message à
    l'instance, sans adresse, pour tout le monde.
    """

    saisine: Saisine
    etat: Etat
    etiquettes: Sequence[str]
    remises: Sequence[Remise]
    reponses: Sequence[Reponse]
    contributions: Sequence[Contribution]
    signes: Sequence[ActeLu]
    actes: Sequence[Acte]
    envois: Sequence[Envoi]
    is_lisible: bool
    has_detail: bool
    mentions: Sequence[str] = ()
    prevenus: Sequence[Prevenu] = ()
    retours: Sequence[RetourCourriel] = ()

    @property
    def instant(self) -> datetime:
        """L'inscription du dernier acte de cette saisine."""
        return self.actes[-1].entree.inscrit_le if self.actes else self.saisine.transmise_le

    @property
    def inscrits(self) -> list[tuple[Acte, str]]:
        """Chaque entrée du registre et, pour un acte signé, lequel."""
        titres = {lu.acte.pk: lu.titre for lu in self.signes}
        return [(acte, titres.get(acte.entree.objet_id, "")) for acte in self.actes]

    @property
    def reports(self) -> list[ActeLu]:
        """Les actes qui ont changé l'échéance, du premier au dernier (règle 9)."""
        return [lu for lu in self.signes if lu.echeance]

    @property
    def autres_signes(self) -> list[ActeLu]:
        """Les autres actes signés qui visent cette instance."""
        return [lu for lu in self.signes if not lu.echeance]

    @property
    def regle(self) -> str:
        """La phrase que le fondement commande (règle 7)."""
        return PHRASES_DU_SILENCE[Fondement(self.saisine.fondement)]

    @property
    def is_silence(self) -> bool:
        """Vrai si le silence vaut avis à cet instant, inscrit ou pas encore (règle 3)."""
        return self.etat == Etat.REPUTE_FAVORABLE

    @property
    def is_silence_sans_remise(self) -> bool:
        """Vrai si aucune remise ne tient : un silence inscrit n'y change rien (règle 6)."""
        return self.etat == Etat.NON_SAISIE

    @property
    def date_legale_du_silence(self) -> date:
        """L'échéance : ce que la loi fait arriver ce jour-là est daté de ce jour-là."""
        return self.saisine.echeance

"""L'annexe « Avis des communes et des conseils citoyens » : des objets entrent, des données sortent (règle 18). Pure.

Elle cite l'instant, le numéro et l'empreinte du dernier acte de cette consultation ; ni date d'impression, ni tête
courante du registre : mêmes données, mêmes octets. Tant que le procès-verbal de clôture n'est pas signé, elle est
« provisoire » (règle 3 bis).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from consultations.circuit import Jalon, Point, jalons
from consultations.delais import is_moins_d_un_mois
from consultations.etats import EXPRIMES, Etat, Fondement, TypeActe
from consultations.mentions import mentions_de_remise
from consultations.models import (
    Acte,
    Avis,
    Complement,
    Consultation,
    Contribution,
    Etape,
    Observation,
    PieceAvis,
    Saisine,
)
from consultations.queries_actes import ActeLu
from consultations.rules import PHRASES_DU_SILENCE
from participation.common.dates import instant_long, jour_a_paris, jour_long
from participation.registre.models import Entree


@dataclass(frozen=True)
class LigneAnnexe:
    """Une instance dans l'annexe : ce qu'elle a reçu, quand, sur quel fondement, et ce qu'elle a dit ou tu."""

    saisine: Saisine
    etat: Etat
    avis: Avis | None
    observations: Sequence[Observation]
    pieces: Sequence[PieceAvis]

    @property
    def is_exprime(self) -> bool:
        """Vrai si un avis se lit."""
        return self.avis is not None and self.etat in EXPRIMES and self.etat != Etat.REPONDU

    @property
    def remise(self) -> date | None:
        """Le jour de la première remise prouvée."""
        remis_le: datetime | None = self.saisine.remis_le  # type: ignore[attr-defined]
        return jour_a_paris(remis_le) if remis_le else None

    @property
    def date(self) -> date | None:
        """La date de l'avis ; pour un silence, l'échéance (règle 3)."""
        if self.etat == Etat.REPUTE_FAVORABLE:
            return self.saisine.echeance
        return self.avis.date_legale if self.is_exprime and self.avis else None

    @property
    def phrase_du_silence(self) -> str:
        """La phrase que le fondement commande (règle 7)."""
        return PHRASES_DU_SILENCE[Fondement(self.saisine.fondement)]

    @property
    def complements(self) -> list[Complement]:
        """Numéro, préfecture et document de la délibération, ajoutés après le dépôt (règle 15)."""
        return list(self.avis.complements.all()) if self.is_exprime and self.avis else []

    @property
    def is_saisi(self) -> bool:
        """Vrai si l'avis est arrivé hors de la plateforme et qu'un agent l'a saisi (règle 11)."""
        return self.is_exprime and self.avis is not None and self.avis.canal != Avis.Canal.PLATEFORME

    @property
    def is_remise_tardive(self) -> bool:
        """Réception prouvée à moins d'un mois de l'échéance : mention à l'annexe (règle 6)."""
        remis_le: datetime | None = self.saisine.remis_le  # type: ignore[attr-defined]
        return remis_le is not None and is_moins_d_un_mois(remis_le, self.saisine.echeance)

    @property
    def mentions(self) -> list[str]:
        """Ce qui se dit de la remise : tardive, revenue, constatée (règle 6)."""
        return mentions_de_remise(self.saisine, list(self.saisine.retours.all()), self.etat)


@dataclass(frozen=True)
class Signe:
    """Un acte signé, et les instances qu'il nomme (aucune : il vaut pour toutes)."""

    lu: ActeLu
    instances: Sequence[str]

    @property
    def phrase(self) -> str:
        """Ce qu'il fait, en toutes lettres : un jour, des instances, une décision, un motif ; sans personne."""
        acte, echeance = self.lu.acte, self.lu.echeance
        dits = [f"Acte n° {acte.n}, {acte.get_type_display().lower()}, signé le {instant_long(acte.signe_le)}."]
        dits += [f"Nouveau dernier jour : {jour_long(echeance)}."] if echeance else []
        dits += [f"Pour : {', '.join(self.instances)}."] if self.instances else []
        dits += [f"Décidé par : {acte.fondement.rstrip('.')}."] if acte.fondement else []
        dits += [f"Motif : {acte.motif}"] if acte.motif else []
        return " ".join(dits)


@dataclass(frozen=True)
class Annexe:
    """Tout ce que montre l'annexe, rien de plus."""

    consultation: Consultation
    lignes: Sequence[LigneAnnexe]
    comptes: Sequence[tuple[Etat, int]]
    dernier_acte: Entree | None
    is_provisoire: bool
    contributions: Sequence[Contribution] = ()
    rectificatifs: Sequence[Acte] = ()
    actes: Sequence[Acte] = ()
    anciens: Sequence[LigneAnnexe] = ()
    jalons: Sequence[Jalon] = ()
    points: Sequence[Point] = ()

    @property
    def instant(self) -> datetime:
        """La date que porte le document : celle du dernier acte, jamais celle de l'impression."""
        return self.dernier_acte.inscrit_le if self.dernier_acte else self.consultation.creee_le

    @property
    def autres_echeances(self) -> list[LigneAnnexe]:
        """Les instances dont le dernier jour n'est pas celui de la consultation : un acte l'a reporté (règle 9)."""
        commune = self.consultation.echeance
        return [ligne for ligne in self.lignes if ligne.saisine.echeance != commune and not ligne.saisine.is_sans_objet]

    @property
    def signes(self) -> list[Signe]:
        """Les actes signés, dans l'ordre."""
        return [Signe(ActeLu(acte), self._nommees(acte)) for acte in self.actes]

    def _nommees(self, acte: Acte) -> list[str]:
        """Les instances que l'acte vise, s'il ne les vise pas toutes."""
        visees = set(acte.effets.get("saisines") or ())
        saisines = [ligne.saisine for ligne in (*self.lignes, *self.anciens)]
        noms = dict.fromkeys(str(s.instance) for s in saisines if str(s.pk) in visees)
        return list(noms) if len(noms) < len({str(s.instance) for s in saisines}) else []

    @property
    def exprimes(self) -> list[LigneAnnexe]:
        """Les instances dont l'avis se lit."""
        return [ligne for ligne in self.lignes if ligne.is_exprime]

    @property
    def silences(self) -> list[LigneAnnexe]:
        """Les silences réputés favorables, chacun avec sa règle."""
        return [ligne for ligne in self.lignes if ligne.etat == Etat.REPUTE_FAVORABLE]

    @property
    def autres(self) -> list[LigneAnnexe]:
        """Sans avis ni silence qui vaille : en attente, non saisies, sans objet, réponse pas encore publiée."""
        return [ligne for ligne in self.lignes if not ligne.is_exprime and ligne.etat != Etat.REPUTE_FAVORABLE]


def composer(
    consultation: Consultation, saisines: Sequence[Saisine], avis: Mapping[UUID, Avis], dernier_acte: Entree | None,
    *, actes: Sequence[Acte] = (), contributions: Sequence[Contribution] = (), etapes: Sequence[Etape] = (),
    points: Sequence[Point] = (), remplacees: Sequence[Saisine] = (),
) -> Annexe:  # fmt: skip
    """Range des saisines annotées par `queries.etats`, leurs avis en vigueur, ce qui est signé et reçu à côté.

    `remplacees` : les saisines d'une transmission remplacée ; l'avis qu'elles ont reçu reste à l'annexe (règle 1).
    Une contribution se lit comme l'avis de sa saisine : publiée à la clôture si la consultation le veut (règle 20).
    """
    lignes, anciens = _lignes(saisines, avis), _lignes(remplacees, avis)
    comptes = [(etat, n) for etat in Etat if (n := sum(ligne.etat == etat for ligne in lignes))]
    return Annexe(
        consultation,
        lignes,
        comptes,
        dernier_acte,
        is_provisoire=not any(a.type == TypeActe.PROCES_VERBAL for a in actes),
        contributions=contributions,
        rectificatifs=[a for a in actes if a.type == TypeActe.RECTIFICATIF],
        actes=actes,
        anciens=[ligne for ligne in anciens if ligne.is_exprime],
        jalons=jalons(consultation, etapes, actes),
        points=points,
    )


def _lignes(saisines: Sequence[Saisine], avis: Mapping[UUID, Avis]) -> list[LigneAnnexe]:
    return [_ligne(s, avis.get(s.avis_en_vigueur_id)) for s in saisines]  # type: ignore[attr-defined]


def _ligne(saisine: Saisine, avis: Avis | None) -> LigneAnnexe:
    observations = list(avis.observations.all()) if avis else []
    pieces = list(avis.pieces_liees.all()) if avis else []
    return LigneAnnexe(saisine, Etat(saisine.etat), avis, observations, pieces)  # type: ignore[attr-defined]

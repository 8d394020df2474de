"""Le circuit et le contenu légal, tels que tout le monde les lit : des objets entrent, des phrases sortent. Pur.

Ce qui manque est montré, jamais caché, et ne bloque rien (docs/domaine.md §1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from consultations import delais
from consultations.etats import EtapeCircuit, PointLegal, PresencePoint, TypeActe
from consultations.models import Acte, Consultation, ContenuLegal, Etape
from participation.common.dates import jour_a_paris, jour_long
from participation.rapports.models import Section

TEXTES = "Code général des collectivités territoriales, article L. 1111-2 ; décret n° 2015-1118."
RECOURS = "Recours possible jusqu’au {jour} (code de justice administrative, article R. 421-1)."
PAS_INSCRITE = "Cette étape n’est pas inscrite."
LUS = {TypeActe.RETRANSMISSION: "Projet transmis de nouveau", TypeActe.PROCES_VERBAL: "Procès-verbal de clôture signé"}


@dataclass(frozen=True)
class Jalon:
    """Une étape de la procédure : sa date et ses textes ; sans date, elle manque ou elle est à venir."""

    nom: str
    jour: date | None
    precisions: tuple[str, ...] = ()
    is_a_venir: bool = False
    code: str = ""

    @property
    def is_absent(self) -> bool:
        """Vrai si l'étape aurait dû être inscrite."""
        return self.jour is None and not self.is_a_venir


def jalons(consultation: Consultation, etapes: Iterable[Etape], actes: Iterable[Acte] = ()) -> list[Jalon]:
    """Toute la procédure, dans l'ordre. `etapes` : celles en vigueur ; `actes` : les actes signés."""
    inscrites = {e.code: e for e in etapes}
    lus = [_jalon(code, inscrites.get(code), consultation) for code in EtapeCircuit]
    transmise = consultation.transmise_le
    lus.append(
        Jalon("Projet transmis", jour_a_paris(transmise), (TEXTES,))
        if transmise
        else Jalon("Projet transmis", None, (), True)
    )
    lus += [Jalon(LUS[TypeActe(a.type)], jour_a_paris(a.signe_le), _dits(a)) for a in actes if a.type in LUS]
    if consultation.approuve_le:
        lus.append(Jalon("Rapport approuvé", consultation.approuve_le))
    return lus


def _jalon(code: EtapeCircuit, etape: Etape | None, consultation: Consultation) -> Jalon:
    if etape is None and code == EtapeCircuit.ARRETEE:
        etape = _de_la_preparation(consultation)
    if etape is None:
        return Jalon(code.label, None, (PAS_INSCRITE,), code=code)
    return Jalon(code.label, etape.date, tuple(_precisions(etape)), code=code)


def _de_la_preparation(consultation: Consultation) -> Etape | None:
    """La délibération que cite la préparation, quand l'étape n'est pas inscrite à part."""
    if consultation.arrete_le is None:
        return None
    return Etape(
        consultation=consultation,
        code=EtapeCircuit.ARRETEE,
        date=consultation.arrete_le,
        reference=consultation.deliberation,
        sous_prefecture_le=consultation.publie_le,
        publie_le=consultation.publie_le,
    )


def _precisions(etape: Etape) -> list[str]:
    if etape.code != EtapeCircuit.ARRETEE:
        return [f"{d}." for d in (etape.reference, f"Avis : {etape.avis.rstrip('.')}" if etape.avis else "") if d]
    lignes = [f"Délibération n° {etape.reference}." if etape.reference else "Numéro de délibération non renseigné."]
    lignes.append(_formalite("Reçue en sous-préfecture", etape.sous_prefecture_le))
    lignes.append(_formalite("Publiée", etape.publie_le))
    if fin := delais.fin_de_recours(etape.sous_prefecture_le, etape.publie_le):
        lignes.append(RECOURS.format(jour=jour_long(fin)))
    return lignes


def _formalite(nom: str, jour: date | None) -> str:
    return f"{nom} le {jour_long(jour)}." if jour else f"{nom} : date non renseignée."


def _dits(acte: Acte) -> tuple[str, ...]:
    dernier = acte.effets.get("echeance")
    suite = f" Dernier jour : {jour_long(date.fromisoformat(dernier))}." if dernier else ""
    return (f"Acte n° {acte.n}.{suite}",)


@dataclass(frozen=True)
class Point:
    """Un point que la loi demande au rapport : où il est, ou pourquoi il n'y est pas."""

    code: str
    nom: str
    presence: str
    section: Section | None
    explication: str

    @property
    def is_present(self) -> bool:
        """Vrai si le rapport contient ce point."""
        return self.presence == PresencePoint.PRESENT

    @property
    def is_absent(self) -> bool:
        """Vrai si l'agent a dit que le rapport ne le contient pas."""
        return self.presence == PresencePoint.ABSENT

    @property
    def mot(self) -> str:
        """« Présent », « Absent » ou « Non renseigné »."""
        return PresencePoint(self.presence).label if self.presence else "Non renseigné"


def points(contenus: Iterable[ContenuLegal], sections: Iterable[Section]) -> list[Point]:
    """Les six points, dans l'ordre ; celui que personne n'a renseigné y est aussi."""
    dits, parties = {c.code: c for c in contenus}, {s.ancre: s for s in sections}
    return [_point(code, dits.get(code), parties) for code in PointLegal]


def _point(code: PointLegal, dit: ContenuLegal | None, parties: dict[str, Section]) -> Point:
    if dit is None:
        return Point(code, code.label, "", None, "")
    return Point(code, code.label, dit.presence, parties.get(dit.ancre), dit.explication)


def manques(lus: Sequence[Jalon], contenu: Sequence[Point]) -> list[str]:
    """Ce qui manque avant de signer, en peu de phrases (règle 22)."""
    phrases = []
    if absentes := [j.nom.lower() for j in lus if j.is_absent]:
        phrases.append(f"Étapes pas inscrites : {', '.join(absentes)}.")
    phrases += [p for j in lus for p in j.precisions if "non renseigné" in p]
    if absents := [p.nom.lower() for p in contenu if p.is_absent]:
        phrases.append(f"Absents du rapport : {', '.join(absents)}.")
    if inconnus := [p.nom.lower() for p in contenu if not p.presence]:
        tous = len(inconnus) == len(contenu)
        phrases.append(
            "Contenu légal du rapport non renseigné." if tous else f"Non renseignés : {', '.join(inconnus)}."
        )
    return phrases

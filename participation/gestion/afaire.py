"""Ce que le bureau met en tête : « À faire aujourd'hui », et ce qui arrivera sans rien faire. Pur : aucune requête."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from consultations import delais
from consultations.etats import ATTENDUS, EXPRIMES, Etat
from consultations.models import ActePrepare, Consultation, DemandeDeTemps, RetourCourriel
from participation.common.dates import jour_a_paris, jour_long
from participation.gestion.queries import Ligne
from participation.gestion.remise import is_precoce, report_pour, tardive

PROCHE = timedelta(days=15)


@dataclass(frozen=True)
class Tache:
    """Une chose à faire : une icône, un titre, un détail, et le geste qui y mène."""

    icone: str
    titre: str
    detail: str
    adresse: str
    geste: str
    is_alerte: bool = False


@dataclass(frozen=True)
class Bilan:
    """Les nombres du jour d'une consultation."""

    saisies: int
    reponses: int
    attente: int
    sans_remise: int
    silences: int

    @property
    def part(self) -> int | None:
        """La part des instances saisies qui ont vraiment parlé, en % entiers ; None si aucune n'est attendue."""
        return round(100 * self.reponses / self.saisies) if self.saisies else None


def bilan(lignes: Sequence[Ligne]) -> Bilan:
    """Compte des lignes déjà lues ; comme sur la page publique, seules les instances saisies sont attendues."""
    etats = [ligne.etat for ligne in lignes if ligne.etat != Etat.SANS_OBJET]
    return Bilan(
        saisies=sum(e in ATTENDUS for e in etats),
        reponses=sum(e in EXPRIMES for e in etats),
        attente=etats.count(Etat.EN_ATTENTE),
        sans_remise=etats.count(Etat.NON_SAISIE),
        silences=etats.count(Etat.REPUTE_FAVORABLE),
    )


def taches(
    consultations: Sequence[Consultation], lignes: Sequence[Ligne], now: datetime, *, prepares: Collection[UUID] = ()
) -> list[Tache]:
    """Les alertes d'abord, puis ce qui approche, puis ce qui se prépare. `prepares` : déjà dans la pile à signer."""
    par_consultation = {c.pk: [li for li in lignes if li.saisine.consultation_id == c.pk] for c in consultations}
    ouvertes = [c for c in consultations if vars(c)["is_ouverte"]]
    sans_remise = [t for c in ouvertes if (t := _sans_remise(c, par_consultation[c.pk]))]
    tardives = [_tardive(li, now) for c in ouvertes for li in par_consultation[c.pk] if _is_tardive(li, now)]
    proches = [t for c in ouvertes if (t := _proche(c, par_consultation[c.pk], now))]
    preparations = [_preparation(c) for c in consultations if c.transmise_le is None and c.pk not in prepares]
    return sans_remise + tardives + proches + preparations


def _sans_remise(consultation: Consultation, lignes: Sequence[Ligne]) -> Tache | None:
    muettes = [li for li in lignes if li.has_alerte_de_remise]
    if not muettes:
        return None
    n = len(muettes)
    noms = ", ".join(str(li.saisine.instance) for li in muettes[:3]) + (" et d'autres" if n > 3 else "")
    if n == 1:
        detail = f"Sans preuve, son silence ne vaudra pas accord. {consultation}."
        return Tache(
            "mail-x", f"{noms} : aucune preuve de remise", detail, _remise(muettes[0]), "Saisir la preuve", True
        )
    detail = f"{noms}. Sans preuve, leur silence ne vaudra pas accord. {consultation}."
    adresse = f"{_fiche(consultation)}?voir=sans-remise"
    return Tache("mail-x", f"{n} instances sans preuve de remise", detail, adresse, "Voir les saisines", True)


def _proche(consultation: Consultation, lignes: Sequence[Ligne], now: datetime) -> Tache | None:
    bornes = [li.saisine.borne for li in lignes if li.etat == Etat.EN_ATTENTE and now < li.saisine.borne]
    if not bornes or min(bornes) - now > PROCHE:
        return None
    premiere = min((li for li in lignes if li.saisine.borne == min(bornes)), key=lambda li: li.saisine.borne)
    n = len(bornes)
    attend = f"{n} instances n'ont pas répondu" if n > 1 else "Une instance n'a pas répondu"
    return Tache(
        "hourglass",
        f"Dernier jour : {jour_long(premiere.saisine.echeance)}",
        f"{attend}. {consultation}.",
        f"{_fiche(consultation)}?voir=a-suivre",
        "Voir lesquelles" if n > 1 else "Voir laquelle",
    )


def _preparation(consultation: Consultation) -> Tache:
    phrase = "Pas encore envoyée à la signature : rien ne court."
    return Tache("file-pen-line", f"En préparation : {consultation}", phrase, _fiche(consultation), "Continuer")


def taches_des_actes(actes: Sequence[ActePrepare], *, is_signataire: bool) -> list[Tache]:
    """Les actes en attente : à signer pour qui signe, à suivre pour les autres (règle 22)."""
    geste = "Relire et signer" if is_signataire else "Relire"
    phrase = "Cet acte attend votre signature." if is_signataire else "Cet acte attend une signature."
    return [
        Tache(
            "pen-line",
            f"À signer : {a.get_type_display().lower()}, {a.consultation}",
            phrase,
            reverse("gestion:acte", args=[a.pk]),
            geste,
        )
        for a in actes
    ]


def _is_tardive(ligne: Ligne, now: datetime) -> bool:
    return ligne.etat == Etat.EN_ATTENTE and tardive(ligne.saisine, ligne.remis_le, now) is not None


def _tardive(ligne: Ligne, now: datetime) -> Tache:
    """Réception prouvée à moins d'un mois de l'échéance : un report individuel est proposé (règle 6)."""
    saisine, dit = ligne.saisine, "Moins d'un mois avant son échéance"
    recu = jour_long(jour_a_paris(ligne.remis_le)) if ligne.remis_le else ""
    detail = f"{dit} : {jour_long(saisine.echeance)}. {saisine.consultation}."
    return Tache("clock-alert", f"{saisine.instance} : reçu le {recu}", detail, report_pour(saisine), "Reporter", True)


def retour(retour: RetourCourriel) -> Tache:
    """Un courriel de transmission est revenu : une autre preuve, ou un constat, avant le procès-verbal (règle 6)."""
    saisine = retour.saisine
    titre = f"{saisine.instance} : courriel revenu le {jour_long(jour_a_paris(retour.retourne_le))}"
    if is_precoce(retour):
        detail = f"Il ne prouve plus rien. Sans autre preuve, le silence ne vaudra rien. {saisine.consultation}."
        return Tache("mail-x", titre, detail, reverse("gestion:remise", args=[saisine.pk]), "Saisir une preuve", True)
    detail = f"Constatez ce que vaut la remise, avant le procès-verbal. {saisine.consultation}."
    return Tache("mail-x", titre, detail, reverse("gestion:retour_constater", args=[retour.pk]), "Constater", True)


def cloture(consultation: Consultation, now: datetime, *, can_preparer: bool) -> Tache:
    """Tous les délais sont clos : vérifier le courrier, puis préparer le procès-verbal (règle 3 bis)."""
    rappel = delais.rappel_du_proces_verbal(vars(consultation)["derniere_borne"])
    is_tard = delais.jour_de(now) >= rappel
    detail = f"Vérifiez le courrier, puis préparez-le. Avant le {jour_long(rappel)}."
    if is_tard:
        detail = "Plus de cinq jours ouvrés ont passé. Les personnes signataires sont rappelées."
    titre = f"Procès-verbal de clôture à signer : {consultation}"
    if not can_preparer:
        return Tache("stamp", titre, detail, _fiche(consultation), "Voir", is_tard)
    adresse = reverse("gestion:acte_preparer", args=[consultation.slug, "cloture"])
    return Tache("stamp", titre, detail, adresse, "Préparer", is_tard)


def demande(demande: DemandeDeTemps) -> Tache:
    """Une instance demande plus de temps : le report est prérempli (règle 9)."""
    saisine = demande.saisine
    adresse = reverse("gestion:acte_preparer", args=[saisine.consultation.slug, "report"])
    detail = f"Échéance : {jour_long(saisine.echeance)}. {saisine.consultation}."
    return Tache("clock-alert", demande.phrase.rstrip("."), detail, f"{adresse}?demande={demande.pk}", "Préparer", True)


def _fiche(consultation: Consultation) -> str:
    return reverse("gestion:consultation", args=[consultation.slug])


def _remise(ligne: Ligne) -> str:
    return reverse("gestion:remise", args=[ligne.saisine.pk])

"""Le rapport 2024 à ses vraies dates : arrêté le 24 juin 2025, transmis le 30, réponses jusqu'au 30 octobre.

Les jours du circuit viennent de `donnees/territoire.json` (`procedure_2024`). Ce qui suit l'échéance est inventé : la
source ne dit pas comment le courrier fut vérifié.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from consultations.actions.contenu import renseigner_contenu
from consultations.actions.remise import accuser_reception, inscrire_remise
from consultations.etats import EtapeCircuit, PointLegal, PresencePoint, TypeActe
from consultations.models import Consultation
from consultations.saisies import SaisieConsultation, SaisieEtape, SaisiePoint
from participation.common.dates import PARIS
from participation.demo.actes import Acte
from participation.demo.monde import avis
from participation.demo.monde.outils import (
    Reponse,
    consulter,
    importer_version,
    inscrire,
    mandat_de,
    recopier,
    repondre,
    saisine_de,
    signer,
    tenu_par,
    version_de,
)

SLUG = "rapport-2024"
FICHIER = "rapport-2024.md"
ARRETE_LE = date(2025, 6, 24)
PUBLIE_LE = date(2025, 6, 27)
ECHEANCE = date(2025, 10, 30)
COMMISSION = "Commission « Cohésion sociale »"
AVIS_DE_LA_COMMISSION = "son sens n’est pas dans nos sources"
CONTENU: dict[str, SaisiePoint] = {
    PointLegal.ORIENTATIONS: SaisiePoint(PresencePoint.PRESENT, "1-3"),
    PointLegal.ACTIONS: SaisiePoint(PresencePoint.PRESENT, "2"),
    PointLegal.PERSPECTIVES: SaisiePoint(PresencePoint.PRESENT, "7"),
    PointLegal.RENOVATION_URBAINE: SaisiePoint(PresencePoint.PRESENT, "5"),
    PointLegal.DONNEES_PAR_SEXE: SaisiePoint(
        PresencePoint.ABSENT, explication="Le rapport ne donne aucun chiffre par sexe (démonstration)."
    ),
}
"""Lu dans le texte même. L'évolution des quartiers y est trop mêlée au reste : l'agente la laisse sans réponse."""


def le(mois: int, jour: int, heure: int, minute: int = 0) -> datetime:
    """Un instant de 2025, heure de Paris."""
    return datetime(2025, mois, jour, heure, minute, tzinfo=PARIS)


def actes(origine: datetime) -> list[Acte]:
    """Du projet remis à la commission au procès-verbal de clôture."""
    return [*_circuit(), *_reponses(), *_cloture()]


def _circuit() -> list[Acte]:
    """Les jours sont vrais ; le sens de l'avis de la commission et le visa ne sont pas dans les sources."""
    commission = SaisieEtape(date=date(2025, 6, 16), reference=COMMISSION, avis=AVIS_DE_LA_COMMISSION)
    arretee = SaisieEtape(date=ARRETE_LE)
    publiee = SaisieEtape(date=ARRETE_LE, sous_prefecture_le=PUBLIE_LE, publie_le=PUBLIE_LE)
    return [
        Acte(le(6, 16, 8, 30), f"{SLUG}-import", preparer_le_texte, "Une agente importe le projet de rapport."),
        Acte(le(6, 16, 8, 40), f"{SLUG}-preparation", preparer, "Elle prépare la consultation de 18 instances."),
        Acte(le(6, 16, 8, 50), f"{SLUG}-contenu", dire_le_contenu, "Elle dit où est ce que la loi demande."),
        Acte(
            le(6, 16, 9), f"{SLUG}-commission", partial(inscrire, SLUG, EtapeCircuit.COMMISSION, commission),
            "Elle inscrit l’avis de la commission « Cohésion sociale ».",
        ),
        Acte(
            le(6, 24, 20, 30), f"{SLUG}-arret", partial(inscrire, SLUG, EtapeCircuit.ARRETEE, arretee),
            "La délibération du conseil communautaire arrête le projet.",
        ),
        Acte(
            le(6, 27, 15), f"{SLUG}-publication", partial(inscrire, SLUG, EtapeCircuit.ARRETEE, publiee),
            "La délibération est reçue en sous-préfecture et publiée.",
        ),
        Acte(
            le(6, 30, 10), f"{SLUG}-transmission", partial(signer, SLUG),
            "La signataire signe la transmission. Le texte est figé, les courriels partent.",
        ),
    ]  # fmt: skip


def _reponses() -> list[Acte]:
    return [
        Acte(
            le(7, 2, 18, 12), f"{SLUG}-recu", partial(jai_recu, SLUG),
            "Le conseil citoyen de démonstration 2 dit « J’ai bien reçu ».",
        ),
        Acte(
            le(7, 4, 10, 30), f"{SLUG}-recepisse", partial(recepisse, SLUG, le(7, 3, 14)),
            "Une agente saisit le récépissé de la commune de démonstration 5, qui n’a pas de courriel.",
        ),
        *(_avis(*ligne) for ligne in CALENDRIER),
    ]  # fmt: skip


def _cloture() -> list[Acte]:
    a_temps = partial(recopier, SLUG, avis.commune_2(date(2025, 10, 28)), A_L_ACCUEIL)
    en_retard = partial(recopier, SLUG, avis.conseil_5_en_retard(date(2025, 10, 29)), le(11, 3, 9, 10))
    return [
        Acte(
            le(11, 3, 10, 20), f"{SLUG}-commune_2-papier", a_temps,
            "Une agente saisit l’avis de la commune de démonstration 2 : reçu sur papier le 30 octobre à "
            "16\u00a0h\u00a020, il remplace son silence.",
        ),
        Acte(
            le(11, 3, 10, 40), f"{SLUG}-conseil_5-retard", en_retard,
            "Elle saisit l’avis du conseil citoyen de démonstration 5 : reçu hors délai, il est joint sans effet.",
        ),
        Acte(
            le(11, 5, 10), f"{SLUG}-proces-verbal", partial(signer, SLUG, type=TypeActe.PROCES_VERBAL),
            "La signataire signe le procès-verbal de clôture. Chaque instance reçoit le résultat.",
        ),
    ]  # fmt: skip


Ecrire = Callable[[date], Reponse]
A_L_ACCUEIL = le(10, 30, 16, 20)
CALENDRIER: tuple[tuple[datetime, Ecrire, date, str], ...] = (
    (le(9, 12, 19, 40), avis.conseil_1, date(2025, 9, 11), "Le conseil citoyen de démonstration 1 dépose son avis."),
    (le(9, 18, 11, 5), avis.commune_1, date(2025, 9, 16), "La commune de démonstration 1 dépose son avis."),
    (le(9, 30, 20, 15), avis.conseil_3, date(2025, 9, 30), "Le conseil citoyen de démonstration 3 dépose son avis."),
    (le(10, 2, 16, 45), avis.commune_3, date(2025, 9, 30), "La commune de démonstration 3 dépose son avis."),
    (le(10, 9, 14, 10), avis.commune_4, date(2025, 10, 7), "La commune de démonstration 4 dépose son avis."),
    (
        le(10, 13, 16, 22), avis.conseil_3_bis, date(2025, 10, 12),
        "Le conseil citoyen de démonstration 3 remplace son avis par une version 2.",
    ),
    (le(10, 14, 21, 3), avis.conseil_2, date(2025, 10, 14), "Le conseil citoyen de démonstration 2 dépose son avis."),
)  # fmt: skip


def _avis(instant: datetime, ecrire: Ecrire, seance: date, phrase: str) -> Acte:
    return Acte(instant, f"{SLUG}-{ecrire.__name__}", partial(repondre, SLUG, ecrire(seance)), phrase)


def preparer_le_texte(now: datetime) -> None:
    """Le rapport que la délibération du 24 juin 2025 arrêtera, importé tel quel, anomalies comprises."""
    importer_version(FICHIER, annee=2024, is_fictif=False, now=now)


def preparer(now: datetime) -> None:
    """La consultation, avec l'échéance que la délibération fixera ; ses dates viennent du circuit."""
    saisie = SaisieConsultation(
        titre="Rapport 2024 sur la politique de la ville",
        slug=SLUG,
        echeance=ECHEANCE,
        is_demonstration=True,
    )
    consulter(saisie, version_de(annee=2024, is_fictif=False), now)


def dire_le_contenu(now: datetime) -> None:
    """La liste de contrôle, avant la transmission : ce qui manque est montré."""
    consultation = Consultation.objects.get(slug=SLUG)
    renseigner_contenu(consultation=consultation, points=CONTENU, par=tenu_par("agent"), now=now)


def jai_recu(slug: str, now: datetime) -> None:
    """« J'ai bien reçu », par un conseil de démonstration."""
    saisine = saisine_de(slug, "conseil-citoyen-de-demonstration-2")
    accuser_reception(saisine=saisine, par=mandat_de(saisine, now), now=now)


def recepisse(slug: str, remis_le: datetime, now: datetime) -> None:
    """Une commune sans courriel : l'agent saisit le récépissé signé."""
    inscrire_remise(
        saisine=saisine_de(slug, "commune-de-demonstration-5"),
        moyen="RECEPISSE",
        remis_le=remis_le,
        note="Récépissé signé à l'accueil, gardé par l'équipe (démonstration).",
        piece=None,
        par=tenu_par("agent"),
        now=now,
    )

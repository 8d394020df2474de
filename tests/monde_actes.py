"""Une consultation où tout est arrivé, jouée par les actions, de la transmission au procès-verbal.

Une commune reçoit le projet par courriel, obtient un report, se tait ; son silence est inscrit ; son avis, remis sur
papier le dernier jour, est saisi quatre jours après et complété. Un conseil se tait, puis écrit trop tard. Un
rectificatif vise tout le monde. Rien n'est tiré au sort, hors sels et identifiants.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from consultations.actions.actes import preparer_acte, signer_acte
from consultations.actions.reception import AvisRecu, completer_avis, inscrire_avis_recu
from consultations.actions.remise import constater_remises, inscrire_remise
from consultations.actions.silence import acter_silences
from consultations.etats import Nature, Sens, TypeActe
from consultations.models import Acte, Avis, Consultation, Contribution, Saisine
from consultations.saisies import SaisieObservation, SaisieSeance
from participation.common.dates import PARIS
from participation.comptes.models import Utilisateur
from participation.notifications.actions import vider_la_boite
from participation.registre.queries import tete
from tests import fabriques

TRANSMISE_LE = datetime(2025, 6, 30, 16, 0, tzinfo=PARIS)
REPORT = date(2025, 11, 14)
PAPIER_LE = datetime(2025, 11, 14, 16, 20, tzinfo=PARIS)
SAISI_LE = datetime(2025, 11, 18, 10, 0, tzinfo=PARIS)
CLOS_LE = datetime(2025, 11, 20, 9, 0, tzinfo=PARIS)
ADRESSE = "commune@exemple.invalid"
AGENT, SIGNATAIRE = "Agente de l'accueil", "Élu signataire"


@dataclass
class MondeActes:
    """Ce qui a été joué."""

    consultation: Consultation
    commune: Saisine
    conseil: Saisine
    agent: Utilisateur
    signataire: Utilisateur
    avis: Avis
    contribution: Contribution

    def signer(self, type: str, now: datetime, **options: Any) -> Acte:
        """Prépare et signe un acte de cette consultation."""
        motif = options.pop("motif", "Une réunion de plus.")
        prepare = preparer_acte(
            consultation=self.consultation, type=type, parametres=options.pop("parametres", {}), par=self.agent,
            now=now, motif=motif, **options,
        )  # fmt: skip
        return signer_acte(prepare=prepare, par=self.signataire, now=now)


def batir(*, clos: bool = True) -> MondeActes:
    """Joue tout. `clos` : le procès-verbal est signé."""
    fabriques.epci(courriel_contact="contact@exemple.invalid", service="Service politique de la ville")
    agent, signataire = fabriques.agent(nom_usage=AGENT), fabriques.signataire(nom_usage=SIGNATAIRE)
    commune = fabriques.conseil_municipal(nom="Commune du récit", courriel=ADRESSE)
    conseil = fabriques.instance(nom="Conseil du récit")
    version = fabriques.version(titre="Rapport du récit", preambule="Avant-propos.")
    fabriques.image(version, alt="Une carte")
    de = fabriques.consultation(
        transmise=False, version=version, instances=[commune, conseil], titre="Le récit", slug="le-recit",
        arrete_le=date(2025, 6, 24), publie_le=date(2025, 6, 27), deliberation="2025-57",
    )  # fmt: skip
    monde = MondeActes(de, *[None] * 2, agent, signataire, *[None] * 2)  # type: ignore[arg-type]
    monde.signer(TypeActe.TRANSMISSION, TRANSMISE_LE, motif="")
    de.refresh_from_db()
    monde.commune = de.saisines.get(instance=commune)
    monde.conseil = de.saisines.get(instance=conseil)
    _remettre(monde)
    _reporter_et_rectifier(monde)
    _repondre(monde)
    if clos:
        monde.signer(TypeActe.PROCES_VERBAL, CLOS_LE, motif="")
    vider_la_boite(now=CLOS_LE)
    for saisine in (monde.commune, monde.conseil):
        saisine.refresh_from_db()
    assert tete() is not None
    return monde


def _remettre(monde: MondeActes) -> None:
    """Le courriel est accepté et rien ne revient ; le conseil signe un récépissé."""
    vider_la_boite(now=TRANSMISE_LE)
    constater_remises(now=TRANSMISE_LE + timedelta(days=4))
    inscrire_remise(
        saisine=monde.conseil, moyen="RECEPISSE", remis_le=TRANSMISE_LE + timedelta(days=1), par=monde.agent,
        note="Signé par la gardienne de la maison du projet.",
        piece=fabriques.piece(octets=b"%PDF-1.4 recepisse", nom="récépissé signé.pdf"),
        now=TRANSMISE_LE + timedelta(days=2),
    )  # fmt: skip


def _reporter_et_rectifier(monde: MondeActes) -> None:
    quand = datetime(2025, 10, 1, 9, 0, tzinfo=PARIS)
    vises = {"saisines": [str(monde.commune.pk)], "echeance": REPORT.isoformat()}
    monde.signer(TypeActe.REPORT, quand, parametres=vises, fondement="Délibération n° 2025-57, article 4")
    texte = {"texte": "Lire « aménagement ».", "section": ""}
    monde.signer(TypeActe.RECTIFICATIF, quand + timedelta(days=1), parametres=texte, motif="Une coquille.")
    for saisine in (monde.commune, monde.conseil):
        saisine.refresh_from_db()


def _repondre(monde: MondeActes) -> None:
    """Deux silences inscrits ; l'un est remplacé par le papier reçu à temps, l'autre reste malgré la lettre tardive."""
    acter_silences(now=datetime(2025, 11, 15, 0, 5, tzinfo=PARIS))
    papier = AvisRecu(
        sens=Sens.FAVORABLE_RESERVES, texte="D'accord, à condition que le bus passe.", canal=Avis.Canal.ACCUEIL,
        recu_le=PAPIER_LE, motif="Papier remis à l'accueil le dernier jour.",
        observations=(SaisieObservation("1", Nature.QUESTION, "31 ou 32 projets ?"),),
        seance=SaisieSeance(date(2025, 11, 12), 20, 3, 1),
    )  # fmt: skip
    monde.avis = _saisir(monde, monde.commune, papier, "papier.pdf", UUID(int=1))
    completer_avis(
        avis=monde.avis, deliberation="2025-112", prefecture_le=date(2025, 11, 17), par=monde.agent,
        piece=fabriques.piece(octets=b"%PDF-1.4 deliberation signee", nom="délibération.pdf"),
        now=SAISI_LE + timedelta(hours=1),
    )  # fmt: skip
    lettre = AvisRecu(
        sens=Sens.DEFAVORABLE, texte="Trop tard, mais non.", canal=Avis.Canal.COURRIER,
        recu_le=datetime(2025, 11, 3, 9, 0, tzinfo=PARIS), motif="Pli arrivé après l'échéance.",
    )  # fmt: skip
    monde.contribution = _saisir(monde, monde.conseil, lettre, "lettre.pdf", UUID(int=2))


def _saisir(monde: MondeActes, saisine: Saisine, recu: AvisRecu, nom: str, cle: UUID) -> Any:
    return inscrire_avis_recu(
        saisine=saisine, recu=recu, piece=fabriques.piece(octets=f"%PDF-1.4 {nom}".encode(), nom=nom), remplace=None,
        cle=cle, par=monde.agent, now=SAISI_LE,
    )  # fmt: skip

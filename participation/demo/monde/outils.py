"""Ce que les actes partagent : retrouver une personne, importer un texte, consulter, répondre. Par les actions."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile

from consultations.actions.actes import preparer_acte, signer_acte
from consultations.actions.circuit import inscrire_etape
from consultations.actions.depot import deposer_avis
from consultations.actions.preparation import creer_consultation
from consultations.actions.projet import enregistrer_projet
from consultations.actions.reception import AvisRecu, inscrire_avis_recu
from consultations.etats import TypeActe
from consultations.models import Avis, Consultation, ProjetAvis, Saisine
from consultations.queries import avis_en_vigueur
from consultations.saisies import SaisieConsultation, SaisieEtape, SaisieObservation, SaisieProjet, SaisieSeance
from participation.comptes.models import Mandat, Utilisateur
from participation.demo.models import Personnage
from participation.pieces.actions import pieces_ou_rien
from participation.rapports.actions.importation import importer
from participation.rapports.models import Version
from participation.territoires.models import Instance

DONNEES = Path(__file__).resolve().parents[1] / "donnees"
PAPIER = "papier-recu.pdf"
MOTIF = "Reçu sur papier à l'accueil, daté par un tampon (démonstration)."


@dataclass(frozen=True)
class Reponse:
    """Un avis inventé d'une instance de démonstration. `vote` : pour, contre, abstention."""

    instance: str
    sens: str
    texte: str
    observations: tuple[tuple[str, str, str], ...] = ()
    vote: tuple[int, int, int] | None = None
    seance: date | None = None


def tenu_par(role: str) -> Utilisateur:
    """La personne de ce rôle."""
    return Personnage.objects.select_related("utilisateur").get(role=role).utilisateur


def importer_version(fichier: str, *, annee: int, is_fictif: bool, now: datetime) -> None:
    """Importe ce texte comme le fait l'agent, par le même chemin qu'un fichier choisi à l'écran."""
    importer(
        nom=fichier,
        octets=(DONNEES / fichier).read_bytes(),
        annee=annee,
        is_fictif=is_fictif,
        par=tenu_par("agent"),
        now=now,
    )


def version_de(*, annee: int, is_fictif: bool) -> Version:
    """La dernière version importée de ce rapport."""
    return Version.objects.filter(rapport__annee=annee, rapport__is_fictif=is_fictif).latest("numero")


def consulter(
    saisie: SaisieConsultation, version: Version, now: datetime, *, fictives_seules: bool = False
) -> Consultation:
    """Prépare une consultation qui saisit toutes les instances, ou les seules instances inventées."""
    instances = Instance.objects.filter(is_partenaire=False)
    if fictives_seules:
        instances = instances.filter(is_fictif=True)
    return creer_consultation(saisie=saisie, version=version, instances=instances, par=tenu_par("agent"), now=now)


def inscrire(slug: str, etape: str, saisie: SaisieEtape, now: datetime) -> None:
    """Un agent inscrit une étape du circuit, ou complète celle qui y est."""
    consultation = Consultation.objects.get(slug=slug)
    ancienne = consultation.etapes.en_vigueur().filter(code=etape).first()
    inscrire_etape(
        consultation=consultation, etape=etape, saisie=saisie, remplace=ancienne.pk if ancienne else None,
        par=tenu_par("agent"), now=now,
    )  # fmt: skip


def signer(slug: str, now: datetime, *, type: TypeActe = TypeActe.TRANSMISSION) -> None:
    """Un agent prépare un acte, la transmission si rien n'est dit ; la personne signataire le signe (règle 22)."""
    consultation = Consultation.objects.get(slug=slug)
    prepare = preparer_acte(consultation=consultation, type=type, parametres={}, par=tenu_par("agent"), now=now)
    signer_acte(prepare=prepare, par=tenu_par("signataire"), now=now)


def saisine_de(consultation: str, instance: str) -> Saisine:
    """La saisine en vigueur de cette instance."""
    return (
        Saisine.objects.en_vigueur()
        .select_related("instance", "consultation", "version__rapport")
        .get(consultation__slug=consultation, instance__slug=instance)
    )


def mandat_de(saisine: Saisine, now: datetime) -> Utilisateur:
    """La personne qui parle pour cette instance de démonstration."""
    mandats = Mandat.objects.en_cours(now).filter(instance=saisine.instance, instance__is_fictif=True)
    return mandats.select_related("utilisateur").earliest("du").utilisateur


def repondre(consultation: str, reponse: Reponse, now: datetime) -> None:
    """Écrit le projet d'avis, puis le dépose, comme le ferait une personne mandatée."""
    saisine = saisine_de(consultation, reponse.instance)
    par = mandat_de(saisine, now)
    projet = ProjetAvis.objects.filter(saisine=saisine).first()
    projet = enregistrer_projet(saisine=saisine, saisie=_saisie(reponse), v=projet.v if projet else 0, par=par, now=now)
    ancien = avis_en_vigueur(saisine)
    deposer_avis(
        saisine=saisine,
        cle=uuid5(NAMESPACE_URL, f"demonstration:{saisine.pk}:{projet.v}"),
        projet_v=projet.v,
        remplace=ancien.pk if ancien else None,
        par=par,
        recu_le=now,
        now=now,
    )


def recopier(consultation: str, reponse: Reponse, recu_le: datetime, now: datetime) -> None:
    """Un agent recopie ce qui est arrivé sur papier à l'accueil, avec sa preuve (règle 11)."""
    saisine = saisine_de(consultation, reponse.instance)
    par, octets = tenu_par("agent"), (DONNEES / PAPIER).read_bytes()
    recu = AvisRecu(
        sens=reponse.sens, texte=reponse.texte, canal=Avis.Canal.ACCUEIL, recu_le=recu_le, motif=MOTIF,
        observations=_observations(reponse), seance=_seance(reponse) or SaisieSeance(),
    )  # fmt: skip
    fichier = SimpleUploadedFile(PAPIER, octets, content_type="application/pdf")
    with pieces_ou_rien([fichier], par=par, now=now) as pieces:
        inscrire_avis_recu(
            saisine=saisine, recu=recu, piece=pieces[0], remplace=None,
            cle=uuid5(NAMESPACE_URL, f"demonstration:{saisine.pk}:papier"), par=par, now=now,
        )  # fmt: skip


def _saisie(reponse: Reponse) -> SaisieProjet:
    return SaisieProjet(
        sens=reponse.sens, texte=reponse.texte, observations=_observations(reponse), seance=_seance(reponse)
    )


def _observations(reponse: Reponse) -> tuple[SaisieObservation, ...]:
    return tuple(SaisieObservation(*o) for o in reponse.observations)


def _seance(reponse: Reponse) -> SaisieSeance | None:
    if not (reponse.seance or reponse.vote):
        return None
    pour, contre, abstention = reponse.vote or (None, None, None)
    return SaisieSeance(reponse.seance, pour, contre, abstention)

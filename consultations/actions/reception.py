"""Ce qui arrive autrement : compte la réception par l'agglomération, non la saisie (règles 11, 15, 16)."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from consultations import rules
from consultations.empreintes import numero_d_avis, sceller
from consultations.etats import Nature, Sens, TypeContribution
from consultations.models import Avis, Complement, Contribution, Observation, PieceAvis, Saisine
from consultations.permissions import can_lire_projet, can_saisir_pour
from consultations.queries import avis_en_vigueur
from consultations.saisies import SaisieObservation, SaisieSeance
from participation.common.dates import jour_a_paris, jour_long
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.pieces.models import PieceJointe
from participation.rapports.models import Section
from participation.registre.actions import inscrire
from participation.territoires.models import Instance

CANAUX = {Avis.Canal.ACCUEIL, Avis.Canal.COURRIER, Avis.Canal.COURRIEL, Avis.Canal.ACTES}

PLUS_DUE = (
    "Cette instance est retirée : plus aucun avis n'est demandé. "
    "Pour garder ce papier, cochez « Lettre sans délibération »."
)


@dataclass(frozen=True)
class AvisRecu:
    """Un avis reçu sur papier, par courriel ou par @ctes, tel qu'un agent le recopie."""

    sens: str
    texte: str
    canal: str
    recu_le: datetime
    motif: str
    observations: tuple[SaisieObservation, ...] = ()
    seance: SaisieSeance = field(default_factory=SaisieSeance)
    is_courrier: bool = False


@transaction.atomic
def inscrire_avis_recu(
    *, saisine: Saisine, recu: AvisRecu, piece: PieceJointe | None, remplace: UUID | None, cle: UUID, par: Utilisateur,
    now: datetime,
) -> Avis | Contribution:  # fmt: skip
    """Reçu dans le délai : un avis, qui remplace le silence. Après, ou lettre sans délibération : une contribution.

    Rejouable : la même clé rend la même ligne. Lève RefusMetier : "interdit" sans la qualité d'agent, "forme" sans
    preuve ou motif, "conflit" si un avis exprimé a été déposé entre-temps, ou si l'instance ne doit plus d'avis ici.
    """
    _controler(saisine, recu, par, now)
    _exiger_une_saisine_due(Saisine.objects.get(pk=saisine.pk), recu)
    if piece is None:
        raise RefusMetier("forme", "Joignez la preuve : le document reçu, daté.")
    if deja := _deja(saisine, cle):
        return deja
    a_temps = rules.is_dans_les_temps(recu_le=recu.recu_le, transmise_le=saisine.transmise_le, borne=saisine.borne)
    if recu.is_courrier or not a_temps:
        return _contribuer(saisine, recu, piece, cle, par, now, is_tardif=not a_temps)
    try:
        with transaction.atomic():
            return _avis(saisine, recu, piece, _a_remplacer(saisine, remplace), cle, par, now)
    except IntegrityError as doublon:
        raise RefusMetier("conflit", "Un autre avis vient d'être inscrit. Relisez, puis recommencez.") from doublon


def _a_remplacer(saisine: Saisine, vu: UUID | None) -> Avis | None:
    ancien = avis_en_vigueur(saisine)
    if ancien is not None and not ancien.is_silence and ancien.pk != vu:
        phrase = "Cette instance a déjà répondu. Dites que cet avis remplace le sien."
        raise RefusMetier("conflit", phrase, en_vigueur=ancien)
    return ancien


def _controler(saisine: Saisine, recu: AvisRecu, par: Utilisateur, now: datetime) -> None:
    if not can_saisir_pour(par):
        raise RefusMetier("interdit", "Seul un agent saisit un avis reçu autrement.")
    if recu.canal not in CANAUX:
        raise RefusMetier("forme", "Dites par où c'est arrivé : accueil, courrier, courriel ou @ctes.")
    if not saisine.transmise_le <= recu.recu_le <= now:
        raise RefusMetier("forme", "La réception a lieu après la transmission, et pas dans le futur.")
    if len(recu.motif.strip()) < 10:
        raise RefusMetier("forme", "Dites pourquoi un agent le saisit, en une phrase.")
    if recu.sens not in Sens.values or recu.sens == Sens.REPUTE_FAVORABLE:
        raise RefusMetier("forme", "Choisissez une des cinq réponses.")
    is_commune = saisine.instance.type == Instance.Type.CONSEIL_MUNICIPAL and not recu.is_courrier
    seance = recu.seance
    if is_commune and None in (seance.date_seance, seance.pour, seance.contre, seance.abstention):
        raise RefusMetier("forme", "Indiquez la date du vote et les voix, ou cochez « lettre sans délibération ».")


def _exiger_une_saisine_due(saisine: Saisine, recu: AvisRecu) -> None:
    """Ce qui arrive après une nouvelle transmission y répond (règle 1) ; après un retrait, rien n'est dû (règle 22)."""
    if saisine.remplacee_le is not None and saisine.remplacee_le <= recu.recu_le:
        jour = jour_long(jour_a_paris(saisine.remplacee_le))
        phrase = f"Le projet a été transmis de nouveau le {jour}. Ce papier, arrivé depuis, se saisit sur la saisine "
        raise RefusMetier("conflit", f"{phrase}en vigueur.", is_remplacee=True)
    is_retiree = saisine.retiree_le is not None and saisine.retiree_le <= recu.recu_le < saisine.borne
    if is_retiree and not recu.is_courrier:
        raise RefusMetier("conflit", PLUS_DUE)


def _deja(saisine: Saisine, cle: UUID) -> Avis | Contribution | None:
    avis = Avis.objects.filter(saisine=saisine, cle=cle).first()
    return avis or Contribution.objects.filter(saisine=saisine, pk=cle).first()


def _contribuer(
    saisine: Saisine, recu: AvisRecu, piece: PieceJointe, cle: UUID, par: Utilisateur, now: datetime, *, is_tardif: bool
) -> Contribution:
    contribution = Contribution.objects.create(
        pk=cle,
        saisine=saisine,
        type=TypeContribution.TARDIF if is_tardif else TypeContribution.COURRIER,
        sens=recu.sens,
        texte=recu.texte.strip(),
        canal=recu.canal,
        recu_le=recu.recu_le,
        inscrit_le=now,
        motif=recu.motif.strip(),
        piece=piece,
        par=par,
    )
    dossier = saisine.consultation_id
    inscrire(acte="contribution_recue", objet=contribution, dossier=dossier, now=recu.recu_le, inscrit_le=now)
    return contribution


def _avis(
    saisine: Saisine,
    recu: AvisRecu,
    piece: PieceJointe,
    ancien: Avis | None,
    cle: UUID,
    par: Utilisateur,
    now: datetime,
) -> Avis:
    version = ancien.version + 1 if ancien else 1
    avis = Avis(
        saisine=saisine,
        remplace=ancien,
        cle=cle,
        numero=numero_d_avis(saisine, version),
        version=version,
        sens=recu.sens,
        texte=recu.texte.strip(),
        date_legale=recu.seance.date_seance or jour_a_paris(recu.recu_le),
        recu_le=recu.recu_le,
        inscrit_le=now,
        canal=recu.canal,
        motif_saisie=recu.motif.strip(),
        depose_par=par,
        **asdict(recu.seance),
    )
    _ecrire(avis, _observations(avis, recu), piece)
    inscrire(acte="avis_recu", objet=avis, dossier=saisine.consultation_id, now=recu.recu_le, inscrit_le=now)
    return avis


def _ecrire(avis: Avis, observations: list[Observation], piece: PieceJointe) -> None:
    avis.empreinte = sceller(avis, observations, [piece])
    avis.save(force_insert=True)
    Observation.objects.bulk_create(observations)
    PieceAvis.objects.create(avis=avis, piece=piece)


def _observations(avis: Avis, recu: AvisRecu) -> list[Observation]:
    sections = {s.ancre: s for s in Section.objects.filter(version=avis.saisine.version)}
    if any((o.section and o.section not in sections) or o.nature not in Nature.values for o in recu.observations):
        raise RefusMetier("forme", "Une demande cite une partie du rapport ou une nature inconnue.")
    return [
        Observation(avis=avis, ordre=n, section=sections.get(o.section), nature=o.nature, texte=o.texte.strip())
        for n, o in enumerate(recu.observations, start=1)
    ]


@transaction.atomic
def completer_avis(
    *,
    avis: Avis,
    deliberation: str,
    prefecture_le: date | None,
    piece: PieceJointe | None,
    par: Utilisateur,
    now: datetime,
) -> Complement:
    """Ajoute à l'avis son numéro, sa réception en préfecture, son document signé ; rien d'autre (règle 15)."""
    if not (can_saisir_pour(par) or can_lire_projet(par, avis.saisine, now)):
        raise RefusMetier("interdit", "Il faut un mandat dans cette commune, ou être agent.")
    if not (deliberation.strip() or prefecture_le or piece):
        raise RefusMetier("forme", "Donnez le numéro, la date ou le document.")
    complement = Complement.objects.create(
        avis=avis, deliberation=deliberation.strip(), prefecture_le=prefecture_le, piece=piece, inscrit_le=now, par=par
    )
    inscrire(acte="avis_complete", objet=complement, dossier=avis.saisine.consultation_id, now=now)
    return complement

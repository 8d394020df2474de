"""Déposer un avis : la requête ne porte qu'une clé et des versions ; compte l'instant où elle arrive (règle 4)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from consultations import rules
from consultations.actions.annonces import annoncer
from consultations.actions.remise import prouver
from consultations.completude import manques
from consultations.courriels import courriel_d_accuse
from consultations.empreintes import numero_d_avis, sceller
from consultations.models import Avis, Observation, PieceAvis, PreuveRemise, ProjetAvis, Ralliement, Saisine
from consultations.permissions import can_deposer_avis, can_lire_projet
from consultations.queries import avis_en_vigueur
from consultations.queries_pages import marque_du_projet
from consultations.queries_remise import preuves_valables
from consultations.reunion import COMPTES
from participation.common.dates import echeance_longue, jour_a_paris
from participation.common.errors import RefusMetier
from participation.comptes.models import Mandat, Utilisateur
from participation.registre.actions import inscrire
from participation.territoires.models import Instance
from participation.territoires.queries import identite

PRESIDENCE_SEULE = "Dans votre instance, la présidence seule dépose. Votre projet est prêt : prévenez-la."

DEUX_PERSONNES = "Dans votre instance, deux personnes déposent : l’une propose, l’autre relit et dépose."


def deposer_avis(
    *,
    saisine: Saisine,
    cle: UUID,
    projet_v: int,
    remplace: UUID | None,
    par: Utilisateur,
    recu_le: datetime,
    now: datetime,
) -> Avis:
    """Publie le projet d'avis tel qu'il a été relu. `recu_le` : l'arrivée de la requête ; `now` : l'inscription.

    Rejouable : la même clé rend le même avis. Un dépôt arrivé à temps l'emporte sur un silence déjà inscrit (règle 4).
    Lève RefusMetier : "introuvable" sans mandat, "interdit" si l'instance réserve le dépôt, "delai_clos", "conflit"
    (`en_vigueur` ou `actuel`), "forme".
    """
    _exiger_le_mandat(saisine, par, recu_le)
    deja = Avis.objects.filter(cle=cle, saisine=saisine)
    for _ in range(3):
        if avis := deja.first():
            return avis
        try:
            return _deposer(saisine, cle, projet_v, remplace, par, recu_le, now)
        except IntegrityError:  # un autre dépôt, ou le silence, vient d'être écrit : relire et décider de nouveau
            continue
        except RefusMetier:  # double appui : l'autre requête, de même clé, vient peut-être de déposer cet avis (R3)
            if not deja.exists():
                raise
    raise RefusMetier("conflit", "Un autre dépôt est en cours pour votre instance. Relisez, puis recommencez.")


def _exiger_le_mandat(saisine: Saisine, par: Utilisateur, recu_le: datetime) -> None:
    """Règle 16 : un mandat en cours ; et celui que l'instance a choisi pour déposer."""
    if not can_lire_projet(par, saisine, recu_le):
        raise RefusMetier("introuvable", "Il faut un mandat en cours dans cette instance.")
    if not can_deposer_avis(par, saisine, recu_le):
        raise RefusMetier("interdit", PRESIDENCE_SEULE)


@transaction.atomic
def _deposer(
    saisine: Saisine,
    cle: UUID,
    projet_v: int,
    remplace: UUID | None,
    par: Utilisateur,
    recu_le: datetime,
    now: datetime,
) -> Avis:
    exiger_le_temps(saisine, recu_le)
    projet = _projet_relu(saisine, projet_v, recu_le)
    ancien = _avis_a_remplacer(saisine, remplace)
    _exiger_deux_personnes(projet, par, recu_le)
    avis, observations = _composer(projet, ancien, cle, par, recu_le, now)
    _ecrire(avis, observations, projet)
    if not preuves_valables().filter(saisine=saisine).exists():
        prouver(saisine=saisine, moyen=PreuveRemise.Moyen.CONNEXION, remis_le=recu_le, par=par, now=now)
    entree = inscrire(acte="avis_depose", objet=avis, dossier=saisine.consultation_id, now=recu_le, inscrit_le=now)
    annoncer(
        instance=saisine.instance,
        evenement="accuse",
        occurrence=avis.numero,
        message=courriel_d_accuse(avis, entree, identite()),
        objet=avis,
        now=now,
        et_a=par,
    )
    return avis


@transaction.atomic
def proposer_depot(*, saisine: Saisine, projet_v: int, par: Utilisateur, recu_le: datetime) -> ProjetAvis:
    """Règle des deux personnes : la première propose ce qu'elle a relu ; que le projet change, et cela ne vaut plus.

    Lève RefusMetier : "introuvable" sans mandat, "delai_clos", "conflit" si le projet a changé, "forme".
    """
    _exiger_le_mandat(saisine, par, recu_le)
    exiger_le_temps(saisine, recu_le)
    projet = _projet_relu(saisine, projet_v, recu_le)
    projet.propose_le, projet.propose_par, projet.propose_marque = recu_le, par, marque_du_projet(projet)
    projet.save(update_fields=["propose_le", "propose_par", "propose_marque"])
    return projet


def is_a_proposer(projet: ProjetAvis, par: Utilisateur, now: datetime) -> bool:
    """Vrai si cette personne ne peut pas déposer seule : il faut qu'une autre ait proposé exactement ce texte.

    Seule à avoir un mandat, elle dépose : une règle impossible à suivre rendrait l'instance muette.
    """
    instance = projet.saisine.instance
    if instance.qui_depose != Instance.QuiDepose.DEUX:
        return False
    autres = Mandat.objects.en_cours(now).filter(instance=instance, utilisateur__is_active=True)
    autres = autres.exclude(utilisateur=par)
    is_proposee = projet.propose_marque == marque_du_projet(projet)
    return autres.exists() and not (is_proposee and autres.filter(utilisateur=projet.propose_par_id).exists())


def _exiger_deux_personnes(projet: ProjetAvis, par: Utilisateur, recu_le: datetime) -> None:
    if is_a_proposer(projet, par, recu_le):
        raise RefusMetier("interdit", DEUX_PERSONNES)


def _ecrire(avis: Avis, observations: list[Observation], projet: ProjetAvis) -> None:
    avis.save(force_insert=True)
    Observation.objects.bulk_create(observations)
    PieceAvis.objects.bulk_create(PieceAvis(avis=avis, piece=p) for p in projet.pieces.all())
    Ralliement.objects.bulk_create(Ralliement(avis=avis, observation=o) for o in projet.rejointes.all())


def exiger_le_temps(saisine: Saisine, recu_le: datetime) -> None:
    """Règles 1, 3, 12 : à la borne, plus personne ne dépose, agent et administrateur compris."""
    saisine = Saisine.objects.get(pk=saisine.pk)
    if saisine.remplacee_le is not None:
        raise RefusMetier("conflit", "Le projet a été transmis de nouveau. Répondez à la nouvelle transmission.")
    if saisine.retiree_le is not None and saisine.retiree_le <= recu_le:
        raise RefusMetier(
            "conflit", "Votre instance n'est plus consultée : la saisine a été retirée par un acte signé."
        )
    if not rules.is_dans_les_temps(recu_le=recu_le, transmise_le=saisine.transmise_le, borne=saisine.borne):
        raise RefusMetier("delai_clos", f"Le délai est clos depuis le {echeance_longue(saisine.echeance)}.")


def _projet_relu(saisine: Saisine, projet_v: int, recu_le: datetime) -> ProjetAvis:
    """Prend la ligne du projet jusqu'au commit : il ne change plus entre sa relecture et sa copie."""
    pris = ProjetAvis.objects.filter(saisine=saisine, v=projet_v).update(v=projet_v)
    projet = ProjetAvis.objects.filter(saisine=saisine).first()
    if projet is None:
        raise RefusMetier("forme", "Choisissez d'abord votre réponse.", manques=["sens"])
    if not pris:
        raise RefusMetier("conflit", "Le projet d'avis a changé depuis votre relecture. Relisez-le.", actuel=projet)
    if liste := manques(projet, jour_a_paris(recu_le)):
        raise RefusMetier("forme", " ".join(phrase for _, phrase in liste), manques=liste)
    return projet


def _avis_a_remplacer(saisine: Saisine, vu: UUID | None) -> Avis | None:
    """Règle 10 : le dépôt dit l'avis qu'il remplace. Un silence, lui, se remplace sans avoir été vu (règle 4)."""
    en_vigueur = avis_en_vigueur(saisine)
    if en_vigueur is None or en_vigueur.is_silence:
        if vu is not None and (en_vigueur is None or vu != en_vigueur.pk):
            raise RefusMetier("conflit", "L'avis remplacé n'est plus celui en vigueur.", en_vigueur=en_vigueur)
        return en_vigueur
    if vu != en_vigueur.pk:
        phrase = "Votre instance a déjà déposé un autre avis. Voici les deux textes."
        raise RefusMetier("conflit", phrase, en_vigueur=en_vigueur)
    return en_vigueur


def _composer(
    projet: ProjetAvis, ancien: Avis | None, cle: UUID, par: Utilisateur, recu_le: datetime, now: datetime
) -> tuple[Avis, list[Observation]]:
    version = ancien.version + 1 if ancien else 1
    avis = Avis(
        saisine=projet.saisine,
        remplace=ancien,
        cle=cle,
        numero=numero_d_avis(projet.saisine, version),
        version=version,
        sens=projet.sens,
        texte=projet.texte,
        date_legale=projet.date_seance or jour_a_paris(recu_le),
        recu_le=recu_le,
        inscrit_le=now,
        canal=Avis.Canal.PLATEFORME,
        depose_par=par,
        date_seance=projet.date_seance,
        pour=projet.pour,
        contre=projet.contre,
        abstention=projet.abstention,
        **_de_la_reunion(projet),
    )
    observations = [
        Observation(avis=avis, ordre=o.ordre, section=o.section, nature=o.nature, texte=o.texte)
        for o in projet.observations.select_related("section")
    ]
    avis.empreinte = sceller(avis, observations, list(projet.pieces.all()), list(projet.rejointes.all()))
    return avis, observations


def _de_la_reunion(projet: ProjetAvis) -> dict[str, Any]:
    """Ce qui se publie de la réunion : un compte sous 5 n'entre jamais dans l'avis, ni dans son empreinte."""
    comptes = {champ: rules.compte_publiable(getattr(projet, champ)) for champ in COMPTES}
    dits = ("mode_adoption", "habitants_presents", "associations_presentes", "minoritaire")
    return comptes | {champ: getattr(projet, champ) for champ in dits}

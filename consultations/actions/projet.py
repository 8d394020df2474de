"""Le projet d'avis : plusieurs mains, une version à la fois, rien d'écrasé en silence (règles 10, 21)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from consultations.etats import ModeAdoption, Nature, Sens
from consultations.models import Observation, ObservationProjet, ProjetAvis, Saisine
from consultations.permissions import can_lire_projet
from consultations.queries_reunion import observations_a_rejoindre
from consultations.saisies import SaisieObservation, SaisieProjet
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.pieces.actions import oublier_pieces
from participation.pieces.models import PieceJointe
from participation.rapports.models import Section

TEXTE_MAX = 20_000
OBSERVATION_MAX = 5_000
OBSERVATIONS_MAX = 100
PIECES_MAX = 10


@transaction.atomic
def enregistrer_projet(
    *,
    saisine: Saisine,
    saisie: SaisieProjet,
    v: int,
    par: Utilisateur,
    now: datetime,
    pieces: Sequence[PieceJointe] = (),
    retirees: Sequence[UUID] = (),
) -> ProjetAvis:
    """Enregistre ce qui vient d'être tapé si `v` est encore la version du projet. Un brouillon n'a pas de délai.

    Lève RefusMetier : "introuvable" sans mandat en cours, "conflit" si quelqu'un a enregistré entre-temps (`actuel`
    porte l'autre texte), "forme" si une valeur est hors bornes.
    """
    if not can_lire_projet(par, saisine, now):
        raise RefusMetier("introuvable", "Ce projet d'avis n'est lisible que par les mandats de l'instance.")
    _controler(saisie)
    projet, _ = ProjetAvis.objects.get_or_create(saisine=saisine)
    champs = _champs(saisie) | {"v": F("v") + 1, "modifie_le": now, "modifie_par": par}
    gagne = ProjetAvis.objects.filter(pk=projet.pk, v=v).update(**champs)
    projet.refresh_from_db()
    if not gagne:
        phrase = "Une autre personne de votre instance vient de modifier ce projet d'avis."
        raise RefusMetier("conflit", phrase, actuel=projet)
    _remplacer_observations(projet, saisie.observations)
    _rejoindre(projet, saisie.rejointes, now)
    _ranger_pieces(projet, pieces, retirees, now)
    return projet


def _champs(saisie: SaisieProjet) -> dict[str, Any]:
    champs: dict[str, Any] = {}
    if saisie.sens is not None:
        champs["sens"] = saisie.sens
    if saisie.texte is not None:
        champs["texte"] = saisie.texte
    if saisie.seance is not None:
        champs |= {nom: getattr(saisie.seance, nom) for nom in ("date_seance", "pour", "contre", "abstention")}
    if saisie.reunion is not None:
        champs |= asdict(saisie.reunion)
    return champs


def _controler(saisie: SaisieProjet) -> None:
    if saisie.sens and (saisie.sens not in Sens.values or saisie.sens == Sens.REPUTE_FAVORABLE):
        raise RefusMetier("forme", "Choisissez une des cinq réponses.")
    if len(saisie.texte or "") > TEXTE_MAX:
        raise RefusMetier("forme", "Ce texte est trop long. Joignez plutôt un document.")
    if saisie.reunion and (saisie.reunion.mode_adoption or ModeAdoption.CONSENSUS) not in ModeAdoption.values:
        raise RefusMetier("forme", "Dites si c'est un vote à main levée ou un consensus.")
    observations = saisie.observations or ()
    if len(observations) > OBSERVATIONS_MAX:
        raise RefusMetier("forme", f"Pas plus de {OBSERVATIONS_MAX} demandes.")
    for observation in observations:
        if observation.nature not in Nature.values:
            raise RefusMetier("forme", "Dites si c'est une question, une correction, un ajout ou un désaccord.")
        if not observation.texte.strip() or len(observation.texte) > OBSERVATION_MAX:
            raise RefusMetier("forme", "Une demande tient en une à quelques phrases.")


def _remplacer_observations(projet: ProjetAvis, observations: Sequence[SaisieObservation] | None) -> None:
    if observations is None:
        return
    sections = {s.ancre: s for s in Section.objects.filter(version=projet.saisine.version)}
    if inconnues := {o.section for o in observations} - set(sections) - {""}:
        raise RefusMetier("forme", f"Cette partie du rapport n'existe pas : {', '.join(sorted(inconnues))}.")
    projet.observations.all().delete()
    ObservationProjet.objects.bulk_create(
        ObservationProjet(
            projet=projet, ordre=rang, section=sections.get(o.section), nature=o.nature, texte=o.texte.strip()
        )
        for rang, o in enumerate(observations, start=1)
    )


def _rejoindre(projet: ProjetAvis, voulues: Sequence[UUID] | None, now: datetime) -> None:
    """« Nous demandons la même chose » : une observation visible d'une autre instance (règle 20), ou déjà rejointe."""
    if voulues is None:
        return
    deja = set(projet.rejointes.values_list("pk", flat=True))
    visibles = set(observations_a_rejoindre(projet.saisine, now).values_list("pk", flat=True))
    if set(voulues) - deja - visibles:
        raise RefusMetier("forme", "Cette demande d'une autre instance ne se rejoint pas.")
    projet.rejointes.set(Observation.objects.filter(pk__in=voulues))


def _ranger_pieces(projet: ProjetAvis, pieces: Sequence[PieceJointe], retirees: Sequence[UUID], now: datetime) -> None:
    """Une pièce retirée d'un brouillon s'efface, sauf si un avis déjà déposé la cite (règle 10)."""
    if retirees:
        en_trop = list(projet.pieces.filter(pk__in=retirees))
        projet.pieces.remove(*en_trop)
        brouillons = PieceJointe.objects.filter(pk__in=[p.pk for p in en_trop], avis_lies=None, projets=None)
        oublier_pieces(pieces=brouillons, now=now)
    if projet.pieces.count() + len(pieces) > PIECES_MAX:
        raise RefusMetier("forme", f"Pas plus de {PIECES_MAX} pièces jointes.")
    projet.pieces.add(*pieces)

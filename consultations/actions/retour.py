"""Un courriel de transmission revient : sous 72 heures il ne prouve rien ; plus tard, un agent constate (règle 6)."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import IntegrityError, transaction

from consultations import non_remise
from consultations.etats import DecisionRetour, Etat, OrigineRetour
from consultations.models import Avis, ConstatRetour, PreuveRemise, RetourCourriel, Saisine
from consultations.permissions import can_inscrire_remise
from consultations.queries import avis_en_vigueur
from consultations.queries_actes import is_close_par_acte
from consultations.queries_remise import (
    courriels_de_saisine,
    courriels_pas_murs,
    preuves_valables,
    retour_valable_de,
    retours_a_traiter,
)
from consultations.rules import is_retour_sous_72_h
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.notifications.models import Envoi
from participation.pieces.models import PieceJointe
from participation.registre.actions import inscrire

MOTIF_MIN = 5
MOTIF_CONSTAT_MIN = 10


@transaction.atomic
def inscrire_retour(
    *,
    saisine: Saisine,
    envoi: UUID,
    retourne_le: datetime,
    motif: str,
    piece: PieceJointe | None,
    par: Utilisateur,
    now: datetime,
) -> RetourCourriel:
    """Un agent dit qu'un courriel de transmission est revenu : lequel, quand, ce que dit le retour (règle 6).

    Lève RefusMetier : "interdit" sans la qualité d'agent, "forme" si l'envoi, la date ou le motif ne vont pas,
    "conflit" si ce courriel est déjà inscrit comme revenu.
    """
    if not can_inscrire_remise(par):
        raise RefusMetier("interdit", "Seul un agent inscrit le retour d'un courriel.")
    parti = courriels_de_saisine().filter(pk=envoi, objet_id=saisine.pk).first()
    if parti is None or parti.envoye_le is None:
        raise RefusMetier("forme", "Choisissez un courriel envoyé à cette instance.")
    if not parti.envoye_le <= retourne_le <= now:
        raise RefusMetier("forme", "Un courriel revient après son envoi, et pas dans le futur.")
    if len(motif.strip()) < MOTIF_MIN:
        raise RefusMetier("forme", "Recopiez ce que dit le retour, en quelques mots.")
    if retour_valable_de(envoi):
        raise RefusMetier("conflit", "Le retour de ce courriel est déjà inscrit.")
    return _inscrire(parti, saisine, retourne_le, OrigineRetour.AGENT, motif.strip(), now, par=par, piece=piece)


@transaction.atomic
def relever_retour(*, message: bytes, now: datetime) -> RetourCourriel | None:
    """Inscrit le retour que porte un message de non-remise (RFC 3464). Rejouable : un retour s'inscrit une fois.

    None si le message n'est pas une non-remise, ou si l'envoi n'est pas un courriel de transmission de cette base. La
    date est celle du message, jamais avant l'envoi, jamais dans le futur : compte l'arrivée, non la relève.
    """
    lu = non_remise.lire(message)
    if lu is None or (parti := courriels_de_saisine().filter(pk=lu.envoi).first()) is None:
        return None
    saisine = Saisine.objects.filter(pk__in=[parti.objet_id]).first()
    if saisine is None or parti.envoye_le is None:
        return None
    if deja := retour_valable_de(parti.pk):
        return deja
    retourne_le = max(parti.envoye_le, min(lu.date or now, now))
    motif = f"Le serveur de l'instance a refusé le message (code {lu.code})."
    return _inscrire(parti, saisine, retourne_le, OrigineRetour.SERVEUR, motif, now)


def _inscrire(
    parti: Envoi,
    saisine: Saisine,
    retourne_le: datetime,
    origine: OrigineRetour,
    motif: str,
    now: datetime,
    *,
    par: Utilisateur | None = None,
    piece: PieceJointe | None = None,
) -> RetourCourriel:
    retour = RetourCourriel(
        saisine=saisine, envoi=parti.pk, retourne_le=retourne_le, inscrit_le=now, origine=origine, motif=motif,
        piece=piece, par=par,
    )  # fmt: skip
    retour.accepte_le = parti.envoye_le or now
    try:
        with transaction.atomic():
            retour.save(force_insert=True)
    except IntegrityError as doublon:
        raise RefusMetier("conflit", "Le retour de ce courriel est déjà inscrit.") from doublon
    dossier = saisine.consultation_id
    inscrire(acte="courriel_revenu", objet=retour, dossier=dossier, now=retourne_le, inscrit_le=now)
    return retour


@transaction.atomic
def constater_retour(
    *, retour: RetourCourriel, decision: str, motif: str, par: Utilisateur, now: datetime
) -> ConstatRetour:
    """Un agent constate ce que vaut la remise après un retour : motivé, avant le procès-verbal, inscrit (règle 6).

    « La remise ne tient pas » : l'instance est « non saisie ». Un silence déjà inscrit reste au registre ; ce constat
    le nomme, et plus rien ne le lit comme un avis. Une autre preuve, saisie ensuite, le fait valoir de nouveau.
    Lève RefusMetier : "interdit" sans la qualité d'agent, "forme" (décision, motif), "conflit" après le procès-verbal
    ou si un constat existe déjà.
    """
    if not can_inscrire_remise(par):
        raise RefusMetier("interdit", "Seul un agent constate ce que vaut une remise.")
    if decision not in decisions_possibles(retour):
        raise RefusMetier("forme", "Choisissez une des décisions proposées.")
    if len(motif.strip()) < MOTIF_CONSTAT_MIN:
        raise RefusMetier("forme", "Dites pourquoi, en une phrase au moins.")
    if is_close_par_acte(retour.saisine.consultation):
        raise RefusMetier("conflit", "Le procès-verbal est signé : un retour ne se constate plus.")
    silence = _silence_defait(retour, decision)
    try:
        with transaction.atomic():
            constat = ConstatRetour.objects.create(
                retour=retour, decision=decision, motif=motif.strip(), silence=silence, constate_le=now, par=par
            )
    except IntegrityError as doublon:
        raise RefusMetier("conflit", "Ce retour vient d'être constaté. Relisez la page.") from doublon
    inscrire(acte="retour_constate", objet=constat, dossier=retour.saisine.consultation_id, now=now)
    return constat


def decisions_possibles(retour: RetourCourriel) -> list[DecisionRetour]:
    """Un retour tardif se juge ; un retour sous 72 h, jamais. Ce qu'un agent a tapé peut être une erreur (règle 6)."""
    is_precoce = is_retour_sous_72_h(accepte_le=retour.accepte_le, retourne_le=retour.retourne_le)
    jugees = [] if is_precoce else [DecisionRetour.NON_REMISE, DecisionRetour.REMISE_TIENT]
    return jugees + ([DecisionRetour.ERREUR] if retour.origine == OrigineRetour.AGENT else [])


def _silence_defait(retour: RetourCourriel, decision: str) -> Avis | None:
    """Le silence inscrit que ce constat prive de sa seule remise, s'il y en a un."""
    silence = avis_en_vigueur(retour.saisine)
    if decision != DecisionRetour.NON_REMISE or silence is None or not silence.is_silence:
        return None
    saisine = retour.saisine
    autres = preuves_valables().filter(saisine=saisine, remis_le__lt=saisine.borne)
    par_ailleurs = autres.exclude(moyen=PreuveRemise.Moyen.COURRIEL, envoi=retour.envoi)
    return None if par_ailleurs.exists() else silence


def exiger_des_remises_jugees(saisines: Sequence[Saisine], now: datetime) -> None:
    """Le procès-verbal vient après : plus aucune remise ne doit pouvoir changer (règles 3 bis, 6).

    `saisines` : annotées par `queries.etats`. Lève RefusMetier("forme") si un retour attend son constat, ou si un
    courriel accepté avant l'échéance n'a pas encore 72 heures.
    """
    par_etat = {s.pk: Etat(s.etat) for s in saisines}  # type: ignore[attr-defined]
    reputees = [pk for pk, etat in par_etat.items() if etat == Etat.REPUTE_FAVORABLE]
    if retour := retours_a_traiter().filter(saisine__in=reputees).first():
        instance = retour.saisine.instance
        raise RefusMetier("forme", f"Un courriel est revenu : constatez d'abord la remise à {instance}.")
    muettes = {s.pk: s for s in saisines if par_etat[s.pk] == Etat.NON_SAISIE}
    for envoi in courriels_pas_murs(now).filter(objet_id__in=muettes):
        saisine = muettes[cast(UUID, envoi.objet_id)]
        if envoi.envoye_le and envoi.envoye_le < saisine.borne:
            raise RefusMetier("forme", f"Le courriel à {saisine.instance} n'a pas encore 72 heures. Attendez.")

"""Préparer, puis signer : un agent prépare, une personne signataire engage la collectivité (règles 3 bis, 8, 9, 22)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from consultations.actions.annulation import annuler, retirer
from consultations.actions.constat import constater_dormance, constater_sans_objet
from consultations.actions.proces_verbal import clore
from consultations.actions.rectificatif import rectifier
from consultations.actions.report import reporter
from consultations.actions.retransmission import retransmettre
from consultations.actions.transmission import transmettre
from consultations.etats import TypeActe
from consultations.models import Acte, ActePrepare, Consultation
from consultations.permissions import can_preparer, can_transmettre
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.registre.actions import inscrire

Effet = Callable[[ActePrepare, Utilisateur, datetime], dict[str, Any]]
SANS_MOTIF = {TypeActe.TRANSMISSION, TypeActe.PROCES_VERBAL}
AUTORISES = {
    TypeActe.REPORT: "Citez la délibération ou la décision qui autorise ce report.",
    TypeActe.RETRANSMISSION: "Citez la délibération qui arrête le nouveau texte.",
}
"""Les actes qui citent une délibération ou une décision, et la phrase quand elle manque."""


def _transmettre(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    saisines = transmettre(consultation=prepare.consultation, par=par, now=now, vu=prepare.parametres.get("vu"))
    return {"saisines": [str(s.pk) for s in saisines], "echeance": saisines[0].echeance.isoformat()}


EFFETS: dict[str, Effet] = {
    TypeActe.TRANSMISSION: _transmettre,
    TypeActe.REPORT: reporter,
    TypeActe.RECTIFICATIF: rectifier,
    TypeActe.RETRAIT: retirer,
    TypeActe.ANNULATION: annuler,
    TypeActe.PROCES_VERBAL: clore,
    TypeActe.RETRANSMISSION: retransmettre,
    TypeActe.DORMANCE: constater_dormance,
    TypeActe.SANS_OBJET: constater_sans_objet,
}


@transaction.atomic
def preparer_acte(
    *,
    consultation: Consultation,
    type: str,
    parametres: Mapping[str, Any],
    par: Utilisateur,
    now: datetime,
    motif: str = "",
    fondement: str = "",
) -> ActePrepare:
    """Met un acte en attente de signature. Rien ne change encore.

    Lève RefusMetier : "interdit" sans la qualité d'agent, "forme" sans motif, ou sans la délibération citée.
    """
    if not can_preparer(par):
        raise RefusMetier("interdit", "Seul un agent prépare un acte.")
    if type not in SANS_MOTIF and len(motif.strip()) < 10:
        raise RefusMetier("forme", "Dites pourquoi, en une phrase au moins.")
    if type in AUTORISES and not fondement.strip():
        raise RefusMetier("forme", AUTORISES[TypeActe(type)])
    return ActePrepare.objects.create(
        consultation=consultation,
        type=type,
        parametres=dict(parametres),
        motif=motif.strip(),
        fondement=fondement.strip(),
        prepare_par=par,
        prepare_le=now,
    )


@transaction.atomic
def signer_acte(*, prepare: ActePrepare, par: Utilisateur, now: datetime) -> Acte:
    """Signe un acte préparé : son effet et son inscription, ensemble ou pas du tout.

    Lève RefusMetier : "interdit" sans la qualité de signataire, "conflit" s'il est déjà signé ou abandonné, ou ce que
    l'acte lui-même refuse (délai clos, échéance raccourcie, sous le plancher…).
    """
    if not can_transmettre(par):
        raise RefusMetier("interdit", "Seule une personne signataire signe cet acte.")
    pris = ActePrepare.objects.filter(pk=prepare.pk, acte__isnull=True, abandonne_le__isnull=True)
    if not pris.update(type=prepare.type):
        raise RefusMetier("conflit", "Cet acte est déjà signé, ou il a été abandonné.")
    effets = EFFETS[prepare.type](prepare, par, now)
    acte = Acte(
        prepare=prepare,
        consultation=prepare.consultation,
        n=prepare.consultation.actes.count() + 1,
        type=prepare.type,
        effets=effets,
        motif=prepare.motif,
        fondement=prepare.fondement,
        signe_par=par,
        signe_le=now,
    )
    return _inscrire(acte, now)


def _inscrire(acte: Acte, now: datetime) -> Acte:
    try:
        with transaction.atomic():
            acte.save(force_insert=True)
    except IntegrityError as doublon:
        raise RefusMetier("conflit", "Un autre acte vient d'être signé. Relisez, puis recommencez.") from doublon
    inscrire(acte="acte_signe", objet=acte, dossier=acte.consultation_id, now=now)
    return acte


@transaction.atomic
def abandonner_acte(*, prepare: ActePrepare, par: Utilisateur, now: datetime) -> None:
    """Retire un acte de la pile à signer. Rejouable ; un acte signé ne s'abandonne plus."""
    if not can_preparer(par):
        raise RefusMetier("interdit", "Seul un agent retire un acte préparé.")
    ouvert = ActePrepare.objects.filter(pk=prepare.pk, acte__isnull=True)
    if not ouvert.update(abandonne_le=now):
        raise RefusMetier("conflit", "Cet acte est déjà signé.")

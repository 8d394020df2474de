"""Les actes du bureau qui joignent deux applications."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from consultations.actions.actes import EFFETS, preparer_acte
from consultations.actions.reception import AvisRecu, inscrire_avis_recu
from consultations.actions.remise import inscrire_remise
from consultations.actions.retour import inscrire_retour
from consultations.empreintes import marque_de
from consultations.etats import TypeActe
from consultations.models import ActePrepare, Avis, Consultation, Contribution, PreuveRemise, RetourCourriel, Saisine
from consultations.permissions import can_inscrire_remise, can_saisir_pour
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.gestion.saisies import SaisieActe, SaisieRemise, SaisieRetour
from participation.pieces.actions import pieces_ou_rien


@transaction.atomic
def saisir_remise(
    *, saisine: Saisine, saisie: SaisieRemise, fichier: "UploadedFile[Any] | None", par: Utilisateur, now: datetime
) -> PreuveRemise:
    """Inscrit une preuve de remise et sa pièce, ensemble ou pas du tout (règle 6).

    Lève RefusMetier : "interdit" pour qui n'est pas agent, "forme" si la date ou la pièce est impossible.
    """
    if not can_inscrire_remise(par):  # avant d'écrire le fichier
        raise RefusMetier("interdit", "Seul un agent saisit une preuve de remise.")
    moyen, remis_le, note = saisie.moyen, saisie.remis_le, saisie.note
    with pieces_ou_rien([fichier] if fichier else [], par=par, now=now) as pieces:
        piece = pieces[0] if pieces else None
        return inscrire_remise(
            saisine=saisine, moyen=moyen, remis_le=remis_le, note=note, piece=piece, par=par, now=now
        )  # fmt: skip


@transaction.atomic
def saisir_retour(
    *, saisine: Saisine, saisie: SaisieRetour, fichier: "UploadedFile[Any] | None", par: Utilisateur, now: datetime
) -> RetourCourriel:
    """Inscrit le retour d'un courriel et sa pièce, ensemble ou pas du tout (règle 6). Lève comme `inscrire_retour`."""
    if not can_inscrire_remise(par):  # avant d'écrire le fichier
        raise RefusMetier("interdit", "Seul un agent inscrit le retour d'un courriel.")
    with pieces_ou_rien([fichier] if fichier else [], par=par, now=now) as pieces:
        return inscrire_retour(
            saisine=saisine, envoi=saisie.envoi, retourne_le=saisie.retourne_le, motif=saisie.motif,
            piece=pieces[0] if pieces else None, par=par, now=now,
        )  # fmt: skip


@transaction.atomic
def preparer_transmission(*, consultation: Consultation, par: Utilisateur, now: datetime) -> ActePrepare:
    """L'acte de transmission en attente de signature ; le même s'il est déjà préparé.

    Lève RefusMetier : "interdit" sans la qualité d'agent, "conflit" si le projet est déjà transmis.
    """
    if consultation.transmise_le is not None:
        raise RefusMetier("conflit", "Ce projet est déjà transmis.")
    if deja := transmission_en_attente(consultation):
        return deja
    consultation.actes_prepares.filter(type=TypeActe.TRANSMISSION, acte__isnull=True).update(abandonne_le=now)
    return preparer_acte(
        consultation=consultation,
        type=TypeActe.TRANSMISSION,
        parametres={"vu": marque_de(consultation)},
        par=par,
        now=now,
    )


def transmission_en_attente(consultation: Consultation) -> ActePrepare | None:
    """L'acte de transmission préparé et pas encore signé, s'il existe et dit encore ce qui sera transmis."""
    en_attente = consultation.actes_prepares.filter(acte__isnull=True, abandonne_le__isnull=True)
    a_jour = en_attente.filter(type=TypeActe.TRANSMISSION, parametres__vu=marque_de(consultation))
    return a_jour.first()


class _EssaiFini(Exception):
    """L'acte passerait : l'essai à blanc est défait."""


@transaction.atomic
def preparer(
    *, consultation: Consultation, type: str, saisie: SaisieActe, par: Utilisateur, now: datetime
) -> ActePrepare:
    """Prépare un acte après l'avoir joué à blanc : ce que la signature refuserait est refusé ici, par le même code.

    Lève RefusMetier : ce que lève `preparer_acte`, ou l'effet de l'acte (délai clos, échéance raccourcie…).
    """
    parametres: Mapping[str, Any] = saisie.parametres
    prepare = preparer_acte(
        consultation=consultation, type=type, parametres=parametres, motif=saisie.motif, fondement=saisie.fondement,
        par=par, now=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            EFFETS[type](prepare, par, now)
            raise _EssaiFini
    except _EssaiFini:
        return prepare


@transaction.atomic
def saisir_avis_recu(
    *,
    saisine: Saisine,
    recu: AvisRecu,
    fichier: "UploadedFile[Any] | None",
    remplace: UUID | None,
    cle: UUID,
    par: Utilisateur,
    now: datetime,
) -> Avis | Contribution:
    """Inscrit ce qui est reçu autrement et sa preuve, ensemble ou pas du tout (règle 11). Rejouable par `cle`."""
    if not can_saisir_pour(par):  # avant d'écrire le fichier
        raise RefusMetier("interdit", "Seul un agent saisit un avis reçu autrement.")
    if deja := Avis.objects.filter(saisine=saisine, cle=cle).first():
        return deja
    if recue := Contribution.objects.filter(saisine=saisine, pk=cle).first():
        return recue
    with pieces_ou_rien([fichier] if fichier else [], par=par, now=now) as pieces:
        piece = pieces[0] if pieces else None
        return inscrire_avis_recu(
            saisine=saisine, recu=recu, piece=piece, remplace=remplace, cle=cle, par=par, now=now
        )  # fmt: skip

"""Les actes du bureau qui joignent deux applications."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from consultations.actions.remise import inscrire_remise
from consultations.models import PreuveRemise, Saisine
from consultations.permissions import can_inscrire_remise
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.gestion.saisies import SaisieRemise
from participation.pieces.actions import ajouter_piece


@transaction.atomic
def saisir_remise(
    *, saisine: Saisine, saisie: SaisieRemise, fichier: "UploadedFile[Any] | None", par: Utilisateur, now: datetime
) -> PreuveRemise:
    """Inscrit une preuve de remise et sa pièce, ensemble ou pas du tout (règle 6).

    Lève RefusMetier : "interdit" pour qui n'est pas agent, "forme" si la date ou la pièce est impossible.
    """
    if not can_inscrire_remise(par):  # avant d'écrire le fichier
        raise RefusMetier("interdit", "Seul un agent saisit une preuve de remise.")
    piece = ajouter_piece(fichier=fichier, par=par, now=now) if fichier else None
    return inscrire_remise(
        saisine=saisine, moyen=saisie.moyen, remis_le=saisie.remis_le, note=saisie.note, piece=piece, par=par, now=now
    )

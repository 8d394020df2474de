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

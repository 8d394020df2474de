"""Compléter un avis, document compris : ensemble ou pas du tout (règle 15)."""

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from consultations.actions.reception import completer_avis
from consultations.models import Avis, Complement
from consultations.permissions import can_completer
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.pieces.actions import ajouter_piece


@transaction.atomic
def completer(
    *,
    avis: Avis,
    deliberation: str,
    prefecture_le: date | None,
    fichier: "UploadedFile[Any] | None",
    par: Utilisateur,
    now: datetime,
) -> Complement:
    """Inscrit le complément et son document. Lève ce que lève `completer_avis`, et "forme" si le fichier ne va pas."""
    if not can_completer(par, avis.saisine, now):  # avant d'écrire le fichier
        raise RefusMetier("interdit", "Il faut un mandat dans cette commune, ou être agent.")
    piece = ajouter_piece(fichier=fichier, par=par, now=now) if fichier else None
    return completer_avis(
        avis=avis, deliberation=deliberation, prefecture_le=prefecture_le, piece=piece, par=par, now=now
    )

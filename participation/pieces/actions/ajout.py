"""Ajouter une pièce : bornée avant d'écrire, vérifiée par son contenu, gardée sous un nom que personne n'a choisi."""

import hashlib
import os
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from participation.common.errors import RefusMetier
from participation.pieces.images import redessiner
from participation.pieces.models import PieceJointe
from participation.pieces.rules import (
    JPEG,
    PNG,
    TAILLE_MAX,
    Genre,
    PieceRefusee,
    nettoyer_le_nom,
    reconnaitre,
)


@transaction.atomic
def ajouter_piece(*, fichier: "UploadedFile[Any]", par: AbstractBaseUser | None, now: datetime) -> PieceJointe:
    """Contrôle et garde un fichier déposé. Lève RefusMetier("forme") si la taille ou le type ne conviennent pas."""
    octets = _lire_borne(fichier)
    try:
        genre = reconnaitre(octets)
        if genre in (PNG, JPEG):
            octets = redessiner(octets, genre)
    except PieceRefusee as refus:
        raise RefusMetier("forme", str(refus)) from refus
    piece = PieceJointe(
        nom=nettoyer_le_nom(fichier.name or "", genre),
        type_mime=genre.mime,
        taille=len(octets),
        empreinte=hashlib.sha256(octets).hexdigest(),
        ajoutee_le=now,
        ajoutee_par_id=par.pk if par else None,
    )
    _ecrire(piece, octets, genre)
    piece.save(force_insert=True)
    return piece


def _lire_borne(fichier: "UploadedFile[Any]") -> bytes:
    """Tout le fichier, s'il tient dans la borne ; la taille annoncée n'est pas crue."""
    octets: bytes = b"" if (fichier.size or 0) > TAILLE_MAX else fichier.read(TAILLE_MAX + 1)
    if (fichier.size or 0) > TAILLE_MAX or len(octets) > TAILLE_MAX:
        raise RefusMetier("forme", "Ce fichier est trop lourd : 10 Mo au plus.")
    return octets


def _ecrire(piece: PieceJointe, octets: bytes, genre: Genre) -> None:
    """Le fichier est sur le disque, pour de bon, avant que la ligne qui le cite soit validée (R2)."""
    piece.fichier.save(f"{piece.pk}{genre.suffixe}", ContentFile(octets), save=False)
    descripteur = os.open(piece.fichier.path, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)

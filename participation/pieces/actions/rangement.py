"""Ne laisser sur le disque que des fichiers cités : ni reste d'un envoi refusé, ni pièce retirée d'un brouillon."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from participation.common.errors import RefusMetier
from participation.pieces.actions.ajout import ajouter_piece
from participation.pieces.models import PieceJointe


@contextmanager
def pieces_ou_rien(
    fichiers: Iterable["UploadedFile[Any]"], *, par: AbstractBaseUser | None, now: datetime
) -> Iterator[list[PieceJointe]]:
    """Une transaction avec ses pièces : si l'acte est refusé, ni ligne ni fichier ne restent.

    Seul un refus efface les fichiers. Une panne au moment de valider laisse le doute : la ligne est peut-être écrite.
    """
    ecrites: list[PieceJointe] = []
    try:
        with transaction.atomic():
            for fichier in fichiers:
                ecrites.append(ajouter_piece(fichier=fichier, par=par, now=now))
            yield ecrites
    except RefusMetier:
        for piece in ecrites:
            _effacer(piece)
        raise


@transaction.atomic
def oublier_pieces(*, pieces: Iterable[PieceJointe], now: datetime) -> int:
    """Efface ces pièces, ligne et fichier ; rend leur nombre. À n'appeler que pour des pièces que plus rien ne cite."""
    retirees = list(pieces)
    for piece in retirees:
        copie = PieceJointe(fichier=piece.fichier.name)
        piece.delete()
        transaction.on_commit(lambda copie=copie: _effacer(copie))  # type: ignore[misc]
    return len(retirees)


def _effacer(piece: PieceJointe) -> None:
    piece.fichier.storage.delete(piece.fichier.name or "")

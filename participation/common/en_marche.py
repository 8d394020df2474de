"""Qui se sert de ce VAR_DIR : serveur, horloge et sauvegarde le partagent ; une restauration le veut pour elle seule.

Un verrou du noyau sur VAR_DIR/en-marche : il tombe avec le processus, même tué. Il ne voit que cette machine.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

_tenus: list[int] = []


class Occupe(Exception):
    """Ce dossier sert déjà à un usage incompatible ; le message est une phrase pour la personne."""


def tenir() -> None:
    """Dit que ce processus sert le dossier, jusqu'à sa fin. Lève Occupe pendant une restauration."""
    if not _tenus:
        _tenus.append(_prendre(fcntl.LOCK_SH, "Une restauration est en cours : attendez sa fin, puis relancez."))


@contextmanager
def partage() -> Iterator[None]:
    """Le temps d'un travail que le serveur ne gêne pas. Lève Occupe pendant une restauration."""
    descripteur = _prendre(fcntl.LOCK_SH, "Une restauration est en cours : attendez sa fin, puis relancez.")
    try:
        yield
    finally:
        os.close(descripteur)


@contextmanager
def seul() -> Iterator[None]:
    """Le temps d'un travail où rien d'autre ne tourne. Lève Occupe si un serveur ou une sauvegarde tourne."""
    descripteur = _prendre(fcntl.LOCK_EX, "Le serveur, l'horloge ou une sauvegarde tourne sur ce dossier.")
    try:
        yield
    finally:
        os.close(descripteur)


def _prendre(genre: int, refus: str) -> int:
    # Lecture seule : un verrou créé par root reste prenable par le compte du service.
    descripteur = os.open(settings.VAR_DIR / "en-marche", os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descripteur, genre | fcntl.LOCK_NB)
    except BlockingIOError as erreur:
        os.close(descripteur)
        raise Occupe(refus) from erreur
    return descripteur

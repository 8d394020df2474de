"""Entendre la réponse du serveur de courriel : smtplib la lit, la juge, et l'oublie."""

import smtplib
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend

LONGUEUR = 300


class Ecoute:
    """La réponse du serveur au dernier message remis ; vide hors d'un vrai serveur (fichier, mémoire, nulle part)."""

    def __init__(self, connexion: BaseEmailBackend) -> None:
        self.reponse = ""
        serveur = getattr(connexion, "connection", None)
        if isinstance(serveur, smtplib.SMTP):
            self._remettre = serveur.data
            serveur.data = self._data  # type: ignore[method-assign]

    def _data(self, msg: Any) -> Any:
        code, dite = self._remettre(msg)
        self.reponse = f"{code} {dite.decode(errors='replace')}"[:LONGUEUR]
        return code, dite

"""Visiter toutes les pages de la matrice des accès sous un rôle : le tableau sert de carte."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from tests.acces.monde import Monde
from tests.acces.regles import ANONYME
from tests.acces.tableau import ACCES
from tests.test_acces import DES_PAQUETS, LIGNES, adresse_de, adresse_du_paquet, client_de

LISIBLES = ("text/", "application/json", "application/x-ndjson", "application/jsonl", "image/svg+xml")


def contenu(reponse: Any) -> bytes:
    """Le corps entier, envoyé d'un coup ou au fil de l'eau."""
    return b"".join(reponse) if reponse.streaming else reponse.content


def is_lisible(reponse: Any) -> bool:
    """Vrai si le corps est du texte."""
    return reponse.headers.get("Content-Type", "").startswith(LISIBLES)


def adresses(monde: Monde, *, paquets: bool = True) -> Iterator[tuple[str, str]]:
    """(nom, adresse) de chaque page lue par GET, celles de /admin/ et des comptes comprises."""
    yield from ((nom, adresse_de(nom, monde)) for nom in LIGNES if ACCES[nom].get)
    if paquets:
        yield from ((nom, adresse_du_paquet(nom)) for nom in sorted(DES_PAQUETS))


def entrer(monde: Monde, role: str) -> Client:
    """Un navigateur neuf sous ce rôle ; une vue qui lève rend sa page d'erreur, comme en service."""
    client = client_de(monde, role)
    client.raise_request_exception = False
    return client


__all__ = ["ANONYME", "adresses", "contenu", "entrer", "is_lisible"]

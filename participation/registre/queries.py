"""Lire le registre."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from participation.registre.chaine import CHAMPS, ligne
from participation.registre.models import Entree


def tete() -> Entree | None:
    """La dernière entrée : son numéro et son empreinte résument tout ce qui précède."""
    return Entree.objects.order_by("-n").first()


def derniere_de(dossier: UUID) -> Entree | None:
    """La dernière entrée d'une consultation : celle que cite son annexe (règle 18)."""
    return Entree.objects.filter(dossier=dossier).order_by("-n").first()


def lignes() -> Iterator[dict[str, Any]]:
    """Toutes les entrées dans l'ordre, telles que publiées : les champs scellés et l'empreinte, jamais le sel."""
    for valeurs in Entree.objects.order_by("n").values(*CHAMPS, "empreinte").iterator(chunk_size=1000):
        yield ligne(valeurs) | {"empreinte": valeurs["empreinte"]}


def entree_de(objet: str, objet_id: UUID) -> Entree | None:
    """La première entrée qui scelle cet objet (étiquette « app.Modele »)."""
    return Entree.objects.filter(objet=objet, objet_id=objet_id).order_by("n").first()

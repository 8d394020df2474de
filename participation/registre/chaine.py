"""La chaîne : ce qu'une entrée scelle, et comment. Pur, sans base ; `outils/verifier_registre.py` en est le jumeau."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from participation.common.canonique import empreinte_de

ORIGINE = "0" * 64
CHAMPS = ("n", "instant", "inscrit_le", "acte", "objet", "objet_id", "dossier", "contenu", "precedent")


def en_texte(valeur: Any) -> Any:
    """La valeur d'un champ telle qu'elle est scellée et publiée : instants en UTC à la microseconde, UUID en texte."""
    if isinstance(valeur, datetime):
        return valeur.astimezone(UTC).isoformat(timespec="microseconds")
    return str(valeur) if isinstance(valeur, UUID) else valeur


def ligne(champs: Mapping[str, Any]) -> dict[str, Any]:
    """Les champs scellés d'une entrée, en valeurs simples."""
    return {nom: en_texte(champs[nom]) for nom in CHAMPS}


def empreinte_d_entree(champs: Mapping[str, Any]) -> str:
    """L'empreinte d'une entrée : SHA-256 de ses neuf champs scellés, dont l'empreinte précédente."""
    return empreinte_de(ligne(champs))

"""Un jeu de données ouvert : ses colonnes, décrites une fois ; le schéma Table Schema et les fichiers en découlent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
Type = Literal["string", "integer", "date", "datetime", "boolean"]
Valeur = str | int
Ligne = dict[str, Valeur]


@dataclass(frozen=True)
class Colonne:
    """Une colonne : son nom, son type, ce qu'elle dit. `valeurs` : les seules admises, si elles sont comptées."""

    nom: str
    dit: str
    type: Type = "string"
    exemple: str = ""
    is_obligatoire: bool = False
    valeurs: tuple[str, ...] = ()
    format: str = "default"

    def champ(self) -> dict[str, Any]:
        """La colonne dans un Table Schema."""
        contraintes: dict[str, Any] = {"required": self.is_obligatoire}
        if self.valeurs:
            contraintes["enum"] = list(self.valeurs)
        lu: dict[str, Any] = {"name": self.nom, "description": self.dit, "type": self.type, "format": self.format}
        return lu | ({"example": self.exemple} if self.exemple else {}) | {"constraints": contraintes}


@dataclass(frozen=True)
class Jeu:
    """Un tableau ouvert. `cle` : les colonnes qui distinguent ses lignes, si elles suffisent."""

    nom: str
    titre: str
    dit: str
    colonnes: tuple[Colonne, ...]
    cle: tuple[str, ...] = ()
    version: str = "1.0.0"
    plus: dict[str, Any] = field(default_factory=dict)

    @property
    def noms(self) -> tuple[str, ...]:
        """Les noms des colonnes, dans l'ordre."""
        return tuple(c.nom for c in self.colonnes)

    def schema(self, site: str) -> dict[str, Any]:
        """Le schéma (Table Schema, frictionlessdata.io), à son adresse permanente sur ce site."""
        return {
            "$schema": "https://frictionlessdata.io/schemas/table-schema.json",
            "name": self.nom,
            "title": self.titre,
            "description": self.dit,
            "path": f"{site}/schemas/{self.nom}.json",
            "version": self.version,
            "lang": "fr",
            **self.plus,
            "licenses": [LICENCE],
            "missingValues": [""],
            "fields": [c.champ() for c in self.colonnes],
            **({"primaryKey": list(self.cle)} if self.cle else {}),
        }


def colonnes(noms: Sequence[str], toutes: Sequence[Colonne]) -> tuple[Colonne, ...]:
    """Ces colonnes, dans cet ordre. Lève KeyError si l'une n'existe pas."""
    par_nom = {c.nom: c for c in toutes}
    return tuple(par_nom[nom] for nom in noms)

"""Ce qu'un fichier de territoire contient, une fois lu et contrôlé. Un fait absent reste None ou vide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


class FichierFaux(Exception):
    """Le fichier ne peut pas être importé. `fautes` : (où, phrase), toutes celles trouvées."""

    def __init__(self, ou: str, phrase: str, *autres: tuple[str, str]) -> None:
        self.fautes: tuple[tuple[str, str], ...] = ((ou, phrase), *autres)
        super().__init__(" ".join(f"{lieu} : {dit}" for lieu, dit in self.fautes))


@dataclass(frozen=True)
class LigneEpci:
    """L'agglomération : seulement les champs que le fichier connaît."""

    nom: str
    siren: str
    champs: Mapping[str, Any]


@dataclass(frozen=True)
class LigneCommune:
    """Une commune. `is_concernee` : True si attesté, None si probable ou inconnu."""

    ou: str
    nom: str
    code_insee: str
    siren: str = ""
    population: int | None = None
    is_concernee: bool | None = None
    confiance: str = ""
    source: str = ""


@dataclass(frozen=True)
class LigneQuartier:
    """Un quartier. `communes` : codes INSEE ou noms, tels qu'écrits."""

    ou: str
    nom: str
    type: str
    code: str | None = None
    communes: tuple[str, ...] = ()
    is_npnru: bool | None = None
    contour: dict[str, Any] | None = None
    autres_noms: tuple[str, ...] = ()
    confiance: str = ""
    source: str = ""
    remarque: str = ""


@dataclass(frozen=True)
class LigneAmbition:
    """Une ambition du contrat et son montant 2024, en euros."""

    numero: int
    nom: str
    montant_2024: int | None


@dataclass(frozen=True)
class LigneEnjeu:
    """Un enjeu structurant (avec ses ambitions) ou transversal."""

    numero: int
    nom: str
    is_transversal: bool
    montant_2024: int | None
    ambitions: tuple[LigneAmbition, ...] = ()


@dataclass(frozen=True)
class LigneContrat:
    """Le contrat de ville."""

    nom: str
    periode: str
    signe_le: date | None
    lieu_signature: str
    nb_objectifs: int | None
    nom_pilotage: str
    montant_pilotage_2024: int | None
    source: str
    enjeux: tuple[LigneEnjeu, ...]


@dataclass(frozen=True)
class LigneTerme:
    """Un mot du glossaire."""

    nom: str
    definition: str
    source: str


@dataclass(frozen=True)
class Lu:
    """Tout ce qu'un fichier apporte. `ecartes` : (où, pourquoi), ce qui est dans le fichier et ne sera pas gardé."""

    format: str
    epci: LigneEpci | None = None
    communes: tuple[LigneCommune, ...] = ()
    quartiers: tuple[LigneQuartier, ...] = ()
    contrat: LigneContrat | None = None
    termes: tuple[LigneTerme, ...] = ()
    ecartes: tuple[tuple[str, str], ...] = ()


@dataclass
class Carnet:
    """Où le lecteur note les fautes et ce qu'il écarte, pour tout dire en une fois."""

    fautes: list[tuple[str, str]] = field(default_factory=list)
    ecartes: list[tuple[str, str]] = field(default_factory=list)

    def faute(self, ou: str, phrase: str) -> None:
        """Note une faute : le fichier sera refusé."""
        self.fautes.append((ou, phrase))

    def ecarter(self, ou: str, phrase: str) -> None:
        """Note ce qui n'est pas gardé, et pourquoi."""
        self.ecartes.append((ou, phrase))

    def texte(self, objet: Mapping[str, Any], cle: str, ou: str, *, maximum: int = 200) -> str:
        """Le texte de cette clé, espaces réduits ; vide si absent ou nul."""
        valeur = objet.get(cle)
        if valeur is None:
            return ""
        if not isinstance(valeur, str):
            self.faute(ou, f"« {cle} » doit être un texte.")
            return ""
        propre = " ".join(valeur.split())
        if "\0" in propre:
            self.faute(ou, f"« {cle} » contient un signe illisible.")
        if len(propre) > maximum:
            self.faute(ou, f"« {cle} » dépasse {maximum} signes.")
        return propre

    def entier(self, objet: Mapping[str, Any], cle: str, ou: str) -> int | None:
        """L'entier positif de cette clé ; None si absent ou nul."""
        valeur = objet.get(cle)
        if valeur is None:
            return None
        if isinstance(valeur, bool) or not isinstance(valeur, int) or not 0 <= valeur < 10**15:
            self.faute(ou, f"« {cle} » doit être un nombre entier positif.")
            return None
        return valeur

    def objets(self, objet: Mapping[str, Any], cle: str) -> list[tuple[str, dict[str, Any]]]:
        """(où, objet) pour chaque élément de la liste de cette clé ; rien si elle est absente ou nulle."""
        valeur = objet.get(cle)
        if valeur is None:
            return []
        if not isinstance(valeur, list):
            self.faute(cle, "Ce doit être une liste.")
            return []
        retenus = []
        for rang, element in enumerate(valeur, start=1):
            if isinstance(element, dict):
                retenus.append((f"{cle}, n° {rang}", element))
            else:
                self.faute(f"{cle}, n° {rang}", "Ce doit être un objet.")
        return retenus

    def source(self, objet: Mapping[str, Any]) -> str:
        """La source : un texte, ou une liste de textes jointe par un point-virgule."""
        valeur = objet.get("source")
        lignes = valeur if isinstance(valeur, list) else [valeur]
        return " ; ".join(str(ligne).strip() for ligne in lignes if ligne)[:2000]

    def conclure(self) -> None:
        """Lève `FichierFaux` s'il y a une faute."""
        if self.fautes:
            premiere, *autres = self.fautes
            raise FichierFaux(premiere[0], premiere[1], *autres)

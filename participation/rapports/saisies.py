"""Ce que les formulaires donnent aux actions : des valeurs simples, déjà vérifiées dans leur forme."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SaisieFichier:
    """Un fichier reçu, lu en entier sous sa borne."""

    nom: str
    octets: bytes
    annee: int | None


@dataclass(frozen=True)
class SaisieSection:
    """Une partie corrigée, lue à la version `v`."""

    titre: str
    texte: str
    en_clair: str
    v: int


@dataclass(frozen=True)
class SaisiePresentation:
    """Le titre, le libellé et le préambule corrigés ; `vu` est la marque de ce qui était affiché."""

    titre: str
    libelle: str
    preambule: str
    vu: str


@dataclass(frozen=True)
class SaisieImage:
    """La description d'une image ; `ancien` est celle qui était affichée."""

    alt: str
    ancien: str

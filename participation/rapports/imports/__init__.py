"""Lire un rapport sans rien écrire : Markdown, docx et odt donnent la même analyse."""

from participation.common.errors import RefusMetier
from participation.rapports.imports import docx, markdown, odt
from participation.rapports.imports.analyse import Analyse, Ecart, ImageLue, SectionLue

__all__ = ["OCTETS_MAX", "Analyse", "Ecart", "ImageLue", "SectionLue", "analyser"]

OCTETS_MAX = 25_000_000
"""Octets, au plus, d'un docx ou d'un odt ; un Markdown est borné plus bas."""
LECTURES = {
    "md": (markdown.lire, markdown.OCTETS_MAX),
    "markdown": (markdown.lire, markdown.OCTETS_MAX),
    "txt": (markdown.lire, markdown.OCTETS_MAX),
    "docx": (docx.lire, OCTETS_MAX),
    "odt": (odt.lire, OCTETS_MAX),
}


def analyser(nom: str, octets: bytes) -> Analyse:
    """Ce que ce fichier contient. Lève RefusMetier, avec la phrase à montrer : format, taille, vide, abîmé, piégé."""
    extension = nom.rsplit(".", 1)[-1].lower() if "." in nom else ""
    if extension not in LECTURES:
        raise RefusMetier("forme", "Choisissez un fichier docx, odt ou md. Les autres formats ne se lisent pas ici.")
    lire, limite = LECTURES[extension]
    if len(octets) > limite:
        raise RefusMetier("forme", f"Ce fichier est trop lourd. La limite est {limite // 1_000_000} Mo.")
    if not octets.strip():
        raise RefusMetier("forme", "Ce fichier est vide.")
    return lire(octets)

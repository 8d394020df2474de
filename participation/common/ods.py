"""Les tableaux ODS : mêmes données, mêmes octets. Chaque case est un texte ou un nombre, jamais une formule (S10)."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence

from odfdo import Cell, Document, Paragraph, Row, Table

from participation.common.odt import recrire
from participation.common.tableurs import neutraliser

MIME = "application/vnd.oasis.opendocument.spreadsheet"
HORS_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Ce que XML 1.0 ne sait pas écrire : un signe de contrôle tapé dans un texte ne doit pas casser le fichier."""


def en_ods(titre: str, colonnes: Sequence[str], lignes: Iterable[Mapping[str, object]]) -> bytes:
    """Les octets d'un classeur d'une feuille : une ligne d'en-tête, puis les lignes."""
    document = Document("spreadsheet")
    document.body.clear()
    feuille = Table(titre)
    for valeurs in [colonnes, *([ligne[c] for c in colonnes] for ligne in lignes)]:
        rangee = Row()
        for valeur in valeurs:
            rangee.append_cell(_case(valeur))
        feuille.append_row(rangee)
    document.body.append(feuille)
    _dater_de_rien(document, titre)
    brut = io.BytesIO()
    document.save(brut)
    return recrire(brut)


def _case(valeur: object) -> Cell:
    if isinstance(valeur, int):
        return Cell(int(valeur))
    case = Cell()
    case.type = "string"
    for ligne in HORS_XML.sub("", neutraliser(str(valeur))).splitlines():
        case.append(Paragraph(ligne))
    return case


def _dater_de_rien(document: Document, titre: str) -> None:
    """Ni date, ni machine : le fichier ne dépend que de ses lignes."""
    meta = document.meta
    meta.set_title(titre)
    meta.set_language("fr-FR")
    meta.set_generator("Voix des quartiers")
    for element in meta.body.get_elements("meta:creation-date"):
        element.delete()

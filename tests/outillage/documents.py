"""Lire le texte d'un PDF sans programme extérieur : les essais tiennent sur une machine neuve."""

import io
import re
from pathlib import Path

import pikepdf


def texte_du_pdf(document: Path | bytes) -> str:
    """Le texte, dans l'ordre où le document l'écrit, relu par les tables de caractères de ses polices.

    Les mots d'une ligne gardent leurs espaces (insécables rendus ordinaires) ; rien n'est mis entre deux lignes.
    """
    lu: list[str] = []
    with pikepdf.open(io.BytesIO(document) if isinstance(document, bytes) else document) as pdf:
        for page in pdf.pages:
            lu.append(_page(page))
    return "".join(lu).replace("\u00a0", " ").replace("\u202f", " ")


def mots_serres(texte: str) -> str:
    """Sans aucun blanc : un mot cherché ne se cache pas dans une coupure de ligne."""
    return "".join(texte.split())


def _page(page: pikepdf.Page) -> str:
    tables = {nom: _table_de(police) for nom, police in page.Resources.get("/Font", {}).items()}
    lu: list[str] = []
    courante: dict[int, str] = {}
    for operandes, operateur in pikepdf.parse_content_stream(page):
        if str(operateur) == "Tf":
            courante = tables[str(operandes[0])]
        elif str(operateur) in ("Tj", "TJ"):
            morceaux = operandes[0] if str(operateur) == "TJ" else [operandes[0]]
            for octets in (bytes(m) for m in morceaux if isinstance(m, pikepdf.String)):
                codes = (int.from_bytes(octets[i : i + 2], "big") for i in range(0, len(octets), 2))
                lu.append("".join(courante.get(code, "") for code in codes))
    return "".join(lu)


def _table_de(police: pikepdf.Object) -> dict[int, str]:
    """Code → texte, d'après la table ToUnicode de la police."""
    texte = police.ToUnicode.read_bytes().decode()
    return {
        int(code, 16): bytes.fromhex(valeur).decode("utf-16-be")
        for code, valeur in re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", texte)
    }

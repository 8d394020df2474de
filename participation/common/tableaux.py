"""Lire un tableau Markdown : en-tête, alignements, lignes. Pur."""

import re
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt

_LECTEUR = MarkdownIt("commonmark", {"html": False}).enable("table")
NOMBRE = re.compile(r"^[-−+]?\d[\d\s.,\u00a0\u202f]*(?:€|%|k€|M€)?$")
_TOTAL = re.compile(r"^(?:sous-)?tota(?:l|ux)\b|^ensemble$", re.IGNORECASE)
_GRAS = re.compile(r"^(\*\*|__)(?P<dedans>.+)\1$", re.DOTALL)


@dataclass(frozen=True)
class Tableau:
    """Un tableau : les textes des cases sont du Markdown d'une ligne."""

    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    droites: frozenset[int]
    """Les colonnes alignées à droite : celles que le fichier dit, et celles qui ne portent que des nombres."""

    def is_total(self, ligne: tuple[str, ...]) -> bool:
        """Vrai pour une ligne qui additionne les autres : « Total », « Total 2024 », « Sous-total »."""
        return bool(ligne) and bool(_TOTAL.match(sans_gras(ligne[0])))

    def is_axe(self, ligne: tuple[str, ...]) -> bool:
        """Vrai pour une ligne de regroupement : première case en gras, sans être un total."""
        return bool(ligne) and bool(_GRAS.match(ligne[0].strip())) and not self.is_total(ligne)


def sans_gras(case: str) -> str:
    """Le texte de la case, sans les étoiles qui l'entourent."""
    case = case.strip()
    trouve = _GRAS.match(case)
    return trouve["dedans"].strip() if trouve else case


def is_nombre(case: str) -> bool:
    """Vrai pour « 1 651 592 € », « **19 %** », « 34 »."""
    return bool(NOMBRE.match(sans_gras(case)))


@lru_cache(maxsize=256)
def lire_tableau(source: str) -> Tableau | None:
    """Le premier tableau de ce Markdown, ou None."""
    entetes: list[str] = []
    lignes: list[list[str]] = []
    droites: set[int] = set()
    jetons = _LECTEUR.parse(source)
    for jeton, contenu in zip(jetons, [*jetons[1:], None], strict=True):
        if jeton.type == "table_close":
            break
        if jeton.type == "tr_open":
            lignes.append([])
        elif jeton.type in ("th_open", "td_open") and contenu is not None:
            if jeton.type == "th_open":
                entetes.append(contenu.content)
                if "right" in str(jeton.attrs.get("style", "")):
                    droites.add(len(entetes) - 1)
            else:
                lignes[-1].append(contenu.content)
    if not entetes:
        return None
    corps = tuple(tuple(ligne) for ligne in lignes[1:])
    for colonne in range(len(entetes)):
        remplies = [ligne[colonne] for ligne in corps if ligne[colonne].strip()]
        if remplies and all(is_nombre(case) for case in remplies):
            droites.add(colonne)
    return Tableau(tuple(entetes), corps, frozenset(droites))

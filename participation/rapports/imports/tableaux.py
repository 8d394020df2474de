"""Écrire un tableau en Markdown : en-tête juste, colonnes de nombres alignées à droite."""

import re

from participation.common.tableaux import is_nombre


def en_markdown(grille: list[list[str]], entetes: int) -> str:
    """Le tableau de cette grille dont les `entetes` premières lignes sont l'en-tête (réunies en une)."""
    largeur = max(len(ligne) for ligne in grille)
    lignes = [[_case(c) for c in ligne] + [""] * (largeur - len(ligne)) for ligne in grille]
    tete, corps = _reunir(lignes[:entetes]), lignes[entetes:]
    traits = ["---:" if _is_nombres([ligne[colonne] for ligne in corps]) else "---" for colonne in range(largeur)]
    return "\n".join("|" + "".join(f" {c} |" if c else " |" for c in ligne) for ligne in [tete, traits, *corps])


def _case(texte: str) -> str:
    return texte.replace("|", "\\|")


def _reunir(lignes: list[list[str]]) -> list[str]:
    """Une seule ligne d'en-tête, sans gras : elle l'est déjà par nature."""
    colonnes = zip(*lignes, strict=True)
    return [" — ".join(dict.fromkeys(c.replace("**", "") for c in colonne if c)) for colonne in colonnes]


def _is_nombres(cases: list[str]) -> bool:
    """Vrai si toutes les cases remplies sont des nombres, des montants ou des taux."""
    remplies = [case for case in cases if case.strip()]
    return bool(remplies) and all(is_nombre(case) for case in remplies)


def une_ligne(texte: str) -> str:
    """Le texte sur une ligne. Les espaces insécables restent : ils tiennent les montants."""
    return re.sub(r"[ \t\r\n]+", " ", texte).strip(" ")

"""Les couleurs d'une identité, rendues lisibles par calcul (WCAG 2.2, 1.4.3 : texte ≥ 4,5). Pur."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

HEXA = re.compile(r"#[0-9a-fA-F]{6}")
DEFAUT = ("#a02f1a", "#1e2a35", "#f7bd2b")
BLANC, NOIR = "#ffffff", "#000000"
AA, AAA = 4.5, 7.0
PAS = 100

Couleurs = tuple[str, str, str]


@dataclass(frozen=True)
class Theme:
    """Les couleurs fixes d'un thème, sur lesquelles l'identité se pose (tokens.css)."""

    papier: str
    surface: str
    creux: str
    encre: str
    vers_texte: str
    sur_ardoise: str = "#fbf8f1"
    sur_ardoise_2: str = "#c6ced5"
    sur_soleil: str = "#1a232c"


CLAIR = Theme(papier="#f6f4ee", surface="#ffffff", creux="#ebe7dd", encre="#1a232c", vers_texte=NOIR)
SOMBRE = Theme(
    papier="#11181f",
    surface="#1b252e",
    creux="#0c1217",
    encre="#f4f0e7",
    vers_texte=BLANC,
    sur_ardoise_2="#d0d8de",
)


def _canaux(couleur: str) -> tuple[int, int, int]:
    return int(couleur[1:3], 16), int(couleur[3:5], 16), int(couleur[5:7], 16)


def luminance(couleur: str) -> float:
    """La luminance relative de WCAG, de 0 à 1."""
    lineaires = [
        (c / 255) / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in _canaux(couleur)
    ]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def contraste(une: str, autre: str) -> float:
    """Le rapport de contraste de WCAG, de 1 à 21."""
    haute, basse = sorted((luminance(une), luminance(autre)), reverse=True)
    return (haute + 0.05) / (basse + 0.05)


def meler(une: str, autre: str, part: float) -> str:
    """`part` (0 à 1) de `autre` dans `une`."""
    canaux = [round(a + (b - a) * part) for a, b in zip(_canaux(une), _canaux(autre), strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*canaux)


def ajuster(couleur: str, *, fonds: Iterable[tuple[str, float]], vers: str) -> str:
    """La couleur la plus proche, en allant vers `vers`, qui tient chaque (fond, contraste). `vers` doit les tenir."""
    fonds = list(fonds)
    for pas in range(PAS + 1):
        candidate = meler(couleur, vers, pas / PAS)
        if all(contraste(candidate, fond) >= seuil for fond, seuil in fonds):
            return candidate
    return vers


def _action(couleur: str, theme: Theme) -> dict[str, str]:
    brique = ajuster(couleur, fonds=[(BLANC, AA)], vers=NOIR)
    if theme is SOMBRE:  # un bouton trop sombre se perdrait dans la page : l'éclaircir reste sous le seuil du blanc
        brique = ajuster(brique, fonds=[(theme.papier, 3.0)], vers=BLANC)
    pale = ajuster(meler(theme.surface, couleur, 0.14), fonds=[(theme.encre, AAA)], vers=theme.surface)
    fonds = [(theme.papier, AAA), (theme.surface, AAA), (theme.creux, AA), (pale, AA)]
    return {
        "brique": brique,
        "brique-fonce": meler(brique, NOIR, 0.25),
        "brique-texte": ajuster(couleur, fonds=fonds, vers=theme.vers_texte),
        "brique-pale": pale,
        "sur-brique": BLANC,
    }


def _fond_fort(couleur: str, theme: Theme) -> dict[str, str]:
    def second(premier: str) -> str:
        return meler(premier, BLANC, 0.07)

    candidate = couleur
    for pas in range(PAS + 1):
        candidate = meler(couleur, NOIR, pas / PAS)
        plan = second(candidate)
        if contraste(plan, theme.sur_ardoise) >= AAA and contraste(plan, theme.sur_ardoise_2) >= AA:
            break
    if theme is SOMBRE and contraste(candidate, theme.papier) < 1.25:
        candidate = ajuster(candidate, fonds=[(theme.papier, 1.25)], vers=BLANC)
    return {
        "ardoise": candidate,
        "ardoise-2": second(candidate),
        "sur-ardoise": theme.sur_ardoise,
        "sur-ardoise-2": theme.sur_ardoise_2,
    }


def _accent(couleur: str, theme: Theme, ardoise: dict[str, str]) -> dict[str, str]:
    soleil = ajuster(couleur, fonds=[(theme.sur_soleil, AA)], vers=BLANC)
    forts = [(ardoise["ardoise"], AA), (ardoise["ardoise-2"], AA), (theme.sur_soleil, AA)]
    return {
        "soleil": soleil,
        "soleil-fonce": meler(soleil, NOIR, 0.2),
        "soleil-pale": ajuster(meler(theme.surface, couleur, 0.2), fonds=[(theme.encre, AAA)], vers=theme.surface),
        "sur-soleil": theme.sur_soleil,
        "soleil-sur-ardoise": ajuster(soleil, fonds=forts, vers=BLANC),
    }


def propres(couleurs: Iterable[str]) -> Couleurs:
    """Les trois couleurs en minuscules ; une couleur illisible laisse la place à celle de la maison."""
    action, fort, accent = (c.lower() if HEXA.fullmatch(c or "") else d for c, d in zip(couleurs, DEFAUT, strict=True))
    return action, fort, accent


def jetons(couleurs: Couleurs, theme: Theme) -> dict[str, str]:
    """Les jetons d'un thème. Chaque paire texte sur fond tient AA, quelles que soient les couleurs données."""
    action, fort, accent = propres(couleurs)
    ardoise = _fond_fort(fort, theme)
    tous = _action(action, theme) | ardoise | _accent(accent, theme, ardoise)
    tous["brique-vive"] = ajuster(tous["brique"], fonds=[(ardoise["ardoise-2"], 1.5)], vers=BLANC)
    if contraste(tous["brique-vive"], BLANC) < AA:
        tous["brique-vive"] = tous["brique"]
    return tous


def feuille(couleurs: Couleurs) -> str:
    """La feuille de style de l'identité, pour les deux thèmes ; à l'impression, seuls l'action et l'accent changent."""
    if propres(couleurs) == DEFAUT:
        return "/* Les couleurs de la maison : voir tokens.css */\n"
    clair, sombre = jetons(couleurs, CLAIR), jetons(couleurs, SOMBRE)
    papier = {nom: valeur for nom, valeur in clair.items() if "ardoise" not in nom}
    return (
        f":root {{ {_declarations(papier)} }}\n"
        f"@media screen {{ :root {{ {_declarations(clair)} }} }}\n"
        "@media screen and (prefers-color-scheme: dark) "
        f'{{ :root:not([data-theme="clair"]) {{ {_declarations(sombre)} }} }}\n'
        f'@media screen {{ :root[data-theme="sombre"] {{ {_declarations(sombre)} }} }}\n'
    )


def _declarations(valeurs: dict[str, str]) -> str:
    return " ".join(f"--{nom}: {valeur};" for nom, valeur in valeurs.items())

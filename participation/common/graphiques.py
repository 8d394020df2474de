"""Les barres d'un tableau de montants, en SVG. Toujours à côté du tableau, jamais à sa place.

Sans attribut `style` (CSP), en `em` et en `%` : le dessin suit la taille du texte et la largeur de la page, se lit en
sombre, imprimé, et dans un PDF (dont le moteur ne lit que l'attribut `font-size` ; un navigateur suit la feuille).
"""

import re
import textwrap
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from participation.common.tableaux import Tableau, is_nombre, sans_gras

LARGEUR_LIGNE = 34
"""Signes par ligne : tient sur un téléphone de 320 pixels."""
_RANG = re.compile(r"^(?:Axe|Ambition|Enjeu|Objectif|Action)\s+\d+\s*:\s*(?=\S)")
PLEINE = 68
"""La plus longue barre, en % de la largeur : le reste est pour son montant."""
POLICE = "Atkinson Hyperlegible Next Variable, Atkinson Hyperlegible, Verdana, sans-serif"


@dataclass(frozen=True)
class Barre:
    """Une barre et son montant en euros. `groupe` : le regroupement sous lequel elle se range, s'il y en a."""

    libelle: str
    valeur: int
    montant: str
    groupe: str = ""


def barres(tableau: Tableau) -> tuple[Barre, ...]:
    """Les barres de ce tableau, ou rien s'il n'a pas de colonne de montants.

    Ni les totaux ni les regroupements (lignes en gras) n'ont de barre : chaque euro n'est dessiné qu'une fois.
    """
    colonne = colonne_des_montants(tableau)
    if colonne is None:
        return ()
    groupes = any(tableau.is_axe(ligne) for ligne in tableau.lignes)
    groupes = groupes and not all(tableau.is_axe(ligne) or tableau.is_total(ligne) for ligne in tableau.lignes)
    trouvees: list[Barre] = []
    groupe = ""
    for ligne in tableau.lignes:
        if tableau.is_total(ligne):
            continue
        if groupes and tableau.is_axe(ligne):
            groupe = _groupe(sans_gras(ligne[0]), sans_gras(ligne[colonne]))
        elif (valeur := en_euros(ligne[colonne])) is not None:
            trouvees.append(Barre(_libelle(tableau, ligne), valeur, sans_gras(ligne[colonne]), groupe))
    return tuple(trouvees) if len(trouvees) > 1 and any(b.valeur for b in trouvees) else ()


def colonne_des_montants(tableau: Tableau) -> int | None:
    """La première colonne dont toutes les cases remplies sont des montants en euros."""
    for colonne in range(1, len(tableau.entetes)):
        remplies = [ligne[colonne] for ligne in tableau.lignes if ligne[colonne].strip()]
        if remplies and all(en_euros(case) is not None for case in remplies):
            return colonne
    return None


def en_euros(case: str) -> int | None:
    """« 1 651 592 € » donne 1651592 ; les centimes sont arrondis ; None si ce n'est pas un montant positif en euros."""
    texte = sans_gras(case)
    if not is_nombre(texte) or not texte.endswith("€") or texte[0] in "-−":
        return None
    chiffres = re.sub(r"[^\d,]", "", re.sub(r"\.(?=\d{3})", "", texte))
    entier, _virgule, centimes = chiffres.partition(",")
    return int(entier or 0) + (centimes[:1] >= "5") if entier.isdigit() else None


def _libelle(tableau: Tableau, ligne: tuple[str, ...]) -> str:
    """La première case ; si elle revient sur plusieurs lignes, la suivante la précise."""
    premieres = [autre[0] for autre in tableau.lignes]
    textes = [sans_gras(case) for case in ligne if case.strip() and not is_nombre(case)]
    libelle = _RANG.sub("", ", ".join(textes[: 2 if premieres.count(ligne[0]) > 1 else 1]))
    return libelle.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _groupe(libelle: str, montant: str) -> str:
    """« Axe 1 : Des quartiers attentifs… » devient « Axe 1 (1 145 821 €) » : le tableau voisin dit le reste."""
    court = libelle.split(" : ")[0]
    return f"{court} ({_insecable(montant)})" if montant else court


def _insecable(montant: str) -> str:
    return montant.replace(" ", "\u00a0")


def svg_barres(dessinees: tuple[Barre, ...], titre: str) -> SafeString:
    """Le dessin. Son titre dit ce qu'il montre ; les mêmes nombres sont dans le tableau voisin."""
    plus_grande = max(barre.valeur for barre in dessinees) or 1
    y, groupe = 0.0, ""
    morceaux: list[SafeString] = []
    for barre in dessinees:
        if barre.groupe != groupe:
            groupe = barre.groupe
            textes, y = _lignes(groupe, y + (0.9 if y else 0), gras=True)
            morceaux.append(textes)
        textes, y = _lignes(barre.libelle, y + 0.35)
        largeur = f"{max(barre.valeur * PLEINE / plus_grande, 0.4):.2f}"
        morceaux += [textes, _barre(y, largeur, _insecable(barre.montant))]
        y += 1.5
    return format_html(
        '<svg class="barres" role="img" width="100%" height="{}em" font-size="12" font-family="{}" '
        'fill="currentColor"><title>{}</title>{}</svg>',
        f"{y + 0.2:.2f}",
        POLICE,
        titre,
        format_html_join("", "{}", ((morceau,) for morceau in morceaux)),
    )


def _lignes(texte: str, y: float, *, gras: bool = False) -> tuple[SafeString, float]:
    """Le texte coupé en lignes, et la hauteur atteinte."""
    coupees = textwrap.wrap(texte, LARGEUR_LIGNE, break_long_words=False, break_on_hyphens=False) or [""]
    poids = format_html(' font-weight="{}"', 700) if gras else ""
    rendues = format_html_join(
        "",
        '<text x="0" y="{}em"{}>{}</text>',
        ((f"{y + 1 + rang * 1.25:.2f}", poids, ligne) for rang, ligne in enumerate(coupees)),
    )
    return rendues, y + 1.25 * len(coupees)


def _barre(y: float, largeur: str, montant: str) -> SafeString:
    return format_html(
        '<rect class="barre" x="0" y="{}em" width="{}%" height="1em" fill="#a02f1a"/>'
        '<text x="{}%" y="{}em" dx="0.4em">{}</text>',
        f"{y + 0.2:.2f}",
        largeur,
        largeur,
        f"{y + 1.05:.2f}",
        montant,
    )

"""L'état d'une consultation en une phrase et en une image, pour la presse : des nombres, ni sens ni nom. Pur."""

import textwrap
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from consultations.etats import ATTENDUS, EXPRIMES, Etat
from consultations.queries import Bilan
from participation.common.dates import jour_a_paris, jour_long

LARGEUR, HAUTEUR = 1200, 630
BRIQUES_PAR_RANG = 12
RANGS_MAX = 4
PIED = 560
PHRASE_PAR_LIGNE, LIGNES_MAX = 58, 5
ENCRE, PAPIER, BRIQUE = "#2b211d", "#fffaf3", "#a02f1a"
POLICE = "Atkinson Hyperlegible Next, Atkinson Hyperlegible, Verdana, sans-serif"


def phrase(titre: str, bilan: Bilan, now: datetime) -> str:
    """Ce qu'un journal peut recopier tel quel : la part de celles qui ont parlé, puis ce qui reste (règles 5, 6)."""
    dits, n = bilan.exprimes, bilan.attendus
    jour = f"Au {jour_long(jour_a_paris(now))}"
    donne = f"{'ont' if dits > 1 else 'a'} donné {_leur(dits)} avis"
    debut = f"{jour}, {dits} {_s('instance', dits)} sur {n} {donne} sur « {titre} »"
    if not n:
        debut = f"{jour}, aucune instance n’est encore saisie de « {titre} »"
    suites = []
    if bilan.en_attente and bilan.echeance:
        peut = "peuvent" if bilan.en_attente > 1 else "peut"
        suites.append(f"{bilan.en_attente} {peut} encore répondre, jusqu’au {jour_long(bilan.echeance)} compris")
    if bilan.silences:
        suites.append(
            f"{bilan.silences} {'se sont tues' if bilan.silences > 1 else 's’est tue'} : {_repute(bilan.silences)}"
        )
    return ". ".join([debut, *suites]) + "."


def _s(mot: str, combien: int) -> str:
    return f"{mot}s" if combien > 1 else mot


def _leur(combien: int) -> str:
    return "leur" if combien > 1 else "son"


def _repute(combien: int) -> str:
    parle = "elles aient" if combien > 1 else "elle ait"
    return f"la loi tient {_leur(combien)} avis pour favorable, sans qu’{parle} parlé"


def image(titre: str, dite: str, bilan: Bilan) -> SafeString:
    """L'image en SVG : une brique pleine par instance qui a parlé, creuse pour les autres. Sans script ni style."""
    lignes = textwrap.wrap(dite, PHRASE_PAR_LIGNE)[:LIGNES_MAX]
    textes = format_html_join(
        "",
        '<text x="60" y="{}" font-size="32" fill="{}">{}</text>',
        ((180 + 46 * i, ENCRE, li) for i, li in enumerate(lignes)),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="titre phrase"'
        ' font-family="{}"><title id="titre">{}</title><desc id="phrase">{}</desc>'
        '<rect width="{}" height="{}" fill="{}"/><rect width="{}" height="16" fill="{}"/>'
        '<text x="60" y="105" font-size="46" font-weight="700" fill="{}">{}</text>{}{}'
        '<text x="60" y="600" font-size="24" fill="{}">Brique pleine : a parlé. Brique creuse : n’a rien dit.</text>'
        "</svg>",
        LARGEUR, HAUTEUR, POLICE, titre, dite, LARGEUR, HAUTEUR, PAPIER, LARGEUR, BRIQUE,
        ENCRE, textwrap.shorten(titre, 44, placeholder=" …"), textes, _mur(bilan), ENCRE,
    )  # fmt: skip


def _mur(bilan: Bilan) -> SafeString:
    """Les briques, de bas en haut : celles qui ont parlé portent les autres. Quatre rangs au plus."""
    pleines = sum(n for etat, n in bilan.par_etat.items() if etat in EXPRIMES)
    creuses = sum(n for etat, n in bilan.par_etat.items() if etat in ATTENDUS | {Etat.NON_SAISIE}) - pleines
    par_rang = max(BRIQUES_PAR_RANG, -(-(pleines + creuses) // RANGS_MAX))
    large = (LARGEUR - 120) / (par_rang + 0.5)
    briques = ((n % par_rang, n // par_rang, n < pleines) for n in range(pleines + creuses))
    return format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="36" rx="5" fill="{}" stroke="{}" stroke-width="3"{}/>',
        (
            (
                round(60 + large * (colonne + rang % 2 / 2), 1), PIED - 44 * (rang + 1), round(large - 6, 1),
                BRIQUE if is_pleine else PAPIER, BRIQUE if is_pleine else ENCRE,
                "" if is_pleine else format_html(' stroke-dasharray="{}"', "7 6"),
            )
            for colonne, rang, is_pleine in briques
        ),
    )  # fmt: skip

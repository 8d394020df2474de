"""Les QR des papiers, en SVG : nets à toute taille, sans image ni fichier."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

MARGE = 4
"""Modules blancs autour : sans eux, un téléphone ne trouve pas le carré."""


def en_svg(texte: str, *, titre: str) -> SafeString:
    """Le QR de ce texte. `titre` est dit par un lecteur d'écran, et devient le texte de remplacement dans un PDF."""
    qr = segno.make_qr(texte, error="m")
    traits, cote = [], 0
    for y, rangee in enumerate(list(r) for r in qr.matrix_iter(border=MARGE)):
        cote = len(rangee)
        traits += [f"M{debut} {y}h{long}v1h-{long}z" for debut, long in _suites(rangee)]
    dessin = '<svg class="qr" viewBox="0 0 {0} {0}" role="img" shape-rendering="crispEdges"><title>{1}</title>'
    return format_html(dessin + '<path d="{2}"/></svg>', cote, titre, "".join(traits))


def _suites(rangee: list[int]) -> list[tuple[int, int]]:
    """(début, longueur) de chaque suite de modules noirs."""
    suites: list[tuple[int, int]] = []
    debut = None
    for x, noir in enumerate([*rangee, 0]):
        if noir and debut is None:
            debut = x
        elif not noir and debut is not None:
            suites.append((debut, x - debut))
            debut = None
    return suites

"""Le QR dessiné est celui que la bibliothèque calcule, module par module, marge comprise."""

import re

import segno

from participation.common.qr import MARGE, en_svg


def test_le_dessin_a_les_memes_modules_que_le_calcul_et_un_titre() -> None:
    texte = "https://exemple.fr/lettre/#K7M2PQX4RT"
    dessin = str(en_svg(texte, titre="Carré à photographier"))
    traits = [(int(x), int(y), int(h)) for x, y, h in re.findall(r"M(\d+) (\d+)h(\d+)v1", dessin)]
    noirs = {(x + n, y) for x, y, long in traits for n in range(long)}
    calcul = segno.make_qr(texte, error="m").matrix_iter(border=MARGE)
    assert noirs == {(x, y) for y, rangee in enumerate(calcul) for x, noir in enumerate(rangee) if noir}
    assert "<title>Carré à photographier</title>" in dessin


def test_un_texte_forge_ne_sort_pas_du_titre() -> None:
    assert "<script>" not in str(en_svg("x", titre="<script>"))

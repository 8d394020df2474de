"""Le rapport réel, du fichier à la page et au PDF : rien ne s'y perd, rien ne s'y corrige (domaine.md §8)."""

import re
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from django.test import Client

from participation.demo.monde.outils import DONNEES
from tests.outillage.documents import mots_serres, texte_du_pdf

pytestmark = pytest.mark.une_base
ADRESSE = "/consultations/rapport-2024/"
SOURCE = (DONNEES / "rapport-2024.md").read_text()
# Le numéro vit à part du titre : le point qui le suit est celui du fichier.
TITRES = [
    re.sub(r"^#+\s+(?:(\d+)\.\s)?", r"\1 ", ligne).strip() for ligne in SOURCE.splitlines() if ligne.startswith("#")
]
MONTANTS = ("6 286 281 €", "1 989 939 €", "232 128 €", "1 426 923 €")
ANOMALIES = ("amégement", "a du être", "6 à 12 ans", "entre 7 et 11 ans", "PNRU", "19 %", "62 %")


class Lecture(HTMLParser):
    """Les titres et les cases de tableau du contenu principal."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.titres: list[str] = []
        self.cases: list[str] = []
        self.tableaux = 0
        self._dans = ""
        self.feed(page[page.index("<main") : page.index("</main>")])

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        self.tableaux += balise == "table"
        if re.fullmatch("h[1-6]|td|th", balise):
            self._dans = balise
            (self.titres if balise[0] == "h" else self.cases).append("")

    def handle_endtag(self, balise: str) -> None:
        if balise == self._dans:
            self._dans = ""

    def handle_data(self, texte: str) -> None:
        if self._dans:
            (self.titres if self._dans[0] == "h" else self.cases)[-1] += texte


def nu(texte: str) -> str:
    """Sans blanc, sans gras, apostrophes droites : ce que la typographie ne change pas."""
    return mots_serres(unescape(texte).replace("**", "").replace("’", "'"))


def cases_de_la_source() -> list[str]:
    lignes = [ligne for ligne in SOURCE.splitlines() if ligne.startswith("|") and not re.fullmatch(r"[| :-]+", ligne)]
    return [case for ligne in lignes for case in ligne.strip("|").split("|")]


def test_la_source_est_celle_du_domaine() -> None:
    assert len(TITRES) == 32
    assert len(re.findall(r"^\|[ :|-]+\|$", SOURCE, re.MULTILINE)) == 6


def test_la_page_rend_les_trente_deux_titres_les_six_tableaux_et_chaque_case(monde: datetime, client: Client) -> None:
    reponse = client.get(f"{ADRESSE}rapport/")
    assert reponse.status_code == 200
    page = Lecture(reponse.content.decode())
    assert [nu(titre) for titre in page.titres] == [nu(titre) for titre in TITRES]
    assert page.tableaux == 6
    assert [nu(case) for case in page.cases] == [nu(case) for case in cases_de_la_source()]
    lu = nu(re.sub(r"<[^>]+>", "", reponse.content.decode()))
    assert [m for m in (*MONTANTS, *ANOMALIES) if nu(m) not in lu] == []


def test_chaque_partie_se_lit_aussi_seule(monde: datetime, client: Client) -> None:
    sommaire = client.get(ADRESSE).content.decode()
    adresses = set(re.findall(rf'href="({ADRESSE}sections/[\w-]+/)"', sommaire))
    assert len(adresses) == 31
    assert nu("1 989 939 €") in nu(client.get(f"{ADRESSE}sections/2-2/").content.decode())
    assert {client.get(adresse).status_code for adresse in adresses} == {200}


def test_le_pdf_rend_les_memes_titres_et_les_memes_montants(monde: datetime, client: Client, tmp_path: Path) -> None:
    reponse = client.get(f"{ADRESSE}rapport.pdf")
    if reponse.status_code == 503:
        pytest.skip("les bibliothèques des PDF manquent")
    texte = nu(texte_du_pdf(reponse.content))
    assert [titre for titre in TITRES if nu(titre) not in texte] == []
    assert [m for m in (*MONTANTS, *ANOMALIES) if nu(m) not in texte] == []
    fichier = tmp_path / "rapport.pdf"
    fichier.write_bytes(reponse.content)
    with pikepdf.open(fichier) as pdf:
        genres = [str(o.S) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o]
    assert genres.count("/Table") == 6

"""Lire une consultation d'adresse « essai » comme tout le monde la lit : pages, annexe, PDF, données ouvertes."""

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from django.test import Client

from tests.outillage.documents import mots_serres, texte_du_pdf


def droit(texte: str) -> str:
    """Apostrophes et espaces ordinaires."""
    return re.sub("[\xa0\u202f]", " ", texte.replace("&#x27;", "'").replace("’", "'"))


def lire(adresse: str, client: Client | None = None) -> str:
    reponse = (client or Client()).get(adresse)
    assert reponse.status_code == 200, adresse
    octets = b"".join(reponse)
    if adresse.endswith(".odt"):
        octets = zipfile.ZipFile(io.BytesIO(octets)).read("content.xml")
    return droit(octets.decode())


def pdf(adresse: str) -> str:
    """Le texte du PDF, sans blancs. Sauté si les bibliothèques des PDF manquent à cette machine."""
    reponse = Client().get(adresse)
    if reponse.status_code == 503:
        pytest.skip("pango manque : pas de PDF ici")
    return mots_serres(droit(texte_du_pdf(b"".join(reponse))))


def lignes_csv() -> dict[str, dict[str, str]]:
    """Les lignes d'avis.csv, par nom d'instance."""
    octets = b"".join(Client().get("/consultations/essai/avis.csv"))
    return {li["ORGANE_NOM"]: li for li in csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";")}


def lignes_json() -> dict[str, dict[str, Any]]:
    return {li["ORGANE_NOM"]: li for li in Client().get("/consultations/essai/avis.json").json()}

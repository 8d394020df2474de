"""Les documents ODT : mêmes données, mêmes octets. Le repli des PDF, et ce qu'un service reprend à la main."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from odfdo import Cell, Document, Element, Header, Paragraph, Row, Table

EPOQUE = (1980, 1, 1, 0, 0, 0)
INUTILES = ("Thumbnails/", "Configurations2/")
MIME = "application/vnd.oasis.opendocument.text"


STYLES = {
    "ACompleter": '<style:paragraph-properties fo:background-color="#fff1c9" fo:border="0.75pt solid #8a5b00"'
    ' fo:padding="0.12cm" fo:margin-top="0.1cm" fo:margin-bottom="0.1cm"/>',
    "SautDePage": '<style:paragraph-properties fo:break-before="page"/>',
}
"""Les styles que nos documents ajoutent au modèle, quand ils servent."""


class Redaction:
    """Un document qu'on écrit de haut en bas : titres, paragraphes, tableaux."""

    def __init__(self, titre: str, *, instant: datetime) -> None:
        self.document = Document("text")
        self.document.body.clear()
        self._styles: set[str] = set()
        meta = self.document.meta
        meta.set_title(titre)
        meta.set_language("fr-FR")
        meta.set_creation_date(instant.replace(tzinfo=None))
        meta.set_modification_date(instant.replace(tzinfo=None))
        meta.set_generator("Voix des quartiers")

    def _ajouter(self, element: Element) -> None:
        self.document.body.append(element)

    def _style(self, nom: str) -> str:
        """Le nom d'un de nos styles, ajouté au document la première fois qu'il sert."""
        if nom not in self._styles:
            self._styles.add(nom)
            debut = f'<style:style style:name="{nom}" style:family="paragraph">'
            self.document.insert_style(f"{debut}{STYLES[nom]}</style:style>", automatic=True)
        return nom

    def titre(self, niveau: int, texte: str) -> None:
        """Un titre de niveau 1 à 6."""
        self._ajouter(Header(niveau, texte))

    def paragraphe(self, texte: str) -> None:
        """Un paragraphe par ligne non vide."""
        for ligne in texte.splitlines():
            if ligne.strip():
                self._ajouter(Paragraph(ligne.strip()))

    def a_completer(self, quoi: str) -> None:
        """Une ligne encadrée que le service remplit : elle se voit de loin, même en noir et blanc."""
        self._ajouter(Paragraph(f"À COMPLÉTER : {quoi}", style=self._style("ACompleter")))

    def saut_de_page(self) -> None:
        """La suite commence sur une page neuve."""
        self._ajouter(Paragraph("", style=self._style("SautDePage")))

    def faits(self, faits: Sequence[tuple[str, str]]) -> None:
        """Des lignes « nom : valeur » ; une valeur vide n'est pas écrite."""
        for nom, valeur in faits:
            if valeur:
                self._ajouter(Paragraph(f"{nom} : {valeur}"))

    def tableau(self, nom: str, entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> None:
        """Un tableau, précédé de son nom."""
        self._ajouter(Paragraph(nom))
        tableau = Table(nom)
        for valeurs in [entetes, *lignes]:
            rangee = Row()
            for valeur in valeurs:
                rangee.append_cell(Cell(text=valeur))
            tableau.append_row(rangee)
        self._ajouter(tableau)

    def octets(self) -> bytes:
        """Le fichier, récrit dans un ordre et à une date fixes."""
        brut = io.BytesIO()
        self.document.save(brut)
        return recrire(brut)


def recrire(brut: io.BytesIO) -> bytes:
    """Le même fichier, dans un ordre et à une date fixes : les mêmes données donnent les mêmes octets.

    `mimetype` d'abord, sans compression ; le reste trié, daté de 1980 ; vignette et réglages d'écran ôtés.
    """
    sortie = io.BytesIO()
    with zipfile.ZipFile(brut) as lu, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as ecrit:
        gardes = [n for n in lu.namelist() if not n.startswith(INUTILES) and not n.endswith("/")]
        for nom in sorted(gardes, key=lambda n: (n != "mimetype", n)):
            octets = lu.read(nom)
            if nom == "META-INF/manifest.xml":
                octets = _sans_inutiles(octets)
            methode = zipfile.ZIP_STORED if nom == "mimetype" else zipfile.ZIP_DEFLATED
            ecrit.writestr(zipfile.ZipInfo(nom, EPOQUE), octets, methode)
    return sortie.getvalue()


def _sans_inutiles(manifeste: bytes) -> bytes:
    lignes = manifeste.decode().replace("/>", "/>\n").splitlines(keepends=True)
    return "".join(ligne for ligne in lignes if not any(nom in ligne for nom in INUTILES)).encode()


def servir(octets: bytes, nom: str) -> HttpResponse:
    """Le fichier, à télécharger."""
    entetes = {"Content-Disposition": content_disposition_header(True, nom) or "attachment"}
    return HttpResponse(octets, content_type=MIME, headers=entetes)

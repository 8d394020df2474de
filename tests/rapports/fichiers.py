"""Fabrique, à partir du même rapport en Markdown, un docx (Office Open XML à la main) et un odt (odfdo)."""

import io
import re
import zipfile
from html import escape
from typing import Any

import pytest
from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from participation.common.errors import RefusMetier
from participation.rapports.imports import analyser

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
LIENS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""
TYPE_LIEN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LIENS_DOCUMENT = f"""<?xml version="1.0"?><Relationships
 xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="s" Type="{TYPE_LIEN}/styles" Target="styles.xml"/>
<Relationship Id="n" Type="{TYPE_LIEN}/numbering" Target="numbering.xml"/>
<Relationship Id="i" Type="{TYPE_LIEN}/image" Target="media/image1.png"/></Relationships>"""
STYLES = (
    f"<w:styles {W}>"
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="Titre{n}"><w:name w:val="heading {n}"/></w:style>' for n in range(1, 7)
    )
    + '<w:style w:type="paragraph" w:styleId="Citation"><w:name w:val="Quote"/></w:style></w:styles>'
)
NUMEROS = (
    f"<w:numbering {W}>"
    + "".join(
        f'<w:abstractNum w:abstractNumId="{n}">'
        + "".join(f'<w:lvl w:ilvl="{i}"><w:numFmt w:val="{forme}"/></w:lvl>' for i in range(3))
        + "</w:abstractNum>"
        for n, forme in ((0, "bullet"), (1, "decimal"))
    )
    + "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (0, 1))
    + "</w:numbering>"
)
IMAGE = """<w:r><w:drawing><wp:inline
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="a"
 descr="{alt}"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData
 uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic
 xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:embed="i"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></pic:blipFill></pic:pic>
</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"""


def rapport_2024() -> str:
    """Le vrai rapport."""
    return (settings.RACINE / "participation/demo/donnees/rapport-2024.md").read_text()


def jetons(markdown: str) -> list[Token]:
    """Les jetons de ce Markdown, lu par un lecteur ordinaire."""
    return MarkdownIt("commonmark").enable("table").parse(markdown)


def morceaux(inline: Token) -> list[tuple[str, bool, bool]]:
    """(texte, gras, italique) de cette ligne."""
    rendus, gras, italique = [], 0, 0
    for enfant in inline.children or []:
        gras += (enfant.type == "strong_open") - (enfant.type == "strong_close")
        italique += (enfant.type == "em_open") - (enfant.type == "em_close")
        if enfant.type in ("text", "softbreak"):
            rendus.append((enfant.content or " ", bool(gras), bool(italique)))
    return rendus


def png(largeur: int = 40, hauteur: int = 20) -> bytes:
    """Une petite image unie."""
    sortie = io.BytesIO()
    Image.new("RGB", (largeur, hauteur), "#a02f1a").save(sortie, "PNG")
    return sortie.getvalue()


def zipper(parties: dict[str, str | bytes]) -> bytes:
    """Ces parties dans un zip."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in parties.items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()


def docx_brut(corps: str, **autres: str | bytes) -> bytes:
    """Un docx dont voici le corps (éléments `w:p` et `w:tbl`)."""
    parties: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": LIENS,
        "word/document.xml": f"<?xml version='1.0'?><w:document {W}><w:body>{corps}</w:body></w:document>",
        "word/_rels/document.xml.rels": LIENS_DOCUMENT,
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMEROS,
        "word/media/image1.png": png(),
    }
    return zipper(parties | autres)


def paragraphe_docx(inline: Token | str, proprietes: str = "") -> str:
    """Un paragraphe Word."""
    runs = [(inline, False, False)] if isinstance(inline, str) else morceaux(inline)
    dedans = "".join(
        f"<w:r><w:rPr>{'<w:b/>' * g}{'<w:i/>' * i}</w:rPr><w:t xml:space='preserve'>{escape(t)}</w:t></w:r>"
        for t, g, i in runs
    )
    return f"<w:p><w:pPr>{proprietes}</w:pPr>{dedans}</w:p>"


def docx_de(markdown: str) -> bytes:
    """Ce Markdown, tel que Word l'enregistrerait."""
    corps, listes, citation, titre, entete = [], [], 0, "", False
    for jeton in jetons(markdown):
        citation += (jeton.type == "blockquote_open") - (jeton.type == "blockquote_close")
        match jeton.type:
            case "heading_open":
                titre = jeton.tag[1]
            case "bullet_list_open" | "ordered_list_open":
                listes.append(1 if jeton.type.startswith("bullet") else 2)
            case "bullet_list_close" | "ordered_list_close":
                listes.pop()
            case "table_open":
                corps.append("<w:tbl>")
            case "table_close":
                corps.append("</w:tbl>")
            case "thead_open" | "thead_close":
                entete = jeton.type == "thead_open"
            case "tr_open":
                corps.append("<w:tr>" + ("<w:trPr><w:tblHeader/></w:trPr>" if entete else ""))
            case "tr_close":
                corps.append("</w:tr>")
            case "th_open" | "td_open":
                corps.append("<w:tc>")
            case "th_close" | "td_close":
                corps.append("</w:tc>")
            case "inline":
                proprietes = ""
                if titre:
                    proprietes = f'<w:pStyle w:val="Titre{titre}"/>'
                elif listes:
                    niveau = f'<w:ilvl w:val="{len(listes) - 1}"/><w:numId w:val="{listes[-1]}"/>'
                    proprietes = f"<w:numPr>{niveau}</w:numPr>"
                elif citation:
                    proprietes = '<w:pStyle w:val="Citation"/>'
                titre = ""
                corps.append(paragraphe_docx(jeton, proprietes))
    return docx_brut("".join(corps))


def odt_de(markdown: str) -> bytes:
    """Ce Markdown, tel que LibreOffice l'enregistrerait (titres, listes, tableaux à ligne d'en-tête, citations)."""
    from odfdo import Document, Element

    document = Document("text")
    document.body.clear()
    for famille, nom, traits in (("G", "T1", 'fo:font-weight="bold"'), ("I", "T2", 'fo:font-style="italic"')):
        style = f'<style:style style:name="{nom}" style:family="text"><style:text-properties {traits}/></style:style>'
        document.insert_style(Element.from_tag(style), automatic=True)
        assert famille
    puce = '<text:list-level-style-number text:level="1" style:num-format="1"/>'
    document.insert_style(
        Element.from_tag(f'<text:list-style style:name="L1">{puce}</text:list-style>'), automatic=True
    )
    corps = re.sub(r">\s+<", "><", _odt_corps(markdown))
    for element in Element.from_tag(f"<text:section>{corps}</text:section>").children:
        document.body.append(element)
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _odt_corps(markdown: str) -> str:
    ouvre: dict[str, Any] = {
        "bullet_list_open": "<text:list>",
        "ordered_list_open": '<text:list text:style-name="L1">',
        "list_item_open": "<text:list-item>",
        "table_open": '<table:table table:name="T">',
        "thead_open": "<table:table-header-rows>",
        "tr_open": "<table:table-row>",
        "th_open": "<table:table-cell>",
        "td_open": "<table:table-cell>",
    }
    ferme = {
        "bullet_list_close": "</text:list>",
        "ordered_list_close": "</text:list>",
        "list_item_close": "</text:list-item>",
        "table_close": "</table:table>",
        "thead_close": "</table:table-header-rows>",
        "tr_close": "</table:table-row>",
        "th_close": "</table:table-cell>",
        "td_close": "</table:table-cell>",
    }
    rendu, titre, citation = [], "", 0
    for jeton in jetons(markdown):
        citation += (jeton.type == "blockquote_open") - (jeton.type == "blockquote_close")
        rendu.append(ouvre.get(jeton.type, "") or ferme.get(jeton.type, ""))
        if jeton.type == "heading_open":
            titre = jeton.tag[1]
        elif jeton.type == "inline":
            dedans = "".join(
                f'<text:span text:style-name="T{1 if g else 2}">{escape(t)}</text:span>' if g or i else escape(t)
                for t, g, i in morceaux(jeton)
            )
            style = ' text:style-name="Quotations"' if citation else ""
            rendu.append(
                f'<text:h text:outline-level="{titre}">{dedans}</text:h>'
                if titre
                else f"<text:p{style}>{dedans}</text:p>"
            )
            titre = ""
    return "".join(rendu)


def fichier(format: str, markdown: str) -> bytes:
    """Le même rapport dans ce format."""
    return {"md": str.encode, "docx": docx_de, "odt": odt_de}[format](markdown)


def refus(nom: str, octets: bytes) -> str:
    """La phrase du refus de ce fichier."""
    with pytest.raises(RefusMetier) as leve:
        analyser(nom, octets)
    assert leve.value.statut == 422
    assert leve.value.phrase.endswith(".")
    return leve.value.phrase

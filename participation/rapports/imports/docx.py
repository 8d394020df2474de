"""Lire un rapport en docx (Word, LibreOffice) par mammoth, après contrôle de l'archive."""

import io
import re
from typing import Any

from participation.common.errors import RefusMetier
from participation.rapports.imports.analyse import Analyse, Ecart
from participation.rapports.imports.archive import ILLISIBLE, verifier_archive
from participation.rapports.imports.decoupe import decouper
from participation.rapports.imports.depuis_html import html_en_markdown
from participation.rapports.imports.images import Album

STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1.titre:fresh",
        "p[style-name='Titre principal'] => h1.titre:fresh",
        *(f"p[style-name='Titre {n}'] => h{n}:fresh" for n in range(1, 7)),
        *(f"p[style-name='toc {n}'] => !" for n in range(1, 7)),
        *(f"p[style-name='TOC {n}'] => !" for n in range(1, 7)),
        "p[style-name='TOC Heading'] => !",
        *(
            f"p[style-name='{nom}'] => blockquote > p:fresh"
            for nom in ("Quote", "Intense Quote", "Quotations", "Citation")
        ),
        "b => strong",
        "i => em",
        "strike => s",
        "u =>",
    ]
)
TITRES = re.compile(r"<h([1-5])>(.*?)</h\1>", re.DOTALL)
STYLE_INCONNU = re.compile(r"Unrecognised (?:paragraph|run) style: '?(?P<nom>[^'(]{1,60})'?")
COURANTS = {
    "List Paragraph",
    "Body Text",
    "Text body",
    "Table Contents",
    "Table Heading",
    "Paragraphe de liste",
    "No Spacing",
}


def lire(octets: bytes) -> Analyse:
    """L'analyse d'un docx. Lève RefusMetier : archive abîmée, bombe, XML piégé, aucun titre."""
    verifier_archive(octets, format="docx", attendu="word/document.xml")
    album = Album()
    html, messages = _convertir(octets, album)
    ecarts = album.ecarts
    ecarts += _dits(messages)
    if 'class="titre"' in html:  # le titre du document est au-dessus des « Titre 1 »
        html = TITRES.sub(lambda t: f"<h{int(t[1]) + 1}>{t[2]}</h{int(t[1]) + 1}>", html)
    markdown = html_en_markdown(html, ecarts)
    return decouper(markdown, format="docx", images=tuple(album.images), ecarts=tuple(ecarts))


def _convertir(octets: bytes, album: Album) -> tuple[str, list[Any]]:
    """Le HTML de mammoth et ses remarques ; aucune image n'y est en clair, seulement son nom."""
    import mammoth

    def prendre(image: Any) -> dict[str, str]:
        with image.open() as flux:
            return {"src": album.prendre(flux.read(), image.alt_text or "")}

    try:
        rendu = mammoth.convert_to_html(
            io.BytesIO(octets),
            style_map=STYLES,
            convert_image=mammoth.images.img_element(prendre),
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except Exception as erreur:  # un docx mal formé fait lever n'importe quoi à mammoth
        raise RefusMetier("forme", ILLISIBLE.format(format="docx")) from erreur
    return str(rendu.value), list(rendu.messages)


def _dits(messages: list[Any]) -> list[Ecart]:
    """Les remarques de mammoth, en français, une fois chacune."""
    phrases: dict[str, None] = {}
    for message in messages:
        texte = str(message.message)
        if trouve := STYLE_INCONNU.search(texte):
            nom = trouve["nom"].strip()
            if nom not in COURANTS:
                phrases[f"Le style « {nom} » n'est pas connu : son texte est lu comme un paragraphe."] = None
        elif message.type == "error" or "ignored" in texte:
            phrases[f"Écarté : un élément que nous ne savons pas lire ({texte[:80]})."] = None
    return [Ecart(0, phrase) for phrase in phrases]

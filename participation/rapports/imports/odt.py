"""Lire un rapport en odt (LibreOffice) par odfdo, après contrôle de l'archive. Passe par le même HTML que le docx."""

import io
from html import escape
from typing import Any

from participation.common.errors import RefusMetier
from participation.rapports.imports.analyse import Analyse, Ecart
from participation.rapports.imports.archive import ILLISIBLE, verifier_archive
from participation.rapports.imports.decoupe import decouper
from participation.rapports.imports.depuis_html import html_en_markdown
from participation.rapports.imports.images import Album

REPETES_MAX = 60
PASSES = {
    "text:table-of-content": "Écarté : le sommaire du fichier. La plateforme refait le sien.",
    "text:tracked-changes": "Écarté : les modifications suivies. Seul le texte affiché est lu.",
    "office:annotation": "Écarté : un commentaire.",
    "office:annotation-end": "",
    "text:sequence-decls": "",
    "office:forms": "",
    "text:soft-page-break": "",
    "draw:object": "Écarté : un objet incorporé (graphique, formule).",
    "draw:object-ole": "Écarté : un objet incorporé (graphique, formule).",
    "svg:title": "",
    "svg:desc": "",
    "text:alphabetical-index": "Écarté : un index.",
}
TRANSPARENTS = {
    "text:section",
    "text:index-body",
    "draw:text-box",
    "draw:g",
    "table:table-rows",
    "table:table-header-columns",
}


def lire(octets: bytes) -> Analyse:
    """L'analyse d'un odt. Lève RefusMetier : archive abîmée, bombe, XML piégé, aucun titre."""
    verifier_archive(octets, format="odt", attendu="content.xml")
    album = Album()
    try:
        html = _Lecture(octets, album).html()
    except RefusMetier:
        raise
    except Exception as erreur:  # un odt mal formé fait lever n'importe quoi à odfdo
        raise RefusMetier("forme", ILLISIBLE.format(format="odt")) from erreur
    markdown = html_en_markdown(html, album.ecarts)
    return decouper(markdown, format="odt", images=tuple(album.images), ecarts=tuple(album.ecarts))


class _Lecture:
    """Parcourt le corps d'un odt et en écrit le HTML simple que lit `depuis_html`."""

    def __init__(self, octets: bytes, album: Album) -> None:
        from odfdo import Document

        self.document: Any = Document(io.BytesIO(octets))
        self.album = album
        self.dits: set[str] = set()
        self.styles: dict[tuple[str, str], Any] = {}
        self.decalage = 0

    def html(self) -> str:
        """Le document entier. Un style « Titre » au-dessus des titres numérotés décale ceux-ci d'un niveau."""
        corps = self.document.body
        self.decalage = int(any(self._is_style(p, "Title") for p in corps.get_elements("text:p")))
        return "".join(self._bloc(enfant) for enfant in corps.children)

    def _bloc(self, element: Any) -> str:
        balise = element.tag
        if balise in PASSES:
            return self._ecarter(PASSES[balise])
        if balise == "text:h":
            niveau = min(max(int(element.get_attribute("text:outline-level") or 1), 1) + self.decalage, 6)
            return f"<h{niveau}>{self._ligne(element)}</h{niveau}>"
        if balise == "text:p":
            return self._paragraphe(element)
        if balise == "text:list":
            return self._liste(element)
        if balise == "table:table":
            return self._tableau(element)
        if balise in TRANSPARENTS:
            return "".join(self._bloc(enfant) for enfant in element.children)
        return f"<p>{self._morceau(element)}</p>" if balise.startswith(("draw:", "text:")) else ""

    def _paragraphe(self, element: Any) -> str:
        dedans = self._ligne(element)
        if self._is_style(element, "Title"):
            return f"<h1>{dedans}</h1>"
        if self._is_style(element, "Quotations"):
            return f"<blockquote><p>{dedans}</p></blockquote>"
        return f"<p>{dedans}</p>"

    def _liste(self, element: Any, *, numerotee: bool = False) -> str:
        nom = element.get_attribute("text:style-name")
        style = self._style("list", nom) if nom else None
        if style is not None:
            numerotee = any(e.tag == "text:list-level-style-number" for e in style.children[:1])
        items = []
        for item in element.children:
            if item.tag not in ("text:list-item", "text:list-header"):
                continue
            blocs = (
                self._liste(e, numerotee=numerotee) if e.tag == "text:list" else self._bloc(e) for e in item.children
            )
            items.append(f"<li>{''.join(blocs)}</li>")
        balise = "ol" if numerotee else "ul"
        return f"<{balise}>{''.join(items)}</{balise}>"

    def _tableau(self, element: Any) -> str:
        tete, corps = [], []
        for enfant in element.children:
            if enfant.tag == "table:table-header-rows":
                tete += [self._rangee(r) for r in enfant.children if r.tag == "table:table-row"]
            elif enfant.tag == "table:table-row":
                corps.append(self._rangee(enfant))
            elif enfant.tag == "table:table-rows":
                corps += [self._rangee(r) for r in enfant.children if r.tag == "table:table-row"]
        debut = f"<thead>{''.join(tete)}</thead>" if any(tete) else ""
        return f"<table>{debut}<tbody>{''.join(corps)}</tbody></table>"

    def _rangee(self, rangee: Any) -> str:
        cellules = []
        for cellule in rangee.children:
            if cellule.tag != "table:table-cell":
                continue
            dedans = "".join(self._bloc(e) for e in cellule.children)
            fois = min(int(cellule.get_attribute("table:number-columns-repeated") or 1), REPETES_MAX)
            fusion = "".join(
                f' {html}="{int(valeur)}"'
                for html, odf in (("colspan", "columns"), ("rowspan", "rows"))
                if (valeur := cellule.get_attribute(f"table:number-{odf}-spanned"))
            )
            cellules += [f"<td{fusion}>{dedans}</td>"] * fois
        return f"<tr>{''.join(cellules)}</tr>" if any(c != "<td></td>" for c in cellules) else ""

    def _ligne(self, element: Any) -> str:
        """Le contenu d'un paragraphe : textes, gras, italique, liens, images."""
        morceaux = [escape(element.text or "")]
        for enfant in element.children:
            morceaux += [self._morceau(enfant), escape(enfant.tail or "")]
        return "".join(morceaux)

    def _morceau(self, element: Any) -> str:
        balise = element.tag
        if balise in PASSES:
            return self._ecarter(PASSES[balise])
        if balise in ("text:s", "text:tab"):
            return " "
        if balise == "text:line-break":
            return "<br>"
        if balise == "draw:frame":
            return self._cadre(element)
        if balise == "text:note":
            self._ecarter("Les notes de bas de page sont mises entre parenthèses, à leur place.")
            corps = element.get_element("text:note-body")
            return f" ({escape(' '.join(corps.text_recursive.split()))})" if corps is not None else ""
        dedans = self._ligne(element)
        if balise == "text:a":
            return f'<a href="{escape(element.get_attribute("xlink:href") or "")}">{dedans}</a>'
        return self._style_de_lettre(element, dedans) if balise == "text:span" else dedans

    def _style_de_lettre(self, element: Any, dedans: str) -> str:
        nom = element.get_attribute("text:style-name") or ""
        style = self._style("text", nom)
        traits = (style.get_properties(area="text") or {}) if style is not None else {}
        if "Strong" in nom or traits.get("fo:font-weight") in ("bold", "600", "700", "800", "900"):
            dedans = f"<strong>{dedans}</strong>"
        if "Emphasis" in nom.replace("Strong_20_Emphasis", "") or traits.get("fo:font-style") == "italic":
            dedans = f"<em>{dedans}</em>"
        return dedans

    def _cadre(self, cadre: Any) -> str:
        """Une image, ou le texte d'un cadre."""
        image = cadre.get_element("draw:image")
        if image is None:
            textes = [self._ligne(p) for p in cadre.get_elements("descendant::text:p")]
            return " ".join(textes) if textes else self._ecarter("Écarté : un objet incorporé (graphique, formule).")
        adresse = image.get_attribute("xlink:href") or ""
        dits = [e.text_recursive for nom in ("svg:desc", "svg:title") if (e := cadre.get_element(nom)) is not None]
        try:
            octets = self.document.container.get_part(adresse.removeprefix("./"))
        except (KeyError, ValueError, OSError):
            return self._ecarter("Écarté : une image qui n'est pas dans le fichier.")
        nom = self.album.prendre(octets, next((d for d in dits if d.strip()), "")) if isinstance(octets, bytes) else ""
        return f'<img src="{escape(nom)}">' if nom else ""

    def _style(self, famille: str, nom: str) -> Any:
        cle = (famille, nom)
        if cle not in self.styles:
            self.styles[cle] = self.document.get_style(famille, nom) if nom else None
        return self.styles[cle]

    def _is_style(self, element: Any, voulu: str) -> bool:
        """Vrai si le paragraphe porte ce style, ou un style automatique qui en hérite."""
        nom = element.get_attribute("text:style-name") or ""
        if nom == voulu:
            return True
        style = self._style("paragraph", nom)
        return style is not None and style.get_attribute("style:parent-style-name") == voulu

    def _ecarter(self, phrase: str) -> str:
        if phrase and phrase not in self.dits:
            self.dits.add(phrase)
            self.album.ecarts.append(Ecart(0, phrase))
        return ""

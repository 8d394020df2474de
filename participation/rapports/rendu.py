"""Montrer une partie du rapport : texte, tableaux accessibles, barres à côté des montants, images décrites.

Le texte passe par la porte de common.html ; tableaux et images sont écrits ici, case par case, par format_html.
"""

import base64
import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from participation.common.graphiques import barres, svg_barres
from participation.common.html import LONGUEUR, ligne_en_html, markdown_en_html
from participation.common.tableaux import Tableau, lire_tableau
from participation.rapports.models import Image, Section, Version
from participation.rapports.queries import images_de

_LECTEUR = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
_IMAGE = re.compile(r"!\[[^\]\n]{0,400}\]\(image:([\w-]{1,40})\)")


@dataclass(frozen=True)
class Bloc:
    """Un morceau de Markdown de premier plan : « texte », « tableau » ou « image » (la source est alors son nom)."""

    genre: str
    source: str


def blocs(texte: str) -> list[Bloc]:
    """Le texte en blocs, dans l'ordre. Les textes qui se suivent sont réunis, sous la borne du nettoyage."""
    lignes = texte.split("\n")
    rendus: list[Bloc] = []
    for jeton in _LECTEUR.parse(texte):
        if jeton.level or jeton.map is None or jeton.nesting < 0:
            continue
        source = "\n".join(lignes[slice(*jeton.map)]).strip("\n")
        images = _IMAGE.findall(source)
        source = _IMAGE.sub("", source).strip("\n") if images else source
        if jeton.type == "table_open":
            rendus.append(Bloc("tableau", source))
        elif source.strip():
            _ajouter_texte(rendus, source)
        rendus += [Bloc("image", nom) for nom in images]
    return rendus


def _ajouter_texte(rendus: list[Bloc], source: str) -> None:
    dernier = rendus[-1] if rendus else None
    if dernier and dernier.genre == "texte" and len(dernier.source) + len(source) + 2 <= LONGUEUR:
        rendus[-1] = Bloc("texte", f"{dernier.source}\n\n{source}")
    else:
        rendus.append(Bloc("texte", source))


def section_en_html(section: Section) -> SafeString:
    """Le texte de la partie, sans son titre."""
    if images := images_de(section):
        return _rendre(section.texte, section.titre, images)
    return _texte_en_html(section.texte, section.titre)


def preambule_en_html(version: Version) -> SafeString:
    """Ce qui précède la première partie."""
    return _texte_en_html(version.preambule, version.titre_lu)


@lru_cache(maxsize=512)
def _texte_en_html(texte: str, titre: str) -> SafeString:
    return _rendre(texte, titre, {})


def _rendre(texte: str, titre: str, images: dict[str, Image]) -> SafeString:
    rendus: list[SafeString] = []
    tableaux = 0
    for bloc in blocs(texte):
        if bloc.genre == "texte":
            rendus.append(markdown_en_html(bloc.source, lignes=False))
        elif bloc.genre == "image":
            rendus.append(image_en_html(images.get(bloc.source)))
        elif tableau := lire_tableau(bloc.source):
            tableaux += 1
            rendus.append(tableau_en_html(tableau, titre if tableaux == 1 else f"{titre} ({tableaux})"))
    return format_html_join("\n", "{}", ((rendu,) for rendu in rendus if rendu))


def tableau_en_html(tableau: Tableau, titre: str) -> SafeString:
    """Le tableau dans une région nommée ; ses barres après lui s'il porte des montants."""
    table = format_html(
        '<div class="tableau plat" role="region" tabindex="0" aria-label="Tableau : {}"><table>'
        '<caption class="vh">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        titre,
        titre,
        format_html_join("", "{}", ((_entete(tableau, i, case),) for i, case in enumerate(tableau.entetes))),
        format_html_join("", "{}", ((_ligne(tableau, ligne),) for ligne in tableau.lignes)),
    )
    dessinees = barres(tableau)
    if not dessinees:
        return table
    dit = f"Barres : {titre}. Les mêmes montants sont dans le tableau."
    return format_html(
        '<div class="avec-barres">{}<div class="barres-cadre">{}</div></div>', table, svg_barres(dessinees, dit)
    )


def _entete(tableau: Tableau, colonne: int, case: str) -> SafeString:
    classe = format_html(' class="{}"', "n") if colonne in tableau.droites else ""
    return format_html('<th scope="col"{}>{}</th>', classe, ligne_en_html(case))


def _ligne(tableau: Tableau, ligne: tuple[str, ...]) -> SafeString:
    genre = "total" if tableau.is_total(ligne) else "axe" if tableau.is_axe(ligne) else ""
    classe = format_html(' class="{}"', genre) if genre else ""
    return format_html("<tr{}>{}</tr>", classe, format_html_join("", "{}", _cases(tableau, ligne)))


def _cases(tableau: Tableau, ligne: tuple[str, ...]) -> list[tuple[SafeString]]:
    """La première case nomme la ligne, sauf si sa colonne porte des nombres."""
    rendues: list[tuple[SafeString]] = []
    for colonne, case in enumerate(ligne):
        texte = ligne_en_html(case)
        if colonne == 0 and 0 not in tableau.droites and case.strip():
            rendues.append((format_html('<th scope="row">{}</th>', texte),))
        else:
            classe = format_html(' class="{}"', "n") if colonne in tableau.droites else ""
            rendues.append((format_html("<td{}>{}</td>", classe, texte),))
    return rendues


def image_en_html(image: Image | None) -> SafeString:
    """L'image portée par la page elle-même : qui lit la page lit l'image, et personne d'autre."""
    if image is None:
        return SafeString("")
    octets = base64.b64encode(bytes(image.octets)).decode()
    return format_html(
        '<p class="image-rapport"><img src="data:{};base64,{}" alt="{}" width="{}" height="{}"></p>',
        image.type_mime,
        octets,
        image.alt or "Image sans description",
        image.largeur,
        image.hauteur,
    )

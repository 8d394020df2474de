"""La seule porte par où un texte écrit par une personne devient du HTML.

Le chemin : longueur bornée → markdown-it-py (le HTML tapé est rendu comme du texte, jamais lu) → bleach (liste courte)
→ nh3 (seconde barrière : bleach est en fin de vie). Rien n'est nettoyé ailleurs ; rien n'entre sans passer ici.
"""

import re
from functools import lru_cache

import bleach
import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

LONGUEUR = 10_000
"""Signes, au plus, d'un texte lu comme du Markdown : bleach est quadratique, la borne vient avant lui."""

BALISES = frozenset(
    {"a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "sub", "sup"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
ATTRIBUTS = {"a": ["href", "title"], "ol": ["start"]}
PROTOCOLES = frozenset({"http", "https", "mailto"})
# Signes qui trompent l'œil : inversions de sens de lecture, espaces de largeur nulle, commandes. Les séparateurs
# U+200C et U+200D restent : l'arabe, le persan et les emoji en ont besoin.
INVISIBLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")

# Ni titre (ils casseraient le plan de la page), ni image (une adresse étrangère suivrait les lecteurs), ni HTML.
_COUPES = ["image", "heading", "lheading", "html_block", "html_inline", "entity"]


def _lecteur(*, lignes: bool) -> MarkdownIt:
    lecteur = MarkdownIt("commonmark", {"html": False, "maxNesting": 20, "breaks": lignes})
    return lecteur.enable(["table", "strikethrough"]).disable(_COUPES)


_LECTEUR, _LECTEUR_LIGNES = _lecteur(lignes=False), _lecteur(lignes=True)
_NETTOYEUR = bleach.Cleaner(tags=BALISES, attributes=ATTRIBUTS, protocols=PROTOCOLES, strip=True, strip_comments=True)


def sans_invisibles(texte: str) -> str:
    """Le texte sans les signes qui ne se voient pas et changent ce qu'on lit. Fins de ligne unifiées."""
    return INVISIBLES.sub("", texte.replace("\r\n", "\n").replace("\r", "\n"))


def _nettoyer(html: str) -> str:
    """Les deux barrières, l'une après l'autre."""
    propre = _NETTOYEUR.clean(html)
    return nh3.clean(
        propre,
        tags=set(BALISES),
        attributes={balise: set(noms) for balise, noms in ATTRIBUTS.items()},
        url_schemes=set(PROTOCOLES),
        link_rel="nofollow noopener noreferrer",
    )


def _tableaux_accessibles(html: str) -> str:
    """Un tableau défile dans une région nommée ; ses cellules d'en-tête disent ce qu'elles coiffent.

    `html` sort de nh3 : `<table>` et `<th>` y sont écrits ainsi, sans attribut, et nulle part ailleurs (le texte est
    échappé).
    """
    ouvert = '<div class="tableau" role="region" tabindex="0" aria-label="Tableau"><table>'
    return (
        html.replace("<table>", ouvert).replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')
        if "<table>" in html
        else html
    )


@lru_cache(maxsize=1024)
def markdown_en_html(texte: str, *, lignes: bool = True) -> SafeString:
    """Le Markdown d'une personne, en HTML sûr. Pur : le résultat peut se garder.

    `lignes` : une fin de ligne tapée se voit ; faux pour un document dont les lignes sont coupées à la marge.

    Au-delà de LONGUEUR signes, le texte est rendu tel quel, échappé : rien n'est perdu, rien ne ralentit.
    """
    texte = sans_invisibles(texte)
    if len(texte) > LONGUEUR:
        return texte_simple(texte)
    # mark_safe : ce qui sort de nh3 et n'a reçu que des attributs écrits ici.
    return mark_safe(_tableaux_accessibles(_nettoyer((_LECTEUR_LIGNES if lignes else _LECTEUR).render(texte)).strip()))  # noqa: S308


@lru_cache(maxsize=4096)
def ligne_en_html(texte: str) -> SafeString:
    """Une ligne (cellule, légende) : gras, italique, liens ; ni paragraphe ni liste."""
    texte = " ".join(sans_invisibles(texte).split())
    if len(texte) > LONGUEUR or not re.search(r"[*_`\[\]<>~\\]", texte):
        return format_html("{}", texte)
    # mark_safe : ce qui sort de nh3.
    return mark_safe(_nettoyer(_LECTEUR.renderInline(texte)))  # noqa: S308


def texte_simple(texte: str) -> SafeString:
    """Un texte sans mise en forme : paragraphes et fins de ligne, tout échappé."""
    paragraphes = re.split(r"\n[ \t]*\n\s*", sans_invisibles(texte).strip())
    # mark_safe : une constante.
    return format_html_join(
        "\n",
        "<p>{}</p>",
        ((format_html_join(mark_safe("<br>"), "{}", ((ligne,) for ligne in p.split("\n"))),) for p in paragraphes if p),
    )

"""La porte du HTML : ce qui passe, ce qui ne passe pas, et jamais lentement."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.common.html import ATTRIBUTS, BALISES, LONGUEUR, ligne_en_html, markdown_en_html, texte_simple

ATTAQUES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "<data:text/html,alert(1)>",
    '[x](http://a.fr "\\" onmouseover=alert(1) x=\\"")',
    "[x](http://a.fr/\"onmouseover='alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](http://pisteur.exemple/un.png)",
    "| <img src=x onerror=alert(1)> | b |\n| --- | --- |\n| [x](javascript:alert(1)) | <script>alert(1)</script> |",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "# <script>alert(1)</script>",
    "> <style>*{display:none}</style>",
    "- <form action=//mal><input name=q></form>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p style=position:fixed onclick=alert(1)>x</p>",
    "<!--><script>alert(1)</script>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<base href=//mal.exemple>",
    "<meta http-equiv=refresh content='0;url=//mal'>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<a href='x' xlink:href='javascript:alert(1)'>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
]
PERMIS = {b: set(a) for b, a in ATTRIBUTS.items()} | {
    "div": {"class", "role", "tabindex", "aria-label"},
    "th": {"scope"},
}
PERMIS["a"] = PERMIS["a"] | {"rel"}


class Juge(HTMLParser):
    """Relit le HTML rendu comme un navigateur : chaque balise et chaque attribut doivent être permis."""

    def handle_starttag(self, balise: str, attributs: list[tuple[str, str | None]]) -> None:
        assert balise in BALISES | {"div"}, balise
        for nom, valeur in attributs:
            assert nom in PERMIS.get(balise, set()), (balise, nom)
            if nom == "href":
                assert re.match(r"https?://|mailto:|[^:]*$", valeur or ""), valeur

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"commentaire : {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"déclaration : {decl}")


def juger(html: str) -> None:
    """Lève AssertionError si le HTML contient autre chose que la liste courte."""
    juge = Juge(convert_charrefs=True)
    juge.feed(html)
    juge.close()


@pytest.mark.parametrize("attaque", ATTAQUES)
def test_aucune_attaque_ne_donne_autre_chose_que_la_liste_courte(attaque: str) -> None:
    for rendu in (markdown_en_html(attaque), ligne_en_html(attaque), texte_simple(attaque)):
        juger(rendu)


@pytest.mark.parametrize("attaque", ATTAQUES)
@pytest.mark.parametrize(
    "autour", ["**{}**", "- {}", "> {}", "| a |\n| --- |\n| {} |", "1. x\n   {}", "[{}](http://a.fr)"]
)
def test_une_attaque_entouree_de_markdown_reste_du_texte(attaque: str, autour: str) -> None:
    juger(markdown_en_html(autour.format(attaque)))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>/\\\"'=()[]`*_|:;&#!-\n ajxscript onerror", max_size=200))
def test_aucun_texte_au_hasard_ne_sort_de_la_liste_courte(texte: str) -> None:
    juger(markdown_en_html(texte))
    juger(ligne_en_html(texte))
    juger(texte_simple(texte))


def test_le_html_tape_se_lit_comme_du_texte() -> None:
    assert "&lt;b&gt;gras&lt;/b&gt;" in markdown_en_html("<b>gras</b>")


def test_une_esperluette_n_est_echappee_qu_une_fois() -> None:
    assert markdown_en_html("Maison & jardin") == "<p>Maison &amp; jardin</p>"


def test_la_mise_en_forme_simple_passe() -> None:
    rendu = markdown_en_html("**gras** *penché*\n\n- un\n- deux\n\n> cité\n\n[lien](https://exemple.fr)")
    for morceau in (
        "<strong>gras</strong>",
        "<em>penché</em>",
        "<li>un</li>",
        "<blockquote>",
        'href="https://exemple.fr"',
    ):
        assert morceau in rendu
    assert 'rel="nofollow noopener noreferrer"' in rendu


def test_ni_titre_ni_image_dans_un_texte_de_personne() -> None:
    rendu = markdown_en_html("# Grand\n\nTitre\n===\n\n![vue](http://ailleurs.exemple/a.png)")
    assert "<h1" not in rendu
    assert "<img" not in rendu
    assert "Grand" in rendu


def test_un_tableau_est_une_region_nommee_aux_en_tetes_dites() -> None:
    rendu = markdown_en_html("| a | b |\n| --- | ---: |\n| 1 | 2 |")
    assert 'role="region" tabindex="0" aria-label="Tableau"' in rendu
    assert rendu.count('<th scope="col">') == 2
    assert "style" not in rendu


def test_les_signes_invisibles_qui_trompent_l_oeil_sont_retires() -> None:
    assert markdown_en_html("a\u202eb\u200bc\ufeff") == "<p>abc</p>"
    assert texte_simple("a\u202eb\u2066c") == "<p>abc</p>"


def test_une_fin_de_ligne_tapee_se_voit_sauf_dans_un_document() -> None:
    assert "<br>" in markdown_en_html("une\ndeux")
    assert "<br>" not in markdown_en_html("une\ndeux", lignes=False)


def test_un_texte_trop_long_est_rendu_entier_et_echappe() -> None:
    texte = "**a**<b>" * LONGUEUR
    rendu = markdown_en_html(texte)
    assert "<strong>" not in rendu
    assert rendu.count("&lt;b&gt;") == LONGUEUR


@pytest.mark.parametrize(
    "motif",
    ["*", "[", "[a](", "**a", "_a_ ", "`a", ">", "- ", "<", "|-", "&", "*_", "![", "[[]]", "<a ", "~~", "http://a.b/",
     "\\", "> - ", "a@b.c ", "(", "<!--", "[a]:b\n", "\t", "1. ", "|a\n|-\n", "[](<", '"', "&#x", "~~~\n"],
)  # fmt: skip
def test_un_texte_pathologique_ne_ralentit_pas(motif: str) -> None:
    texte = (motif * LONGUEUR)[:LONGUEUR]
    depart = time.monotonic()
    juger(markdown_en_html(texte))
    # Mesuré autour de 0,1 s ; la borne large ne voit que l'explosion, pas la lenteur d'une machine chargée.
    assert time.monotonic() - depart < 10


def test_un_texte_simple_garde_paragraphes_et_lignes() -> None:
    assert texte_simple("a\nb\n\n\nc <i>") == "<p>a<br>b</p>\n<p>c &lt;i&gt;</p>"
    assert texte_simple("  ") == ""

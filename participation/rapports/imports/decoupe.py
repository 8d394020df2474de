"""Du Markdown aux sections : titres, numéros, ancres. Le texte entre deux titres est gardé mot pour mot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from participation.common.errors import RefusMetier
from participation.common.reference import en_adresse
from participation.rapports.imports.analyse import Analyse, Ecart, ImageLue, SectionLue
from participation.rapports.imports.tableaux import une_ligne

NUMERO = re.compile(
    r"^(?:(?P<points>\d{1,3}(?:\.\d{1,3}){1,5})[.)]?|(?P<seul>\d{1,3})[.)]|(?P<nu>\d{1,2})(?=\s+[^\W\d_a-zà-ÿ]))"
    r"\s+(?P<titre>\S.*)$"
)
"""« 2.3 Titre », « 1. Titre », « 1) Titre », « 1 Titre » ; mais « 25 quartiers au cœur » n'est pas numéroté."""
ANNEE = re.compile(r"\b(20\d\d)\b")
TITRE_MAX = 250
ANCRE_MAX = 120
SECTION_MAX = 100_000
BLOC_MAX = 10_000
SECTIONS_MAX = 400
LECTEUR = MarkdownIt("commonmark", {"html": True, "maxNesting": 40}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class _Titre:
    niveau: int
    texte: str
    debut: int  # première ligne du titre, à partir de 0
    fin: int  # première ligne après le titre


def decouper(texte: str, *, format: str, images: tuple[ImageLue, ...] = (), ecarts: tuple[Ecart, ...] = ()) -> Analyse:
    """L'analyse de ce Markdown. Lève RefusMetier : aucun titre, titre ou texte trop long, trop de parties."""
    lignes = texte.split("\n")
    jetons = LECTEUR.parse(texte)
    dits = list(ecarts)
    titres = list(_titres(jetons, dits))
    if not titres:
        raise RefusMetier("forme", "Nous n'avons trouvé aucun titre dans ce fichier. Un rapport a des titres.")
    titre, corps = _titre_du_rapport(titres)
    preambule = _entre(lignes, titre.fin if titre else 0, corps[0].debut if corps else len(lignes))
    if titre and (avant := _entre(lignes, 0, titre.debut)):
        dits.append(Ecart(1, "Le texte placé avant le titre est mis avec le préambule."))
        preambule = f"{avant}\n\n{preambule}".strip()
    _verifier_longueurs(jetons)
    sections = tuple(_sections(lignes, corps))
    return Analyse(
        format=format,
        titre=titre.texte if titre else "",
        annee=_annee(titre.texte if titre else ""),
        preambule=preambule,
        sections=sections,
        images=images,
        ecarts=tuple(sorted(dits, key=lambda ecart: ecart.ligne)),
        titres=len(titres),
        tableaux=sum(jeton.type == "table_open" for jeton in jetons),
    )


def _titres(jetons: list[Token], dits: list[Ecart]) -> Iterator[_Titre]:
    """Les titres de premier plan (ni dans une liste, ni dans une citation), sans leur mise en forme."""
    for jeton, contenu in pairwise(jetons):
        if jeton.type != "heading_open" or jeton.level or jeton.map is None:
            continue
        texte = une_ligne(_sans_mise_en_forme(contenu))
        if not texte:
            dits.append(Ecart(jeton.map[0] + 1, "Un titre vide est écarté."))
            continue
        if len(texte) > TITRE_MAX:
            raise RefusMetier("forme", f"Un titre dépasse {TITRE_MAX} signes : « {texte[:60]}… ».")
        yield _Titre(int(jeton.tag[1]), texte, jeton.map[0], jeton.map[1])


def _sans_mise_en_forme(contenu: Token) -> str:
    return "".join(
        enfant.content if enfant.type in ("text", "code_inline") else " " if enfant.type.endswith("break") else ""
        for enfant in contenu.children or []
    )


def _titre_du_rapport(titres: list[_Titre]) -> tuple[_Titre | None, list[_Titre]]:
    """Le premier titre, s'il est au-dessus de tous les autres, est celui du rapport."""
    premier, suite = titres[0], titres[1:]
    if suite and all(autre.niveau > premier.niveau for autre in suite):
        return premier, suite
    return None, titres


def _sections(lignes: list[str], titres: list[_Titre]) -> Iterator[SectionLue]:
    if len(titres) > SECTIONS_MAX:
        raise RefusMetier("forme", f"Ce fichier a {len(titres)} titres. La limite est {SECTIONS_MAX}.")
    plus_haut = min((t.niveau for t in titres), default=2)
    prises: set[str] = set()
    for titre, suivant in zip(titres, [*titres[1:], None], strict=True):
        numero, intitule = numero_et_titre(titre.texte)
        texte = _entre(lignes, titre.fin, suivant.debut if suivant else len(lignes))
        if len(texte) > SECTION_MAX:
            raise RefusMetier("forme", f"La partie « {intitule[:60]} » dépasse {SECTION_MAX} signes.")
        ancre = ancre_de(numero, intitule, prises)
        yield SectionLue(min(titre.niveau - plus_haut + 2, 6), numero, intitule, ancre, texte)


def numero_et_titre(texte: str) -> tuple[str, str]:
    """« 2.3 Le Fonds » donne (« 2.3 », « Le Fonds ») ; « 1. Un contrat » donne (« 1 », « Un contrat »)."""
    if trouve := NUMERO.match(texte):
        return trouve["points"] or trouve["seul"] or trouve["nu"], trouve["titre"].strip()
    return "", texte


def ancre_de(numero: str, titre: str, prises: set[str]) -> str:
    """Le numéro en tirets (`2-3`), sinon le titre entier en adresse (œ → oe). Unique parmi `prises`, qui la retient."""
    base = (numero.replace(".", "-") or en_adresse(titre) or "partie")[:ANCRE_MAX].strip("-")
    ancre, rang = base, 2
    while ancre in prises:
        ancre, rang = f"{base[: ANCRE_MAX - 5]}-{rang}", rang + 1
    prises.add(ancre)
    return ancre


def _entre(lignes: list[str], debut: int, fin: int) -> str:
    return "\n".join(lignes[debut:fin]).strip("\n").rstrip()


def _annee(titre: str) -> int | None:
    """La dernière année citée par le titre."""
    annees = ANNEE.findall(titre)
    return int(annees[-1]) if annees else None


def _verifier_longueurs(jetons: list[Token]) -> None:
    """Chaque paragraphe, liste ou cellule tient sous la borne du nettoyage (common.html)."""
    for jeton in jetons:
        if jeton.type in ("inline", "fence", "code_block") and len(jeton.content) > BLOC_MAX:
            debut = jeton.content[:60].replace("\n", " ")
            raise RefusMetier("forme", f"Un paragraphe dépasse {BLOC_MAX} signes : « {debut}… ». Coupez-le.")

"""Du HTML d'un document (docx, odt) au Markdown : titres, paragraphes, listes, citations, tableaux, images."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from participation.rapports.imports.analyse import Ecart
from participation.rapports.imports.tableaux import en_markdown, une_ligne

VIDES = {"br", "img", "hr", "input"}
BLOCS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "table", "blockquote", "div", "hr", "section"}
STRUCTURE = BLOCS | {"li", "thead", "tbody", "tr", "td", "th"}
DEBUT_ACTIF = re.compile(
    r"^(?P<signe>#{1,6}(?=\s|$)|>|[-+](?=\s|$)|={2,}|-{2,}|~{3,}|\|)|^(?P<rang>\d{1,9})(?=[.)](?:\s|$))"
)


@dataclass
class Noeud:
    """Une balise et ce qu'elle contient : textes et balises, dans l'ordre."""

    balise: str
    attributs: dict[str, str] = field(default_factory=dict)
    enfants: list["Noeud | str"] = field(default_factory=list)

    def texte(self) -> str:
        """Tout le texte, sans mise en forme."""
        return "".join(e if isinstance(e, str) else " " if e.balise == "br" else e.texte() for e in self.enfants)

    def tous(self, *balises: str) -> list["Noeud"]:
        """Les descendants de ces balises, dans l'ordre, sans entrer dans un tableau imbriqué."""
        trouves: list[Noeud] = []
        for enfant in self.enfants:
            if isinstance(enfant, Noeud):
                if enfant.balise in balises:
                    trouves.append(enfant)
                elif enfant.balise != "table":
                    trouves += enfant.tous(*balises)
        return trouves


class _Arbre(HTMLParser):
    """Monte l'arbre d'un HTML bien formé (écrit par mammoth ou par notre lecteur d'odt)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pile = [Noeud("racine")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        noeud = Noeud(tag, {nom: valeur or "" for nom, valeur in attrs})
        self.pile[-1].enfants.append(noeud)
        if tag not in VIDES:
            self.pile.append(noeud)

    def handle_endtag(self, tag: str) -> None:
        if len(self.pile) > 1 and self.pile[-1].balise == tag:
            self.pile.pop()

    def handle_data(self, data: str) -> None:
        self.pile[-1].enfants.append(data)


def html_en_markdown(html: str, ecarts: list[Ecart]) -> str:
    """Le Markdown de ce HTML. Ce qui ne s'y dit pas est ajouté à `ecarts`."""
    arbre = _Arbre()
    arbre.feed(html)
    arbre.close()
    return "\n\n".join(bloc for bloc in _blocs(arbre.pile[0], ecarts) if bloc) + "\n"


def _blocs(parent: Noeud, ecarts: list[Ecart]) -> list[str]:
    """Les blocs de ce parent ; les textes épars qui se suivent font un paragraphe."""
    rendus: list[str] = []
    epars: list[Noeud | str] = []
    for enfant in [*parent.enfants, None]:
        if enfant is not None and (isinstance(enfant, str) or enfant.balise not in BLOCS):
            epars.append(enfant)
            continue
        if epars:
            rendus += _paragraphe(Noeud("p", {}, epars))
            epars = []
        if isinstance(enfant, Noeud):
            rendus += _bloc(enfant, ecarts)
    return rendus


def _bloc(noeud: Noeud, ecarts: list[Ecart]) -> list[str]:
    if re.fullmatch("h[1-6]", noeud.balise):
        titre = _echapper(une_ligne(noeud.texte()))
        return [f"{'#' * int(noeud.balise[1])} {titre}", *_images(noeud)] if titre else _images(noeud)
    if noeud.balise in ("ul", "ol"):
        return [_liste(noeud, ecarts)]
    if noeud.balise == "table":
        return _tableau(noeud, ecarts)
    if noeud.balise == "blockquote":
        return ["\n".join(f"> {ligne}".rstrip() for ligne in "\n\n".join(_blocs(noeud, ecarts)).split("\n"))]
    if noeud.balise in ("div", "section"):
        return _blocs(noeud, ecarts)
    return ["* * *"] if noeud.balise == "hr" else _paragraphe(noeud)


def _paragraphe(noeud: Noeud) -> list[str]:
    """Le paragraphe, puis ses images, chacune seule sur sa ligne."""
    texte = _ligne(noeud.enfants).strip()
    texte = re.sub(r"[ \t]*\\\n[ \t]*", "\\\\\n", texte).strip().removesuffix("\\").rstrip()
    return [*([_debut_inactif(texte)] if texte else []), *_images(noeud)]


def _images(noeud: Noeud) -> list[str]:
    return [f"![](image:{image.attributs['src']})" for image in noeud.tous("img") if image.attributs.get("src")]


def _debut_inactif(texte: str) -> str:
    """Un paragraphe qui commence comme une liste ou un titre reste un paragraphe."""

    def proteger(trouve: re.Match[str]) -> str:
        return f"\\{trouve['signe']}" if trouve["signe"] else f"{trouve['rang']}\\"

    return "\n".join(DEBUT_ACTIF.sub(proteger, ligne) for ligne in texte.split("\n"))


def _ligne(enfants: list["Noeud | str"]) -> str:
    """Du texte avec gras, italique, liens et fins de ligne forcées."""
    return "".join(_morceau(enfant) for enfant in _fusionner(enfants))


def _fusionner(enfants: list["Noeud | str"]) -> list["Noeud | str"]:
    """Deux gras qui se touchent n'en font qu'un (sinon leurs étoiles se collent)."""
    rendus: list[Noeud | str] = []
    for enfant in enfants:
        dernier = rendus[-1] if rendus else None
        if (
            isinstance(enfant, Noeud)
            and isinstance(dernier, Noeud)
            and enfant.balise == dernier.balise in ("strong", "em", "s")
        ):
            rendus[-1] = Noeud(dernier.balise, {}, [*dernier.enfants, *enfant.enfants])
        else:
            rendus.append(enfant)
    return rendus


def _morceau(enfant: "Noeud | str") -> str:
    if isinstance(enfant, str):
        return _echapper(re.sub(r"[ \t\n]+", " ", enfant))
    if enfant.balise == "br":
        return "\\\n"
    if enfant.balise == "img":
        return ""
    dedans = _ligne(enfant.enfants)
    if marque := {"strong": "**", "em": "*", "s": "~~"}.get(enfant.balise):
        return _entourer(dedans, marque)
    adresse = enfant.attributs.get("href", "")
    if enfant.balise == "a" and dedans.strip() and re.match(r"(https?://|mailto:)[^\s<>()]+$", adresse):
        return f"[{dedans}]({adresse})"
    return dedans


def _entourer(dedans: str, marque: str) -> str:
    """Les espaces restent dehors : `** a**` ne serait pas du gras."""
    coeur = dedans.strip()
    if not coeur or coeur == "\\":
        return dedans
    avant, apres = dedans[: len(dedans) - len(dedans.lstrip())], dedans[len(dedans.rstrip()) :]
    return f"{avant}{marque}{coeur}{marque}{apres}"


def _echapper(texte: str) -> str:
    """Le texte du document n'est jamais pris pour du Markdown."""
    texte = re.sub(r"\\(?=[!-/:-@\[-`{-~])", r"\\\\", texte)
    texte = re.sub(r"([*`])", r"\\\1", texte)
    texte = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", texte)
    texte = re.sub(r"\[(?=[^\]]*\][(\[:])", r"\\[", texte)
    texte = texte.replace("~~", "\\~~")
    return re.sub(r"<(?=[A-Za-z/!?])", r"\\<", texte)


def _liste(noeud: Noeud, ecarts: list[Ecart]) -> str:
    lignes: list[str] = []
    rang = int(noeud.attributs.get("start") or 1)
    for item in noeud.enfants:
        if not isinstance(item, Noeud) or item.balise != "li":
            continue
        puce = f"{rang}. " if noeud.balise == "ol" else "- "
        rang += 1
        blocs = _blocs(item, ecarts) or [""]
        colle = "\n" if all(b.lstrip().startswith(("- ", "1. ")) for b in blocs[1:]) else "\n\n"
        corps = colle.join(blocs).split("\n")
        lignes += [f"{puce}{corps[0]}".rstrip(), *(f"{' ' * len(puce)}{suite}".rstrip() for suite in corps[1:])]
    return "\n".join(lignes)


def _tableau(noeud: Noeud, ecarts: list[Ecart]) -> list[str]:
    """Le tableau en Markdown ; un tableau d'une seule colonne n'est qu'une mise en page : il redevient du texte."""
    lignes = noeud.tous("tr")
    cellules = [ligne.tous("td", "th") for ligne in lignes]
    if max((len(c) for c in cellules), default=0) < 2:
        if any(cellules):
            ecarts.append(Ecart(0, "Un cadre d'une seule colonne est lu comme du texte."))
        return [bloc for ligne in cellules for cellule in ligne for bloc in _blocs(cellule, ecarts)]
    if any(cellule.tous("table") for ligne in cellules for cellule in ligne):
        ecarts.append(Ecart(0, "Un tableau placé dans un tableau est lu comme du texte."))
    entetes = sum(1 for tete in noeud.tous("thead") for _ in tete.tous("tr"))
    grille = _grille(cellules, ecarts)
    images = [image for ligne in cellules for cellule in ligne for image in _images(cellule)]
    return [en_markdown(grille, entetes or 1), *images]


def _grille(cellules: list[list[Noeud]], ecarts: list[Ecart]) -> list[list[str]]:
    """Une case par colonne : une cellule fusionnée en hauteur est répétée, en largeur elle est suivie de vides."""
    tenues: dict[int, tuple[int, str]] = {}
    grille: list[list[str]] = []
    fusion = False
    for ligne in cellules:
        rendue: list[str] = []
        restantes = list(ligne)
        while restantes or len(rendue) in tenues:
            colonne = len(rendue)
            if colonne in tenues:
                reste, texte = tenues.pop(colonne)
                if reste > 1:
                    tenues[colonne] = (reste - 1, texte)
                rendue.append(texte)
                continue
            cellule = restantes.pop(0)
            texte = _cellule(cellule)
            large, haut = _fusion(cellule, "colspan"), _fusion(cellule, "rowspan")
            fusion = fusion or large > 1 or haut > 1
            for decalage in range(large):
                rendue.append("" if decalage else texte)
                if haut > 1:
                    tenues[colonne + decalage] = (haut - 1, "" if decalage else texte)
        grille.append(rendue)
    if fusion:
        ecarts.append(Ecart(0, "Des cellules fusionnées sont séparées ; relisez le tableau."))
    return grille


def _fusion(cellule: Noeud, nom: str) -> int:
    valeur = cellule.attributs.get(nom, "1")
    return min(int(valeur), 60) if valeur.isdigit() and valeur != "0" else 1


def _cellule(noeud: Noeud) -> str:
    """Une cellule tient sur une ligne : ses paragraphes sont mis bout à bout."""
    morceaux: list[str] = []
    epars: list[Noeud | str] = []
    for enfant in [*noeud.enfants, None]:
        if enfant is not None and (isinstance(enfant, str) or enfant.balise not in STRUCTURE):
            epars.append(enfant)
            continue
        if epars:
            morceaux.append(_ligne(epars))
            epars = []
        if isinstance(enfant, Noeud):
            morceaux.append(_cellule(enfant))
    return une_ligne(" ".join(morceaux).replace("\\\n", " "))

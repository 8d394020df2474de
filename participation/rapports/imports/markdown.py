"""Lire un rapport en Markdown : le texte est gardé mot pour mot ; HTML et images du dehors sont écartés, et dits."""

import base64
import binascii
import re

from participation.common.errors import RefusMetier
from participation.rapports.imports.analyse import Analyse, Ecart
from participation.rapports.imports.decoupe import LECTEUR, decouper
from participation.rapports.imports.images import Album

OCTETS_MAX = 2_000_000
IMAGE = re.compile(r"!\[(?P<alt>[^\]\n]{0,400})\]\((?P<adresse><[^>\n]*>|[^\s)]*)[^)\n]{0,400}\)")
EN_LIGNE = re.compile(r"data:image/[a-z+.-]{1,20};base64,")
SAUT = re.compile(r"<br\s*/?>", re.IGNORECASE)
LIGNE_MAX = 20_000


def lire(octets: bytes) -> Analyse:
    """L'analyse d'un fichier Markdown en UTF-8. Lève RefusMetier : codage, binaire, taille, aucun titre."""
    album = Album()
    texte = _sans_html(_images(_texte(octets), album), album.ecarts)
    return decouper(texte, format="Markdown", images=tuple(album.images), ecarts=tuple(album.ecarts))


def _texte(octets: bytes) -> str:
    try:
        texte = octets.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as illisible:
        phrase = "Ce fichier n'est pas du texte en UTF-8. Enregistrez-le en UTF-8, ou importez le docx ou l'odt."
        raise RefusMetier("forme", phrase) from illisible
    if re.search(r"[\x00-\x08\x0e-\x1f]", texte):
        raise RefusMetier("forme", "Ce fichier n'est pas du texte.")
    return texte


def _images(texte: str, album: Album) -> str:
    """Les images portées par le fichier sont prises ; celles du dehors sont écartées, leur description reste."""
    lignes = texte.split("\n")
    for rang, ligne in enumerate(lignes):
        if "![" not in ligne:
            continue
        if len(ligne) > LIGNE_MAX and not EN_LIGNE.search(ligne):
            raise RefusMetier("forme", f"La ligne {rang + 1} est trop longue pour être lue.")
        lignes[rang] = IMAGE.sub(lambda trouvee, n=rang + 1: _image(trouvee, n, album), ligne)  # type: ignore[misc]
    return "\n".join(lignes)


def _image(trouvee: re.Match[str], ligne: int, album: Album) -> str:
    alt, adresse = trouvee["alt"], trouvee["adresse"].strip("<>")
    if not (entete := EN_LIGNE.match(adresse)):
        album.ecarts.append(Ecart(ligne, f"Écarté : une image qui n'est pas dans le fichier ({adresse[:60]})."))
        return alt
    try:
        octets = base64.b64decode(adresse[entete.end() :], validate=True)
    except binascii.Error:
        octets = b""
    nom = album.prendre(octets, alt, ligne=ligne)
    return f"![](image:{nom})" if nom else alt


def _sans_html(texte: str, ecarts: list[Ecart]) -> str:
    """Retire les blocs HTML et les commentaires ; une balise dans une phrase est lue comme du texte. Tout est dit."""
    lignes = texte.split("\n")
    for jeton in LECTEUR.parse(texte):
        if jeton.map is None:
            continue
        debut, fin = jeton.map
        if jeton.type == "html_block":
            debut_lu = jeton.content.strip().split("\n")[0][:60]
            ecarts.append(Ecart(debut + 1, f"Écarté : du code HTML ({debut_lu})."))
            lignes[debut:fin] = [""] * (fin - debut)
        elif jeton.type == "inline" and any(e.type == "html_inline" for e in jeton.children or []):
            ecarts.append(Ecart(debut + 1, "Une balise HTML dans une phrase est lue comme du texte."))
            lignes[debut:fin] = [SAUT.sub(" ", ligne) for ligne in lignes[debut:fin]]
    return "\n".join(lignes)

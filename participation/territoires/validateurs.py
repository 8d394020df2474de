"""Le contrôle du logo : un PNG véritable, ou un SVG sans rien d'actif ni d'extérieur."""

import io
import re
from typing import Any

from django.core.exceptions import ValidationError
from lxml import etree  # type: ignore[import-untyped]
from PIL import Image, UnidentifiedImageError

LOGO_OCTETS = 200 * 1024
LOGO_COTE = 2000
SVG = "http://www.w3.org/2000/svg"
FORMES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
BALISES = FORMES | {"svg", "g", "title", "desc", "defs", "linearGradient", "radialGradient", "stop"}
BALISES |= {"clipPath", "mask", "use", "symbol"}
ADRESSE_EXTERIEURE = re.compile(r"(?i)url\(\s*['\"]?(?!#)|javascript:|data:|https?:|//|@import|expression\(")


def valider_logo(fichier: Any) -> None:
    """Lève ValidationError si ce n'est ni un PNG lisible ni un SVG inerte, ou s'il dépasse 200 Ko."""
    if fichier.size > LOGO_OCTETS:
        raise ValidationError("Le logo pèse plus de 200 Ko. Allégez-le.")
    fichier.seek(0)
    octets = fichier.read()
    fichier.seek(0)
    nom = (fichier.name or "").lower()
    if octets.startswith(b"\x89PNG\r\n\x1a\n") and nom.endswith(".png"):
        _valider_png(octets)
    elif nom.endswith(".svg"):
        _valider_svg(octets)
    else:
        raise ValidationError("Le logo est un fichier .svg ou .png.")


def _valider_png(octets: bytes) -> None:
    try:
        with Image.open(io.BytesIO(octets), formats=["PNG"]) as image:
            trop_grand = max(image.size) > LOGO_COTE
            if not trop_grand:
                image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as erreur:
        raise ValidationError("Ce PNG est illisible.") from erreur
    if trop_grand:
        raise ValidationError(f"Le logo dépasse {LOGO_COTE} pixels de côté.")


def _valider_svg(octets: bytes) -> None:
    if b"<!DOCTYPE" in octets or b"<!ENTITY" in octets:
        raise ValidationError("Ce SVG contient une déclaration DOCTYPE : enregistrez-le sans elle.")
    analyseur = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        racine = etree.fromstring(octets, analyseur)
    except (etree.XMLSyntaxError, ValueError) as erreur:
        raise ValidationError("Ce SVG est illisible.") from erreur
    if racine.tag != f"{{{SVG}}}svg":
        raise ValidationError("Ce fichier n'est pas un dessin SVG.")
    for element in racine.iter():
        _valider_element(element)


def _valider_element(element: Any) -> None:
    if element.tag is etree.Comment:
        return
    nom = etree.QName(element).localname if isinstance(element.tag, str) else str(element.tag)
    espace = etree.QName(element).namespace if isinstance(element.tag, str) else None
    if espace != SVG or nom not in BALISES:
        raise ValidationError(f"Ce SVG contient un élément refusé : « {nom} ». Seul le dessin est admis.")
    for cle, valeur in element.attrib.items():
        attribut = etree.QName(cle).localname.lower()
        is_lien = attribut == "href" and not valeur.strip().startswith("#")
        if attribut.startswith("on") or is_lien or ADRESSE_EXTERIEURE.search(valeur):
            raise ValidationError(f"Ce SVG contient un attribut refusé : « {attribut} ».")

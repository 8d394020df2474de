"""Lire un fichier de territoire : le JSON complet, ou une liste de quartiers en CSV ou en GeoJSON. Pur : rien en base.

Le format se reconnaît au contenu, jamais au nom. Un fichier faux lève `FichierFaux`, qui dit toutes ses fautes.
"""

import json

from participation.territoires.imports.lignes import (
    FichierFaux,
    LigneAmbition,
    LigneCommune,
    LigneContrat,
    LigneEnjeu,
    LigneEpci,
    LigneQuartier,
    LigneTerme,
    Lu,
)
from participation.territoires.imports.quartiers import lire_csv, lire_geojson
from participation.territoires.imports.territoire import lire_territoire

OCTETS_MAX = 64 * 1024 * 1024

__all__ = [
    "FichierFaux",
    "LigneAmbition",
    "LigneCommune",
    "LigneContrat",
    "LigneEnjeu",
    "LigneEpci",
    "LigneQuartier",
    "LigneTerme",
    "Lu",
    "lire",
]


def lire(octets: bytes) -> Lu:
    """Les lignes d'un fichier de territoire (64 Mo au plus). Lève `FichierFaux`."""
    if len(octets) > OCTETS_MAX:
        raise FichierFaux("le fichier", "Il pèse plus de 64 Mo. Gardez seulement votre département.")
    texte = _decoder(octets)
    if not texte.strip():
        raise FichierFaux("le fichier", "Il est vide.")
    if texte.lstrip()[0] not in "{[":
        return lire_csv(texte)
    try:
        contenu = json.loads(texte)
    except (json.JSONDecodeError, RecursionError) as erreur:
        ou = (
            f"ligne {erreur.lineno}, signe {erreur.colno}" if isinstance(erreur, json.JSONDecodeError) else "le fichier"
        )
        raise FichierFaux(ou, "Le JSON est mal formé ou coupé.") from erreur
    if not isinstance(contenu, dict):
        raise FichierFaux("le fichier", "Le JSON doit être un objet : un territoire, ou une FeatureCollection GeoJSON.")
    if contenu.get("type") == "FeatureCollection":
        return lire_geojson(contenu)
    return lire_territoire(contenu)


def _decoder(octets: bytes) -> str:
    """UTF-8 (avec ou sans marque), sinon Windows-1252 : les deux encodages des tableurs français."""
    for encodage in ("utf-8-sig", "cp1252"):
        try:
            texte = octets.decode(encodage)
        except UnicodeDecodeError:
            continue
        if "\0" not in texte:
            return texte
    raise FichierFaux("le fichier", "Ce n'est pas un texte lisible (ni UTF-8, ni Windows-1252).")

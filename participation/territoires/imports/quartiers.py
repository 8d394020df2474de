"""Une liste officielle de quartiers : CSV (tableur) ou GeoJSON (contours gardés)."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from participation.common.reference import en_adresse
from participation.territoires import rules
from participation.territoires.imports.lignes import Carnet, FichierFaux, LigneQuartier, Lu

COLONNES: dict[str, tuple[str, ...]] = {
    "code": ("code", "code-qp", "code-qpv", "codeqp", "code-quartier", "code-officiel", "code-qp2024", "code-qp-2024"),
    "nom": ("nom", "nom-qp", "nom-qpv", "lib-qp", "nom-quartier", "quartier", "quartier-prioritaire", "libelle"),
    "insee": ("insee", "code-insee", "insee-com", "insee-commune", "code-commune", "codgeo", "com", "code-com"),
    "commune": (
        "commune",
        "communes",
        "lib-com",
        "nom-com",
        "nom-commune",
        "commune-qp",
        "noms-des-communes-concernees",
    ),
    "type": ("type", "type-quartier", "type-de-quartier", "statut", "categorie"),
}
SEPARATEURS = re.compile(r"\s*[,;/|]\s*")
PROFONDEUR = {"Polygon": 1, "MultiPolygon": 2}


def lire_csv(texte: str) -> Lu:
    """Les quartiers d'un tableau. La première ligne nomme les colonnes. Lève `FichierFaux`."""
    entete = texte.lstrip("\n\r").splitlines()[0]
    separateur = max(";\t,|", key=entete.count)
    lecteur = csv.reader(io.StringIO(texte.lstrip("\n\r"), newline=""), delimiter=separateur)
    try:
        titres, *rangees = list(lecteur)
    except csv.Error as erreur:
        raise FichierFaux(f"ligne {lecteur.line_num}", "Le tableau est mal formé.") from erreur
    colonnes = _colonnes(titres)
    carnet = Carnet()
    objets = []
    for numero, rangee in enumerate(rangees, start=2):
        if len(rangee) > len(titres):
            carnet.faute(f"ligne {numero}", f"{len(rangee)} cases pour {len(titres)} colonnes.")
        elif any(case.strip() for case in rangee):
            objets.append((f"ligne {numero}", _cases(colonnes, dict(enumerate(rangee))), None))
    return _conclure(carnet, objets, "CSV de quartiers")


def lire_geojson(contenu: Mapping[str, Any]) -> Lu:
    """Les quartiers et les contours d'une FeatureCollection en WGS 84. Lève `FichierFaux`."""
    carnet = Carnet()
    objets = []
    for ou, element in carnet.objets(contenu, "features"):
        proprietes = element.get("properties")
        if not isinstance(proprietes, dict):
            carnet.faute(ou, "Il manque « properties ».")
            continue
        cases = _cases(_colonnes(list(proprietes), ou), dict(enumerate(proprietes.values())))
        objets.append((ou, cases, _contour(carnet, ou, element.get("geometry"))))
    return _conclure(carnet, objets, "GeoJSON de quartiers")


def _colonnes(titres: list[str], ou: str = "ligne 1") -> dict[str, int]:
    """Le rang de chaque colonne connue, par son nom usuel."""
    adresses = [en_adresse(str(titre).replace("_", " ")) for titre in titres]
    rangs = {}
    for champ, noms in COLONNES.items():
        if trouve := next((nom for nom in noms if nom in adresses), None):
            rangs[champ] = adresses.index(trouve)
    if "nom" not in rangs:
        raise FichierFaux(
            ou, f"Aucune colonne ne donne le nom du quartier. Noms compris : {', '.join(COLONNES['nom'])}."
        )
    if "insee" not in rangs and "commune" not in rangs:
        raise FichierFaux(ou, "Aucune colonne ne donne la commune. Nommez-la « commune » ou « insee ».")
    return rangs


def _cases(colonnes: Mapping[str, int], rangee: Mapping[int, Any]) -> dict[str, str]:
    valeurs = {champ: rangee.get(rang) for champ, rang in colonnes.items()}
    return {champ: " ".join(str(v).split()) for champ, v in valeurs.items() if v is not None}


def _contour(carnet: Carnet, ou: str, geometrie: Any) -> dict[str, Any] | None:
    """Le contour tel quel, s'il est un polygone en longitude et latitude ; None s'il est absent."""
    if geometrie is None:
        return None
    profondeur = PROFONDEUR.get(geometrie.get("type", "")) if isinstance(geometrie, dict) else None
    if profondeur is None:
        carnet.faute(ou, "Le contour doit être un Polygon ou un MultiPolygon.")
        return None
    if not _is_wgs84(geometrie.get("coordinates"), profondeur):
        carnet.faute(ou, "Le contour n'est pas en longitude et latitude (WGS 84).")
        return None
    return {"type": geometrie["type"], "coordinates": geometrie["coordinates"]}


def _is_wgs84(valeur: Any, profondeur: int) -> bool:
    if not isinstance(valeur, list) or not valeur:
        return False
    if profondeur:
        return all(_is_wgs84(v, profondeur - 1) for v in valeur)
    return all(
        isinstance(point, list)
        and len(point) >= 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in point)
        and abs(point[0]) <= 180
        and abs(point[1]) <= 90
        for point in valeur
    )


def _conclure(carnet: Carnet, objets: Iterable[tuple[str, dict[str, str], dict[str, Any] | None]], format_: str) -> Lu:
    lignes: dict[tuple[str, ...], LigneQuartier] = {}
    for ou, cases, contour in objets:
        ligne = _ligne(carnet, ou, cases, contour)
        if ligne is None:
            continue
        cle = (ligne.code,) if ligne.code else (en_adresse(ligne.nom), *ligne.communes)
        deja = lignes.get(cle)
        if deja and en_adresse(deja.nom) != en_adresse(ligne.nom):
            carnet.faute(ou, f"Le code {ligne.code} est déjà celui de « {deja.nom} » ({deja.ou}).")
        elif deja:
            communes = dict.fromkeys((*deja.communes, *ligne.communes))
            lignes[cle] = replace(deja, communes=tuple(communes), contour=deja.contour or ligne.contour)
        else:
            lignes[cle] = ligne
    if not lignes and not carnet.fautes and not carnet.ecartes:
        carnet.faute("le fichier", "Aucun quartier n'y est.")
    carnet.conclure()
    return Lu(format=format_, quartiers=tuple(lignes.values()), ecartes=tuple(carnet.ecartes))


def _ligne(carnet: Carnet, ou: str, cases: dict[str, str], contour: dict[str, Any] | None) -> LigneQuartier | None:
    nom, code = carnet.texte(cases, "nom", ou, maximum=160), carnet.texte(cases, "code", ou, maximum=12) or None
    if not nom:
        carnet.ecarter(ou, "quartier sans nom : un nom ne s'invente pas")
        return None
    type_, remarque = rules.type_de_quartier(cases.get("type"), code)
    communes = SEPARATEURS.split(cases.get("insee") or cases.get("commune") or "")
    return LigneQuartier(
        ou=ou,
        nom=nom,
        type=type_,
        code=code,
        communes=tuple(c for c in communes if c),
        contour=contour,
        source="liste de quartiers importée",
        remarque=remarque,
    )

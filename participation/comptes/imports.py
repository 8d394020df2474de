"""Lire une liste de membres : un texte entre, des lignes et des fautes en français sortent. Sans base.

Encodages : UTF-8 (avec ou sans marque), UTF-16 d'un tableur, Windows-1252. Séparateurs : « ; », « , », tabulation. Une
formule est un texte comme un autre : elle est gardée telle quelle, et neutralisée à chaque sortie.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from participation.common.reference import en_adresse
from participation.common.tableurs import DEBUTS_DE_FORMULE

OCTETS_MAX, LIGNES_MAX = 300_000, 500
COLONNES = ("instance", "nom_usage", "courriel", "role", "college", "designation", "du", "au")
EXIGEES = ("instance", "nom_usage", "role")
BORNES = {"nom_usage": 80, "courriel": 254, "college": 60, "designation": 60, "instance": 160}
ALIAS = {
    "conseil": "instance", "nom": "nom_usage", "nom-d-usage": "nom_usage", "email": "courriel", "e-mail": "courriel",
    "mail": "courriel", "adresse-courriel": "courriel", "mode-de-designation": "designation", "debut": "du",
    "premier-jour": "du", "fin": "au", "dernier-jour": "au",
} | {c.replace("_", "-"): c for c in COLONNES}  # fmt: skip
ROLES = {
    "presidence": "PRESIDENCE", "president": "PRESIDENCE", "presidente": "PRESIDENCE", "president-e": "PRESIDENCE",
    "membre": "MEMBRE", "suppleance": "SUPPLEANCE", "suppleant": "SUPPLEANCE", "suppleante": "SUPPLEANCE",
    "suppleant-e": "SUPPLEANCE", "secretariat": "SECRETARIAT", "secretariat-habilite": "SECRETARIAT",
    "secretaire": "SECRETARIAT",
}  # fmt: skip
DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")


@dataclass(frozen=True)
class Faute:
    """Ce qui ne va pas, et à quelle ligne du fichier (l'en-tête est la ligne 1)."""

    ligne: int
    phrase: str

    def __str__(self) -> str:
        return f"Ligne {self.ligne} : {self.phrase}"


@dataclass(frozen=True)
class Membre:
    """Une ligne bien formée. `instance` est encore le nom écrit ; `au` est le dernier jour, compris."""

    ligne: int
    instance: str
    nom: str
    role: str
    courriel: str
    college: str
    designation: str
    du: date | None
    au: date | None


def en_texte(octets: bytes) -> str | None:
    """Le texte d'un fichier, ou None si ce n'en est pas un."""
    encodages = ["utf-16"] if octets[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encodage in encodages:
        try:
            texte = octets.decode(encodage)
        except UnicodeError:
            continue
        return None if "\0" in texte else texte
    return None


def lire(texte: str) -> tuple[list[Membre], list[Faute]]:
    """Les lignes bien formées, et toutes les fautes de forme. Une ligne vide est ignorée."""
    texte = texte.lstrip("\ufeff")
    try:
        rangees = list(_rangees(texte))
    except csv.Error:
        return [], [Faute(1, "ce tableau est mal fermé. Enregistrez-le de nouveau en CSV.")]
    if not rangees:
        return [], [Faute(1, "le fichier est vide.")]
    (numero, entete), *corps = rangees
    colonnes = [_colonne(titre) for titre in entete]
    if fautes := list(_fautes_d_entete(numero, entete, colonnes)):
        return [], fautes
    if len(corps) > LIGNES_MAX:
        return [], [Faute(numero, f"{LIGNES_MAX} personnes au plus par fichier.")]
    if not corps:
        return [], [Faute(numero, "il n’y a personne sous les titres.")]
    return _lire_les_lignes(corps, colonnes)


def _rangees(texte: str) -> Iterator[tuple[int, list[str]]]:
    premiere = next((li for li in texte.splitlines() if li.strip()), "")
    separateur = max(";,\t", key=lambda s: sum(_colonne(t) in COLONNES for t in premiere.split(s)))
    lecteur = csv.reader(io.StringIO(texte), delimiter=separateur, strict=True)
    for rangee in lecteur:
        if any(case.strip() for case in rangee):
            yield lecteur.line_num, rangee


def _colonne(titre: str) -> str:
    cle = en_adresse(titre.strip().strip('"').replace("_", "-"))
    return ALIAS.get(cle, cle)


def _fautes_d_entete(numero: int, entete: list[str], colonnes: list[str]) -> Iterator[Faute]:
    for titre, colonne in zip(entete, colonnes, strict=True):
        if titre.strip() and colonne not in COLONNES:
            yield Faute(numero, f"la colonne « {titre.strip()[:60]} » n’est pas attendue. Retirez-la.")
    for exigee in EXIGEES:
        if exigee not in colonnes:
            yield Faute(numero, f"il manque la colonne « {exigee} ».")
    for double in sorted({c for c in colonnes if c and colonnes.count(c) > 1}):
        yield Faute(numero, f"la colonne « {double} » est deux fois.")


def _lire_les_lignes(corps: list[tuple[int, list[str]]], colonnes: list[str]) -> tuple[list[Membre], list[Faute]]:
    membres: list[Membre] = []
    fautes: list[Faute] = []
    for numero, rangee in corps:
        if len(rangee) > len(colonnes) and any(c.strip() for c in rangee[len(colonnes) :]):
            fautes.append(Faute(numero, "il y a plus de cases que de titres."))
            continue
        lus = dict.fromkeys(COLONNES, "") | {c: _propre(v) for c, v in zip(colonnes, rangee, strict=False) if c}
        phrases = list(_fautes_de(lus))
        fautes += [Faute(numero, phrase) for phrase in phrases]
        if not phrases:
            membres.append(_membre(numero, lus))
    return membres, fautes


def _propre(case: str) -> str:
    """La case sans blancs autour, ni l'apostrophe que nos tableaux mettent devant une formule."""
    texte = " ".join(case.split())
    return texte[1:] if texte[:1] == "'" and texte[1:2] in DEBUTS_DE_FORMULE else texte


def _fautes_de(lus: dict[str, str]) -> Iterator[str]:
    for colonne in EXIGEES:
        if not lus[colonne]:
            yield f"il manque « {colonne} »."
    for colonne, borne in BORNES.items():
        if len(lus[colonne]) > borne:
            yield f"« {colonne} » est trop long : {borne} signes au plus."
    if not all(valeur.isprintable() for valeur in lus.values()):
        yield "il y a un signe invisible. Retapez cette ligne."
    if lus["role"] and en_adresse(lus["role"]) not in ROLES:
        yield f"le rôle « {lus['role'][:60]} » n’existe pas : présidence, membre, suppléance ou secrétariat."
    if lus["courriel"] and not _is_courriel(lus["courriel"]):
        yield f"le courriel « {lus['courriel'][:80]} » n’est pas complet."
    jours = {c: _jour(lus[c]) for c in ("du", "au")}
    for colonne in jours:
        if lus[colonne] and jours[colonne] is None:
            yield f"la date « {lus[colonne][:30]} » ne se lit pas. Écrivez 01/09/2025."
    if jours["du"] and jours["au"] and jours["au"] < jours["du"]:
        yield "le mandat finit avant de commencer."


def _is_courriel(texte: str) -> bool:
    try:
        validate_email(texte)
    except ValidationError:
        return False
    return True


def _jour(texte: str) -> date | None:
    for forme in DATES:
        try:
            lu = datetime.strptime(texte, forme).date()  # noqa: DTZ007 : une date, sans heure
        except ValueError:
            continue
        return lu if 2000 <= lu.year <= 2099 else None
    return None


def _membre(numero: int, lus: dict[str, str]) -> Membre:
    return Membre(
        ligne=numero, instance=lus["instance"], nom=lus["nom_usage"], role=ROLES[en_adresse(lus["role"])],
        courriel=lus["courriel"].lower(), college=lus["college"], designation=lus["designation"], du=_jour(lus["du"]),
        au=_jour(lus["au"]),
    )  # fmt: skip

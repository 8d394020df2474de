"""Vérifie un dossier de preuve, ou un registre.jsonl, sans la plateforme : bibliothèque standard seule, sans réseau.

    python3 verifier.py                                              le dossier où ce programme est rangé
    python3 verifier.py --tete N:EMPREINTE                           de plus, une tête notée ailleurs
    python3 verifier_registre.py registre.jsonl [--tete N:EMPREINTE] un registre seul

Le registre : chaque ligne est une entrée. Son empreinte est le SHA-256 de ses neuf autres champs, en JSON : clés
triées, sans espace, UTF-8. Chaque entrée porte l'empreinte de la précédente ; la première porte soixante-quatre zéros.
Les numéros se suivent à partir de 1. Le contenu d'un acte : SHA-256 de son sel (16 octets) suivi du contenu.
Le dossier : chaque fichier est celui que dit MANIFESTE.json, lui-même scellé ; chaque contenu est celui de son entrée.
Sort avec 0 si tout est intact, 1 si quelque chose a changé, 2 si le fichier demandé ne se lit pas.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

CHAMPS = ("n", "instant", "inscrit_le", "acte", "objet", "objet_id", "dossier", "contenu", "precedent")
ORIGINE = "0" * 64
MANIFESTE = "MANIFESTE.json"
IGNORES = {".DS_Store", "Thumbs.db", "desktop.ini"}  # ce qu'un système d'exploitation ajoute de lui-même
ILLISIBLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def en_json(valeurs: dict[str, Any]) -> str:
    """La seule écriture permise : clés triées, sans blanc."""
    return json.dumps(valeurs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def empreinte(entree: dict[str, Any]) -> str:
    """L'empreinte que cette entrée devrait porter."""
    return hashlib.sha256(en_json({champ: entree.get(champ) for champ in CHAMPS}).encode()).hexdigest()


def constats(lignes: Iterable[str], tete: tuple[int, str] | None = None) -> Iterator[str]:
    """Chaque altération, en une phrase."""
    rang, precedente = 0, ORIGINE
    tete_vue = tete is None
    for rang, ligne in enumerate(lignes, start=1):
        try:
            entree = json.loads(ligne)
            calculee = empreinte(entree)
        except (ValueError, AttributeError):
            yield f"ligne {rang} : elle ne se lit pas."
            precedente = ""
            continue
        if ligne != en_json(entree):
            yield f"ligne {rang} : elle n'est plus écrite comme le registre l'écrit, à un blanc ou à un signe près."
        yield from _entree(entree, rang, calculee, precedente)
        precedente = entree.get("empreinte")
        tete_vue = tete_vue or (entree.get("n"), precedente) == tete
    if tete and not tete_vue:
        yield f"entrée n° {tete[0]} : la tête notée n'est pas dans ce fichier ; il a été coupé ou récrit."
    if not rang:
        yield "le fichier est vide."


def _entree(entree: dict[str, Any], rang: int, calculee: str, precedente: str) -> Iterator[str]:
    nom = f"entrée n° {entree.get('n')}"
    if inconnus := set(entree) - {*CHAMPS, "empreinte"}:
        yield f"{nom} : elle porte des champs inconnus ({', '.join(sorted(inconnus))})."
    if entree.get("n") != rang:
        yield f"{nom} : elle est à la ligne {rang} ; une entrée manque, ou une de trop."
    if entree.get("empreinte") != calculee:
        yield f"{nom} : son empreinte ne correspond plus à ce qu'elle dit."
    if entree.get("precedent") != precedente:
        yield f"{nom} : elle ne suit plus la ligne {rang - 1} ; l'une des deux a été récrite."


class Dossier:
    """Un dossier de preuve extrait sur le disque ; `dits` recueille chaque altération, en une phrase."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine
        self.dits: list[str] = []
        self.effaces = 0
        self.entrees: dict[int, dict[str, Any]] = {}
        self.tete: tuple[int, str] = (0, "")

    def dire(self, nom: str, phrase: str) -> None:
        """Ajoute une altération."""
        self.dits.append(f"{nom} : {phrase}")

    def octets(self, nom: str) -> bytes:
        """Les octets d'un fichier du dossier ; vide s'il manque."""
        chemin = (self.racine / nom).resolve()
        is_dedans = chemin.is_relative_to(self.racine.resolve()) and chemin.is_file()
        return chemin.read_bytes() if is_dedans else b""

    def verifier(self, tete: tuple[int, str] | None = None) -> list[str]:
        """Tout : le manifeste, chaque fichier, la chaîne, chaque contenu. Rend les altérations."""
        manifeste = self._manifeste()
        if manifeste is None:
            return self.dits
        try:
            self._fichiers(manifeste["fichiers"])
            self._registre(manifeste["registre"], (manifeste["tete"][0], manifeste["tete"][1]), tete)
            self._contenus(manifeste["index"], {f["sha256"] for f in manifeste["fichiers"].values()})
        except ILLISIBLE as erreur:
            self.dire(MANIFESTE, f"il ne se lit plus ({type(erreur).__name__}).")
        return self.dits

    def _manifeste(self) -> dict[str, Any] | None:
        lus = self.octets(MANIFESTE)
        try:
            manifeste: dict[str, Any] = json.loads(lus)
            sceau = manifeste["sceau"]
            calcule = hashlib.sha256(en_json({c: v for c, v in manifeste.items() if c != "sceau"}).encode()).hexdigest()
        except ILLISIBLE:
            self.dire(MANIFESTE, "il manque, ou ne se lit plus : la liste des fichiers est perdue.")
            return None
        if sceau != calcule or en_json(manifeste).encode() != lus:
            self.dire(MANIFESTE, "il n'est plus celui du dossier.")
        return manifeste

    def _fichiers(self, attendus: dict[str, dict[str, Any]]) -> None:
        presents = {c.relative_to(self.racine).as_posix() for c in self.racine.rglob("*") if c.is_file()}
        for nom, attendu in attendus.items():
            if nom not in presents:
                self.dire(nom, "ce fichier manque.")
            elif hashlib.sha256(self.octets(nom)).hexdigest() != attendu["sha256"]:
                self.dire(nom, "ce fichier n'est plus celui du dossier.")
        for nom in sorted(presents - set(attendus) - {MANIFESTE}):
            if Path(nom).name not in IGNORES:
                self.dire(nom, "ce fichier n'était pas dans le dossier.")

    def _registre(self, nom: str, tete: tuple[int, str], notee: tuple[int, str] | None) -> None:
        try:
            lignes = self.octets(nom).decode().removesuffix("\n").split("\n")
        except UnicodeDecodeError:
            self.dire(nom, "il ne se lit plus.")
            return
        for attendue in {tete, notee} - {None}:
            for trouve in constats(lignes, attendue):
                self.dire(nom, trouve)
        for ligne in lignes:
            try:
                entree = json.loads(ligne)
                self.entrees[entree["n"]] = entree
                self.tete = (entree["n"], entree["empreinte"])
            except ILLISIBLE:
                continue
        if self.tete != tete:
            self.dire(nom, "sa dernière entrée n'est pas la tête du dossier ; il a été coupé ou allongé.")

    def _contenus(self, index: str, presents: set[str]) -> None:
        try:
            lignes = json.loads(self.octets(index))["entrees"]
        except ILLISIBLE:
            self.dire(index, "il ne se lit plus.")
            return
        for ligne in lignes:
            self._contenu(index, ligne, presents)

    def _contenu(self, index: str, ligne: dict[str, Any], presents: set[str]) -> None:
        """Le contenu d'un acte : celui que scelle son entrée ; les pièces qu'il cite sont dans le dossier."""
        try:
            entree, contenu = self.entrees.get(ligne["n"], {}), self.octets(ligne["contenu"])
            nommee = all(entree.get(champ) == ligne[champ] for champ in ("acte", "objet", "objet_id"))
            salee = hashlib.sha256(bytes.fromhex(ligne["sel"]) + contenu).hexdigest()
            if not nommee:
                self.dire(index, f"l'entrée n° {ligne['n']} n'est pas celle que dit le registre.")
            if not ligne["sel"]:
                self.effaces += 1
            elif salee != entree.get("contenu"):
                self.dire(ligne["contenu"], f"ce n'est pas le contenu que scelle l'entrée n° {ligne['n']}.")
            for piece in sorted(citees(json.loads(contenu)) - presents):
                self.dire(ligne["contenu"], f"il cite un fichier absent du dossier (SHA-256 {piece}).")
        except ILLISIBLE as erreur:
            self.dire(index, f"une ligne ou son contenu ne se lit plus ({type(erreur).__name__}).")


def citees(valeur: Any, cle: str = "") -> set[str]:
    """Les empreintes de fichiers que cite un contenu scellé."""
    if isinstance(valeur, dict):
        return {trouvee for nom, v in valeur.items() for trouvee in citees(v, nom)}
    if isinstance(valeur, list):
        return {trouvee for v in valeur for trouvee in citees(v, cle)}
    is_empreinte = isinstance(valeur, str) and len(valeur) == len(ORIGINE)
    return {valeur} if is_empreinte and cle in ("sha256", "piece") else set()


def _verifier_le_dossier(racine: Path, tete: tuple[int, str] | None) -> int:
    dossier = Dossier(racine)
    trouves = list(dict.fromkeys(dossier.verifier(tete)))
    for trouve in trouves:
        print(f"ALTÉRÉ  {trouve}")
    print(f"{len(dossier.entrees)} entrées au registre. Tête : {dossier.tete[0]}:{dossier.tete[1]}")
    if dossier.effaces:
        print(f"Contenus effacés : {dossier.effaces}. La chaîne tient ; leur texte ne se relit plus.")
    print("Le dossier est ALTÉRÉ." if trouves else "Le dossier est intact.")
    return 1 if trouves else 0


def _lire_la_tete(texte: str) -> tuple[int, str]:
    numero, _, valeur = texte.partition(":")
    if not numero.isdigit() or len(valeur) != len(ORIGINE):
        raise argparse.ArgumentTypeError("la tête s'écrit N:EMPREINTE")
    return int(numero), valeur.lower()


def main(arguments: list[str] | None = None) -> int:
    """La ligne de commande."""
    analyseur = argparse.ArgumentParser(description="Vérifie un dossier de preuve, ou un registre.jsonl.")
    analyseur.add_argument("fichier", nargs="?", default=str(Path(__file__).resolve().parent))
    analyseur.add_argument("--tete", type=_lire_la_tete, help="N:EMPREINTE, notée sur un accusé ou sur la page")
    options = analyseur.parse_args(arguments)
    if Path(options.fichier).is_dir():
        return _verifier_le_dossier(Path(options.fichier), options.tete)
    try:
        with open(options.fichier, encoding="utf-8", newline="\n") as fichier:
            lignes = fichier.read().removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as erreur:
        print(f"Ce fichier ne se lit pas : {erreur}", file=sys.stderr)
        return 2
    trouves = list(constats(lignes, options.tete))
    for trouve in trouves:
        print(f"ALTÉRÉ  {trouve}")
    print(f"{len(lignes)} entrées. " + ("Le registre est ALTÉRÉ." if trouves else "Le registre est intact."))
    return 1 if trouves else 0


if __name__ == "__main__":
    sys.exit(main())

"""Vérifie un registre.jsonl sans la plateforme : bibliothèque standard seule.

    python3 verifier_registre.py registre.jsonl [--tete N:EMPREINTE]

Chaque ligne est une entrée. Son empreinte est le SHA-256 de ses neuf autres champs, en JSON : clés triées, sans espace,
UTF-8. Chaque entrée porte l'empreinte de la précédente ; la première porte soixante-quatre zéros. Les numéros se
suivent à partir de 1. Sort avec 0 si tout est intact, 1 si quelque chose a changé, 2 si le fichier ne se lit pas.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

CHAMPS = ("n", "instant", "inscrit_le", "acte", "objet", "objet_id", "dossier", "contenu", "precedent")
ORIGINE = "0" * 64


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


def _lire_la_tete(texte: str) -> tuple[int, str]:
    numero, _, valeur = texte.partition(":")
    if not numero.isdigit() or len(valeur) != len(ORIGINE):
        raise argparse.ArgumentTypeError("la tête s'écrit N:EMPREINTE")
    return int(numero), valeur.lower()


def main(arguments: list[str] | None = None) -> int:
    """La ligne de commande."""
    analyseur = argparse.ArgumentParser(description="Vérifie un registre.jsonl.")
    analyseur.add_argument("fichier")
    analyseur.add_argument("--tete", type=_lire_la_tete, help="N:EMPREINTE, notée sur un accusé ou sur la page")
    options = analyseur.parse_args(arguments)
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

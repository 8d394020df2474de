"""Les tableaux ouverts : CSV lisible par un tableur français, formules neutralisées (S10)."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

BOM = "\ufeff"
DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
NOMBRE_OU_TELEPHONE = re.compile(r"[+-]\d[\d\s.,/()\u00a0\u202f%-]*")


def neutraliser(valeur: str) -> str:
    """« =HYPERLINK(…) » devient inoffensif ; « +33 3… » et « -5 % » restent tels quels."""
    if valeur.lstrip().startswith(DEBUTS_DE_FORMULE) and not NOMBRE_OU_TELEPHONE.fullmatch(valeur):
        return f"'{valeur}"
    return valeur


def en_csv(colonnes: Sequence[str], lignes: Iterable[Mapping[str, object]]) -> str:
    """Le texte d'un CSV : UTF-8 avec BOM, séparateur « ; », une ligne d'en-tête."""
    sortie = io.StringIO()
    sortie.write(BOM)
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(colonnes)
    for ligne in lignes:
        ecrivain.writerow([neutraliser(v) if isinstance(v := ligne[c], str) else v for c in colonnes])
    return sortie.getvalue()

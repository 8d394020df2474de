"""Relire une table dont une ligne a pu être abîmée : ce qui ne se lit plus est nommé, le reste est relu.

SQLite garde tout ce qu'on y force : un identifiant à qui il manque un chiffre, une date à qui il manque un mois. Django
lève alors au milieu de la table ; un vérificateur qui s'arrête là ne nomme rien.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from participation.common.canonique import empreinte_de

ILLISIBLE = (ValueError, TypeError, AttributeError, ValidationError, ObjectDoesNotExist)
PHRASE = "cette ligne ne se lit plus : une valeur n'a plus la forme de sa colonne."

Dire = Callable[[str, str], None]
Lire = Callable[[QuerySet[Any]], QuerySet[Any]]


def _telles_quelles(lignes: QuerySet[Any]) -> QuerySet[Any]:
    return lignes


def relire(
    lignes: QuerySet[Any], dire: Dire, *, nom: str, lot: int = 500, comme: Lire = _telles_quelles
) -> Iterator[Any]:
    """Chaque ligne de `lignes`, dans son ordre. Si l'une ne se lit plus, elle est nommée et les autres sont rendues.

    `comme` : la façon de lire (`values`, `select_related`), refaite ligne à ligne si la lecture d'un trait échoue.
    `nom` : ce qui précède la clé dans un constat.
    """
    rendues, trait = 0, comme(lignes).iterator(chunk_size=lot)
    while True:
        try:
            ligne = next(trait)
        except StopIteration:
            return
        except ILLISIBLE:
            break
        rendues += 1
        yield ligne
    brutes = lignes.annotate(cle_brute=Cast("pk", TextField()))
    for cle in list(brutes.values_list("cle_brute", flat=True))[rendues:]:
        try:
            yield from list(comme(brutes.filter(cle_brute=cle)))
        except ILLISIBLE:
            dire(f"{nom} {cle}", PHRASE)


def empreinte_relue(objet: Any) -> str:
    """L'empreinte du contenu tel que la base le rend ; vide s'il ne se lit plus."""
    try:
        return empreinte_de(objet.contenu_canonique())
    except ILLISIBLE:
        return ""

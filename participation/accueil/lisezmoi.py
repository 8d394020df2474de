"""Le mode d’emploi des données ouvertes, en Markdown : il se déduit des colonnes décrites."""

from collections.abc import Iterable

from participation.common.jeux import Jeu

TETE = """# Les données ouvertes de {nom}

Adresse permanente : {site}/donnees-ouvertes/
Licence : Licence Ouverte 2.0 (Etalab). Vous pouvez tout réutiliser ; citez la source et la date.

## Lire les fichiers

- CSV : UTF-8 avec BOM, séparateur « ; », une ligne d’en-tête. Un texte qui ressemble à une formule de tableur est
  précédé d’une apostrophe ; les numéros de téléphone et les nombres négatifs restent tels quels.
- JSON : une liste d’objets ; les textes y sont mot pour mot.
- ODS : les mêmes tableaux, à l’adresse de chaque jeu, {site}/donnees-ouvertes/<jeu>.ods
- `registre.jsonl` : tous les actes, une ligne par acte, chaînés par empreintes.
- `schemas/` : un schéma par jeu (Table Schema) ; `datapackage.json` les réunit (Data Package).

Une cellule vide est une valeur inconnue ou pas encore publique. Les dates sont celles de Paris (AAAA-MM-JJ).

## Ce qu’il faut savoir

- Un silence (REPUTE_FAVORABLE) n’est jamais un avis exprimé : personne n’a parlé.
- REPONDU : l’instance a répondu ; son avis sera publié à la clôture.
- Un projet réservé aux instances n’a pas de données ouvertes.
- Aucun nom de personne, aucune adresse, aucun brouillon n’est publié.
- DEMONSTRATION : la ligne est inventée.

## Les jeux
"""


def lisezmoi(jeux: Iterable[Jeu], nom: str, site: str) -> str:
    """Le texte du mode d’emploi : la tête, puis chaque jeu et ses colonnes."""
    return TETE.format(nom=nom, site=site) + "".join(_jeu(jeu, site) for jeu in jeux)


def _jeu(jeu: Jeu, site: str) -> str:
    tete = f"\n### {jeu.nom} : {jeu.titre}\n\n{jeu.dit}\nSchéma : {site}/schemas/{jeu.nom}.json\n\n"
    tableau = "| colonne | type | ce qu’elle dit |\n| --- | --- | --- |\n"
    return tete + tableau + "".join(f"| {c.nom} | {c.type} | {c.dit} |\n" for c in jeu.colonnes)

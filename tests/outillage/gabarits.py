"""Une variable de gabarit inconnue fait échouer l'essai qui la rencontre (en service, elle s'affiche vide)."""

import sys
from pathlib import Path
from types import FrameType

import pytest
from django.template.base import FilterExpression, Node

GABARITS = Path(__file__).parents[2] / "templates"

# Nos propres gabarits qui reprennent ceux d'un paquet, lequel compte sur des variables facultatives.
EXCEPTIONS = ("admin/", "allauth/", "account/", "mfa/", "usersessions/")
FILTRES_QUI_REPONDENT = {"default", "default_if_none"}


def _noeud(cadre: FrameType | None) -> Node | None:
    while cadre:
        soi = cadre.f_locals.get("self")
        if isinstance(soi, Node) and hasattr(soi, "origin"):
            return soi
        cadre = cadre.f_back
    return None


class VariableInconnue(str):
    """Le `string_if_invalid` des essais : vide comme en service, mais juge chaque lecture manquée.

    Faux partout : un objet lié absent reste faux dans un `{% if %}`. Django ne demande sa vérité qu'en un endroit,
    quand la variable n'existe pas ; c'est là que l'essai échoue, sauf gabarit d'un paquet ou `|default:` écrit exprès.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        cadre = sys._getframe(1)
        if cadre.f_code is FilterExpression.resolve.__code__:
            self._juger(cadre)
        return False

    def _juger(self, cadre: FrameType) -> None:
        expression: FilterExpression = cadre.f_locals["self"]
        noms = {getattr(f, "_filter_name", f.__name__) for f, _ in expression.filters}
        if noms & FILTRES_QUI_REPONDENT or (noeud := _noeud(cadre)) is None:
            return
        fichier = Path(str(noeud.origin.name))
        if not fichier.is_relative_to(GABARITS) or str(fichier.relative_to(GABARITS)).startswith(EXCEPTIONS):
            return
        ligne = getattr(noeud.token, "lineno", "?")
        pytest.fail(f"variable inconnue « {expression.var} » : {fichier.relative_to(GABARITS)}, ligne {ligne}")

"""L'identité du site, lue dans les données (une ligne, peut-être absente) : jamais dans un gabarit."""

import hashlib
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from participation.common import couleurs


def identite_de(request: HttpRequest) -> Any:
    """La ligne `territoires.Epci`, ou une ligne neutre non enregistrée. Lue une fois par requête, si on la regarde.

    Aucun cache entre requêtes : une ligne lue coûte moins qu'une identité périmée chez un des processus.
    """
    if not hasattr(request, "_identite"):
        modele = apps.get_model("territoires", "Epci")  # par son étiquette : le socle n'importe rien au-dessus de lui
        request._identite = SimpleLazyObject(lambda: modele._default_manager.order_by("pk").first() or modele())  # type: ignore[attr-defined]
    return request._identite  # type: ignore[attr-defined]


def couleurs_de(identite: Any) -> couleurs.Couleurs:
    """Les trois couleurs, propres."""
    return couleurs.propres((identite.couleur_action, identite.couleur_fond_fort, identite.couleur_accent))


def empreinte(identite: Any) -> str:
    """Douze caractères qui changent avec les couleurs ; vide quand ce sont celles de la maison."""
    trois = couleurs_de(identite)
    if trois == couleurs.DEFAUT:
        return ""
    return hashlib.sha256(couleurs.feuille(trois).encode()).hexdigest()[:12]

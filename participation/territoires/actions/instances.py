"""Créer une instance consultée."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from participation.common.errors import RefusMetier
from participation.common.reference import en_adresse
from participation.territoires.models import Commune, Instance, Quartier

journal = logging.getLogger(__name__)


@transaction.atomic
def creer_instance(
    *,
    nom: str,
    type: str,
    par: AbstractBaseUser | None,
    now: datetime,
    commune: Commune | None = None,
    quartiers: Iterable[Quartier] = (),
    slug: str = "",
    **facultatifs: Any,
) -> Instance:
    """Crée une instance (domaine.md §2). `facultatifs` : tout autre champ du modèle, par son nom.

    Lève RefusMetier : sans nom, type inconnu, conseil municipal sans commune, deuxième conseil de la même commune.
    """
    propre = " ".join(nom.split())
    _refuser_mal_dite(propre, type, commune)
    adresse = _adresse_libre(slug or propre)
    try:
        with transaction.atomic():
            instance = Instance.objects.create(
                nom=propre, type=type, commune=commune, slug=adresse, creee_le=now, **facultatifs
            )
    except IntegrityError as erreur:
        raise RefusMetier("conflit", "Cette commune a déjà son conseil municipal.") from erreur
    instance.quartiers.set(quartiers)
    journal.info("instance %s créée par %s", instance.slug, par.pk if par else "une commande")
    return instance


def _refuser_mal_dite(nom: str, type_: str, commune: Commune | None) -> None:
    if not nom:
        raise RefusMetier("forme", "Donnez un nom à l'instance.")
    if type_ not in Instance.Type.values:
        raise RefusMetier("forme", "Choisissez le type d'instance dans la liste.")
    if type_ == Instance.Type.CONSEIL_MUNICIPAL and commune is None:
        raise RefusMetier("forme", "Un conseil municipal est celui d'une commune : dites laquelle.")


def _adresse_libre(nom: str) -> str:
    """« nom », sinon « nom-2 », « nom-3 » : deux instances de même nom ont chacune leur page."""
    racine = en_adresse(nom)[:170] or "instance"
    prises = set(Instance.objects.filter(slug__startswith=racine).values_list("slug", flat=True))
    rang = 1
    while (adresse := racine if rang == 1 else f"{racine}-{rang}") in prises:
        rang += 1
    return adresse

"""Ce que `check --deploy` refuse : ouvrir au public un site dont les pages légales disent « à compléter »."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import Error as ErreurDeBase

from participation.territoires.queries import identite
from participation.territoires.rules import a_completer


@register(Tags.security, deploy=True)
def pages_legales_completes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Une erreur par valeur que la loi demande d'afficher et qui manque, ou n'est qu'un exemple (LCEN, RGPD, CRPA).

    Rien à dire en démonstration, refusée par ailleurs, ni sans base lisible : aucune page n'existe encore.
    """
    if settings.DEMO:
        return []
    try:
        epci = identite()
    except ErreurDeBase:  # injoignable, absente, pas encore migrée : rien à lire, `migrate` doit passer
        return []
    return [
        Error(
            f"{libelle} : à compléter. Les pages légales l'affichent.",
            hint=f"python manage.py installer --{champ.replace('_', '-')} …, ou /admin/, « Agglomérations ».",
            obj=champ,
            id="accueil.E001",
        )
        for champ, libelle in a_completer(vars(epci))
    ]

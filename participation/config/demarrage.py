"""Ce que le serveur exige avant d'écouter. Un refus est une phrase, jamais une trace."""

import os
import sys

from django.conf import settings
from django.db import DatabaseError, connection

from participation.common import en_marche
from participation.horloge.depart import DepartRefuse, garder_le_depart
from participation.registre.declencheurs import manquants


def preparer() -> None:
    """Contrôle la base, les déclencheurs et le nombre de processus, puis garde l'heure du site. Lève DepartRefuse."""
    if nombre_de_processus() > 1 and not settings.REDIS_URL:
        raise DepartRefuse(
            "Plusieurs processus demandent Redis : posez REDIS_URL, ou lancez un seul processus (WEB_CONCURRENCY=1)."
        )
    try:
        en_marche.tenir()
    except en_marche.Occupe as occupe:
        raise DepartRefuse(str(occupe)) from occupe
    try:
        absents = manquants(connection)
    except DatabaseError as erreur:
        raise DepartRefuse("La base ne répond pas : vérifiez DATABASE_URL, puis relancez.") from erreur
    finally:
        connection.close()
    if absents:
        raise DepartRefuse(
            f"La base n'est pas gardée : {len(absents)} déclencheurs manquent, dont {absents[0]}. "
            "Lancez « python manage.py migrate », qui les pose, puis relancez."
        )
    garder_le_depart()


def nombre_de_processus() -> int:
    """Le nombre de processus demandés à uvicorn, par sa ligne de commande ou par WEB_CONCURRENCY."""
    for rang, argument in enumerate(sys.argv):
        nom, _, valeur = argument.partition("=")
        if nom == "--workers":
            valeur = valeur or "".join(sys.argv[rang + 1 : rang + 2])
            return int(valeur) if valeur.isdigit() else 1
    valeur = os.environ.get("WEB_CONCURRENCY", "")
    return int(valeur) if valeur.isdigit() else 1

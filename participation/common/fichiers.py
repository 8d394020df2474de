"""Servir un jeu de données dans ses trois formats : le même tableau, CSV, JSON ou ODS."""

import json
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from participation.common import ods, tableurs
from participation.common.jeux import Jeu, Ligne

MIMES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "ods": ods.MIME}


def octets(jeu: Jeu, lignes: Sequence[Ligne], extension: str) -> bytes:
    """Les octets du jeu dans ce format : mêmes lignes, mêmes octets. Lève KeyError si le format n'existe pas.

    En CSV et en ODS les formules sont neutralisées ; en JSON chaque texte est mot pour mot.
    """
    rangees = [{nom: ligne[nom] for nom in jeu.noms} for ligne in lignes]
    ecrire = {
        "csv": lambda: tableurs.en_csv(jeu.noms, rangees).encode(),
        "json": lambda: json.dumps(rangees, ensure_ascii=False, indent=1).encode(),
        "ods": lambda: ods.en_ods(jeu.nom, jeu.noms, rangees),
    }
    return ecrire[extension]()


def fichier(jeu: Jeu, lignes: Sequence[Ligne], extension: str, *, nom: str) -> HttpResponse:
    """Le fichier ; CSV et ODS se téléchargent, le JSON se lit."""
    reponse = HttpResponse(octets(jeu, lignes, extension), content_type=MIMES[extension])
    is_joint = extension != "json"
    reponse["Content-Disposition"] = content_disposition_header(is_joint, f"{nom}.{extension}") or "attachment"
    return reponse

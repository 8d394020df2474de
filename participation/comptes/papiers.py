"""Les lettres en un seul PDF, une par page. Le fichier porte des codes : il ne reste pas sur le disque."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from participation.common import pdf
from participation.common.qr import en_svg
from participation.comptes.actions.lettres import Lettre
from participation.comptes.rules import LETTRE_VALABLE, code_lisible
from participation.territoires.queries import identite


def lettres_en_pdf(lettres: Iterable[Lettre], reel: datetime) -> HttpResponse:
    """Le PDF à télécharger. Lève PdfIndisponible. Le rendu gardé par `common.pdf` est effacé aussitôt lu."""
    adresse = f"{settings.SITE_URL}{reverse('rejoindre:lettre')}"
    feuilles = [
        {
            "mandat": lettre.mandat,
            "code": code_lisible(lettre.code),
            # Le code est après « # » : un navigateur ne l'envoie jamais au serveur, aucun journal ne le garde.
            "qr": en_svg(f"{adresse}#{lettre.code}", titre="Carré à photographier : il ouvre la page et écrit le code"),
        }
        for lettre in lettres
    ]
    contexte = {
        "feuilles": feuilles,
        "adresse": adresse.partition("://")[2],
        "expire_le": reel + LETTRE_VALABLE,
        "epci": identite(),
        "pied": "Lettre personnelle",
    }
    chemin = pdf.rendre(
        gabarit="feuilles/lettres.html", contexte=contexte, instant=reel, identifiant=f"lettres-{uuid4()}"
    )
    try:
        reponse = HttpResponse(chemin.read_bytes(), content_type="application/pdf")
    finally:
        chemin.unlink(missing_ok=True)
    reponse["Content-Disposition"] = content_disposition_header(True, "lettres.pdf") or "attachment"
    reponse["Cache-Control"] = "no-store"
    return reponse

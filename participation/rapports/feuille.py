"""Le rapport entier en PDF : mêmes parties que la page, un sommaire paginé, l'empreinte de la version."""

from datetime import datetime
from pathlib import Path

from participation.common import pdf
from participation.rapports.models import Version
from participation.rapports.queries import parties


def rapport_en_pdf(version: Version, *, emetteur: str, instant: datetime | None = None) -> Path:
    """Le fichier PDF de cette version. Daté de son gel, sinon de sa création : jamais de l'heure d'impression.

    `emetteur` : le nom de la collectivité. Lève pdf.PdfIndisponible.
    """
    contexte = {"version": version, "parties": parties(version), "emetteur": emetteur, "pied": _pied(version)}
    return pdf.rendre(
        gabarit="feuilles/rapport.html",
        contexte=contexte,
        instant=instant or version.figee_le or version.creee_le,
        identifiant=f"rapport:{version.pk}",
    )


def _pied(version: Version) -> str:
    return f"Rapport {version.rapport.annee}, version {version.numero}"

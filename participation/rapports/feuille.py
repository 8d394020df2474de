"""Le rapport entier en PDF : mêmes parties que la page, un sommaire paginé, l'empreinte de la version."""

from datetime import datetime
from pathlib import Path
from typing import Any

from participation.common import pdf
from participation.rapports.models import Version
from participation.rapports.queries import parties


def rapport_en_pdf(version: Version, *, emetteur: str, instant: datetime | None = None) -> Path:
    """Le fichier PDF de cette version. Daté de son gel, sinon de sa création : jamais de l'heure d'impression.

    `emetteur` : le nom de la collectivité. Lève pdf.PdfIndisponible.
    """
    return pdf.rendre(
        gabarit="feuilles/rapport.html",
        contexte=contexte_du_rapport(version) | {"emetteur": emetteur},
        instant=instant or version.figee_le or version.creee_le,
        identifiant=f"rapport-{version.pk}",
    )


def contexte_du_rapport(version: Version) -> dict[str, Any]:
    """Ce que lit `feuilles/rapport.html`, moins `emetteur`."""
    pied = f"Rapport {version.rapport.annee}, version {version.numero}"
    return {"version": version, "parties": parties(version), "pied": pied}

"""La fiche de preuve en PDF : mêmes données, mêmes octets (règle 18). Publique et détaillée sont deux fichiers."""

from pathlib import Path

from consultations.preuve import Fiche
from participation.common import pdf
from participation.territoires.queries import identite


def fiche_en_pdf(fiche: Fiche) -> Path:
    """Le fichier PDF de cette fiche, publique ou détaillée. Lève pdf.PdfIndisponible."""
    lecture = "detail" if fiche.has_detail else "publique"
    return pdf.rendre(
        gabarit="feuilles/preuve.html",
        contexte={"fiche": fiche, "saisine": fiche.saisine, "epci": identite(), "pied": "Fiche de preuve"},
        instant=fiche.instant,
        identifiant=f"preuve-{lecture}-{fiche.saisine.pk}",
    )

"""Le kit du conseil : huit pages A4 pour une réunion sans écran. Mêmes données, mêmes octets.

1 ce qui est demandé · 2 ce que fait le silence · 3 et 4 le rapport en clair · 5 à 7 une fiche par observation ·
8 le formulaire à signer, dont le carré nomme l'instance et la version.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from consultations.etats import Nature, Sens
from consultations.models import Saisine
from consultations.papier import jeton_du_papier
from consultations.queries_pages import MOTS_DU_SENS
from participation.common import pdf
from participation.common.qr import en_svg
from participation.rapports.models import Section
from participation.territoires.queries import identite

SIGNES_PAR_PAGE = 3400
"""Ce que tient une page en deux colonnes, titres compris."""
POIDS_D_UN_TITRE = 40
LONG_MAX, PAS = 420, 20
FICHES = (1, 2, 3)
BALISES = re.compile(r"^\s*(\|.*|#+.*|[-*]\s+|\d+\.\s+|>\s*)|\*\*|!\[[^\]]*\]\([^)]*\)|[*_`]", re.M)


@dataclass(frozen=True)
class Partie:
    """Une partie du rapport en quelques lignes : son « en clair », sinon ses premiers mots, dits tels."""

    section: Section
    texte: str
    is_claire: bool

    @property
    def poids(self) -> int:
        """La place qu'elle prend, en signes."""
        return POIDS_D_UN_TITRE + int(1.3 * len(str(self.section))) + len(self.texte)


def en_pdf(saisine: Saisine, *, silence: str) -> Path:
    """Le fichier du kit, daté de la transmission. `silence` : la règle 3 accordée. Lève PdfIndisponible."""
    adresse = f"{settings.SITE_URL}{reverse('gestion:avis_papier', args=[jeton_du_papier(saisine)])}"
    lire = f"{settings.SITE_URL}{reverse('consultations:rapport_entier', args=[saisine.consultation.slug])}"
    gauche, droite = en_deux_pages(list(saisine.version.sections.order_by("ordre")))
    contexte = {
        "saisine": saisine,
        "consultation": saisine.consultation,
        "silence": silence,
        "pages": (gauche, droite),
        "has_extraits": any(not p.is_claire and p.texte for p in (*gauche, *droite)),
        "fiches": FICHES,
        "natures": [n.label for n in Nature],
        "reponses": [(mots, Sens(sens).label) for sens, mots in MOTS_DU_SENS.items()],
        "qr_formulaire": en_svg(adresse, titre="Carré pour l’agent : il ouvre la saisie de cet avis reçu sur papier"),
        "qr_rapport": en_svg(lire, titre="Carré à photographier : il ouvre le rapport entier"),
        "adresse_du_rapport": lire.partition("://")[2],
        "epci": identite(),
        "pied": "Kit du conseil",
    }
    return pdf.rendre(
        gabarit="feuilles/kit.html",
        contexte=contexte,
        instant=saisine.transmise_le,
        identifiant=f"kit-{saisine.pk}",
    )


def en_deux_pages(sections: Sequence[Section]) -> tuple[list[Partie], list[Partie]]:
    """Les parties, raccourcies pour tenir en deux pages, et coupées là où chaque page en a la moitié.

    Un rapport de plus de cent parties n'y montre que ses grandes parties, puis les premières.
    """
    parties = _qui_tiennent(sections)
    moitie, somme = sum(p.poids for p in parties) / 2, 0
    gauche: list[Partie] = []
    for partie in parties:
        if somme + partie.poids / 2 >= moitie:
            break
        gauche.append(partie)
        somme += partie.poids
    return gauche, parties[len(gauche) :]


def _qui_tiennent(sections: Sequence[Section]) -> list[Partie]:
    for longueur in range(LONG_MAX, -1, -PAS):
        parties = [_partie(s, longueur) for s in sections]
        if _tient(parties):
            return parties
    grandes = [p for p in parties if p.section.niveau <= 2]
    while not _tient(grandes):
        grandes.pop()
    return grandes


def _tient(parties: Sequence[Partie]) -> bool:
    return sum(p.poids for p in parties) <= 2 * SIGNES_PAR_PAGE


def _partie(section: Section, longueur: int) -> Partie:
    is_claire = bool(section.en_clair)
    return Partie(section, raccourcir(sans_balises(section.en_clair or section.texte), longueur), is_claire)


def sans_balises(texte: str) -> str:
    """Le texte nu d'un Markdown, sans tableau ni titre, sur une ligne."""
    return " ".join(BALISES.sub(" ", texte).split())


def raccourcir(texte: str, longueur: int) -> str:
    """Au plus `longueur` signes : finit à la fin d'une phrase si elle n'est pas loin, sinon d'un mot, et le dit."""
    if len(texte) <= longueur:
        return texte
    if longueur < PAS:
        return ""
    coupe = texte[: longueur - 2]
    phrase = max(coupe.rfind(". "), coupe.rfind(" ; "))
    if phrase > longueur / 2:
        return coupe[: phrase + 1]
    return f"{coupe.rpartition(' ')[0].rstrip(' ,;:.')} …"

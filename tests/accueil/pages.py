"""Les pages publiques de l'accueil, pour les essais qui les parcourent toutes."""

import re
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

from consultations.models import Consultation
from participation.common.dates import PARIS
from participation.territoires.actions import importer_territoire
from participation.territoires.imports import lire
from participation.territoires.models import Quartier
from tests import fabriques

PENDANT = datetime(2025, 9, 15, 10, 0, tzinfo=PARIS)
APRES = datetime(2025, 11, 15, 10, 0, tzinfo=PARIS)

DEMONSTRATION = Path(__file__).parents[2] / "participation" / "demo" / "donnees" / "territoire.json"
PAGES = (
    "/", "/mon-quartier/", "/chiffres/", "/comprendre/", "/glossaire/", "/aide/", "/contact/", "/accessibilite/",
    "/donnees-personnelles/", "/mentions-legales/", "/moderation/", "/modalites/", "/agenda/",
)  # fmt: skip

AUTRE: dict[str, Any] = {
    "epci": {
        "nom": "Communauté d'agglomération d'Exemple",
        "siren": "000000001",
        "siege": "Ville-Haute",
        "nom_plateforme": "Parole de quartier",
        "couleur_action": "#0b5d3b",
        "couleur_fond_fort": "#2a1e45",
        "couleur_accent": "#8fd3ff",
        "vocabulaire": {"qic": "quartier de veille active", "qic_sigle": "QVA", "agglo": "communauté"},
        "reperes": ["Douze projets sont accompagnés chaque année."],
        "source": "fiche fictive",
    },
    "chiffres": {"quartiers": 3, "qpv": 2, "qic": 1, "communes_concernees": 2, "source": "fiche fictive"},
    "communes": [
        {"nom": "Ville-Haute", "code_insee": "01901", "concernee": True},
        {"nom": "Pont-Neuf", "code_insee": "01902", "concernee": True},
    ],
    "quartiers": [
        {"nom": "Les Tilleuls", "commune": "Ville-Haute", "type": "QPV"},
        {"nom": "La Gare", "commune": "Pont-Neuf", "type": "QIC"},
    ],
    "contrat": {
        "nom": "Quartiers debout",
        "periode": "2024-2030",
        "enjeux": [{"nom": "Vivre mieux", "ambitions": [{"nom": "Se soigner", "montant_2024_eur": 1000}]}],
        "source": "fiche fictive",
    },
    "glossaire": [{"terme": "Café des parents", "definition": "un rendez-vous du quartier", "source": "fiche fictive"}],
}


def importer(octets: bytes) -> None:
    """Importe un territoire dans la base d'essai."""
    importer_territoire(lu=lire(octets), par=None, now=fabriques.TRANSMISE_LE)


def consulter(quartier: Quartier, instances: int = 2) -> Consultation:
    consultation = fabriques.consultation(titre="Le rapport 2024")
    for _ in range(instances):
        fabriques.saisine(consultation_=consultation, instance_=fabriques.instance(quartiers=[quartier]))
    return consultation


def texte(reponse: object) -> str:
    """Ce qui se lit dans la page."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", reponse.content.decode(), flags=re.S)  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())

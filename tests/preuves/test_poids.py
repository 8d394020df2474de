"""Ce que pèse la première page, telle que le vrai serveur l'envoie à un téléphone qui n'a rien gardé."""

import http.client
import re
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urljoin

import pytest

from tests.outillage.processus import Dossier, Serveur

pytestmark = [pytest.mark.processus, pytest.mark.une_base]
OCTETS_MAX = 120_000  # sans les polices
PAGES = ("/", "/consultations/rapport-2024/")


def demander(serveur: Serveur, adresse: str) -> tuple[str, str, bytes]:
    """(type, compression, octets reçus), comme un navigateur qui accepte br et gzip."""
    with closing(http.client.HTTPConnection("127.0.0.1", serveur.port, timeout=30)) as connexion:
        connexion.request("GET", adresse, headers={"Accept-Encoding": "gzip, deflate, br"})
        reponse = connexion.getresponse()
        octets = reponse.read()
        assert reponse.status == 200, adresse
        return reponse.getheader("Content-Type", ""), reponse.getheader("Content-Encoding", ""), octets


def ressources(page: str, base: str) -> set[str]:
    """Ce que la page fait charger : feuilles, scripts, images, planche d'icônes. Pas les liens, pas les polices."""
    balises = re.findall(r'<(?:link(?! rel="(?:canonical|alternate)")|script|img|use|source)\b[^>]*>', page)
    adresses = {m[1] for balise in balises if (m := re.search(r'\b(?:href|src)="([^"#]+)', balise))}
    return {urljoin(base, adresse) for adresse in adresses if not adresse.endswith(".woff2")}


def test_la_premiere_page_tient_dans_cent_vingt_ko(
    dossier_demo: Callable[..., Dossier], serveur: Callable[..., Serveur]
) -> None:
    """Les fichiers sont servis déjà compressés ; le HTML ne l'est pas ici, et compte à son plein poids.

    Compresser une page qui porte un jeton et un texte choisi par autrui laisse deviner le jeton (BREACH) : c'est au
    mandataire d’en décider (docs/decisions/0012-pages-non-compressees.md).
    """
    dossier = dossier_demo(maintenant="2025-10-30T23:59:50+01:00").avec(STATIQUES_DIRECTS="0")
    dossier.commande("collectstatic", "--noinput", "--verbosity=0")
    site = serveur(dossier, HORLOGE_PAS="0")
    for adresse in PAGES:
        nature, compression, html = demander(site, adresse)
        assert (nature.partition(";")[0], compression) == ("text/html", "")
        poids = {adresse: len(html)}
        for ressource in ressources(html.decode(), adresse):
            nature, compression, octets = demander(site, ressource)
            poids[ressource] = len(octets)
            if ressource.startswith("/static/") and len(octets) > 500:
                assert compression == "br", f"{ressource} n'est pas compressé"
        assert len(poids) >= 6, poids
        assert sum(poids.values()) <= OCTETS_MAX, poids

"""Le processus à part qui rend un PDF : `python -m participation.common.moteur_pdf`, une demande JSON sur l'entrée.

Ne connaît ni Django ni la base. N'ouvre que les feuilles de style, polices et icônes du projet : ni réseau, ni fichier.
Codes de sortie : 0 rendu, 3 bibliothèques système absentes (pango).
"""

import hashlib
import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

HOTE = "http://statiques.invalid/"
"""Une adresse qui n'existe pas : les liens relatifs des feuilles s'y rapportent, le lecteur les rend en fichiers."""
SERVIS = re.compile(r"(?:static/)?(css|fonts|icons)/([\w-]+)(?:\.[0-9a-f]{12})?\.(css|woff2|svg)(?:#[\w-]*)?")
"""Feuilles, polices, icônes du projet, nommées comme dans les pages (avec ou sans l'empreinte de l'adresse)."""
TYPES = {"css": "text/css", "woff2": "font/woff2", "svg": "image/svg+xml"}
IMAGE_EN_LIGNE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+")
SECONDES_DE_CALCUL = 90
OCTETS_DE_MEMOIRE = 3 << 30
SANS_PANGO = 3


def chemin_servi(statiques: Path, url: str) -> Path | None:
    """Le fichier du projet que cette adresse désigne, ou None : rien d'autre ne s'ouvre."""
    trouve = SERVIS.fullmatch(url.removeprefix(HOTE)) if url.startswith(HOTE) else None
    if trouve is None:
        return None
    fichier = (statiques / trouve[1] / f"{trouve[2]}.{trouve[3]}").resolve()
    return fichier if fichier.is_relative_to(statiques.resolve()) and fichier.is_file() else None


def _lecteur(statiques: Path) -> Any:
    """Le seul lecteur d'adresses donné à WeasyPrint."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Lecteur(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if IMAGE_EN_LIGNE.fullmatch(url):
                return super().fetch(url, headers)
            if fichier := chemin_servi(statiques, url):
                return URLFetcherResponse(url, fichier.read_bytes(), {"Content-Type": TYPES[fichier.suffix[1:]]})
            if url.startswith(HOTE):  # une feuille ou une police du projet manque : pas de document défiguré
                raise FatalURLFetchingError(f"fichier absent : {url[:80]}")
            raise ValueError(f"adresse refusée : {url[:80]}")

    return Lecteur(allowed_protocols=["data"], allow_redirects=False)


def rendre(demande: dict[str, str]) -> None:
    """Écrit `demande["sortie"]` : un PDF/UA-1 dont date et identifiant sont donnés, jamais ceux du moment."""
    from weasyprint import HTML

    identifiant = hashlib.sha256(demande["identifiant"].encode()).hexdigest()[:32].encode()
    document = HTML(string=demande["html"], base_url=HOTE, url_fetcher=_lecteur(Path(demande["statiques"])))
    document.write_pdf(demande["sortie"], pdf_variant="pdf/ua-1", pdf_identifier=identifiant)


def main() -> int:
    """Lit la demande, borne le processus, rend."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_DE_CALCUL, SECONDES_DE_CALCUL))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS_DE_MEMOIRE, OCTETS_DE_MEMOIRE))
    demande = json.load(sys.stdin)
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return SANS_PANGO
    rendre(demande)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

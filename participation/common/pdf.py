"""Les documents PDF : rendus dans un processus à part, un à la fois, et gardés. Mêmes données, mêmes octets (règle 18).

WeasyPrint n'est jamais importé ici : sans pango, le site démarre, et le document répond 503.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from participation.common.errors import RefusMetier
from participation.common.moteur_pdf import SANS_PANGO
from participation.common.reponses import refuser

DELAI = 60
"""Secondes, au plus, pour attendre son tour, puis pour rendre."""
GARDES = 500
"""Documents gardés, au plus : les plus anciens se refont à la demande."""
NUMERO = 1
"""À augmenter si le moteur change le rendu sans changer ses fichiers."""


class PdfIndisponible(RefusMetier):
    """Le PDF ne peut pas être fait maintenant : 503. `attente` est en secondes."""

    def __init__(self, phrase: str, *, attente: int = 30) -> None:
        super().__init__("indisponible", phrase)
        self.attente = attente


def rendre(*, gabarit: str, contexte: dict[str, Any], instant: datetime, identifiant: str) -> Path:
    """Le fichier PDF/UA-1 de ce gabarit, rendu ou déjà gardé.

    `instant` : date portée par le document (le dernier acte cité, jamais l'heure d'impression). `identifiant` : son
    identité durable. Lève PdfIndisponible : bibliothèques absentes, tour trop long, rendu trop long ou manqué.
    """
    date = instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    html = render_to_string(gabarit, contexte | {"date_du_document": date})
    cle = f"{NUMERO}\n{version('weasyprint')}\n{_statiques()}\n{instant.timestamp():.0f}\n{identifiant}\n{html}"
    dossier = settings.VAR_DIR / "pdf"
    dossier.mkdir(parents=True, exist_ok=True)
    chemin: Path = dossier / f"{hashlib.sha256(cle.encode()).hexdigest()}.pdf"
    if chemin.exists():
        return chemin
    with _chacun_son_tour(dossier / "verrou"):
        if not chemin.exists():
            _lancer(html, chemin, instant, identifiant)
            _borner(dossier)
    return chemin


def _lancer(html: str, chemin: Path, instant: datetime, identifiant: str) -> None:
    """Rend dans un processus neuf, puis pose le fichier d'un seul coup."""
    provisoire = chemin.with_suffix(f".{os.getpid()}.nouveau")
    demande = {"html": html, "sortie": str(provisoire), "identifiant": identifiant, "statiques": str(_racine())}
    commande = [sys.executable, "-m", "participation.common.moteur_pdf"]
    try:
        fini = subprocess.run(  # noqa: S603 (liste fixe, rien de tapé)
            commande,
            input=json.dumps(demande).encode(),
            env=_environnement(chemin.parent, instant),
            cwd=settings.RACINE,
            timeout=DELAI,
            capture_output=True,
            check=False,
        )
        if fini.returncode == SANS_PANGO:
            raise PdfIndisponible("Ce serveur ne sait pas faire de PDF.", attente=3600)
        if fini.returncode:
            trace = RuntimeError(fini.stderr.decode()[-2000:])
            raise PdfIndisponible("Le PDF n'a pas pu être fait. Réessayez dans une minute.") from trace
        provisoire.replace(chemin)
    except subprocess.TimeoutExpired as trop_long:
        raise PdfIndisponible("Le PDF prend trop de temps. Réessayez dans un moment.") from trop_long
    finally:
        provisoire.unlink(missing_ok=True)


def _environnement(dossier: Path, instant: datetime) -> dict[str, str]:
    """Un environnement nu : ni secret, ni fuseau, ni police du système."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": f"{instant.timestamp():.0f}",
        "XDG_CACHE_HOME": str(dossier / "cache"),
        "FONTCONFIG_FILE": str(Path(__file__).with_name("polices.conf")),
    }


@contextmanager
def _chacun_son_tour(verrou: Path) -> Iterator[None]:
    """Un rendu à la fois, tous processus confondus. Le verrou tombe avec le processus qui le tient."""
    limite = time.monotonic() + DELAI
    with verrou.open("w") as fichier:
        while True:
            try:
                fcntl.flock(fichier, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > limite:
                    raise PdfIndisponible("D'autres PDF sont en cours. Réessayez dans un moment.") from None
                time.sleep(0.05)
        yield


def _borner(dossier: Path) -> None:
    """Oublie les plus anciens au-delà de GARDES : ils se refont, à l'identique."""
    fichiers = sorted(dossier.glob("*.pdf"), key=lambda f: f.stat().st_mtime, reverse=True)
    for ancien in fichiers[GARDES:]:
        ancien.unlink(missing_ok=True)


def _racine() -> Path:
    return Path(settings.RACINE) / "static"


def _statiques() -> str:
    """L'empreinte de tout ce que le moteur peut lire : feuilles, polices, icônes."""
    fichiers = sorted(f for motif in ("css/*.css", "fonts/*.woff2", "icons/*.svg") for f in _racine().glob(motif))
    return _empreinte_de(tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in fichiers))


@lru_cache(maxsize=8)
def _empreinte_de(fichiers: tuple[tuple[str, int, int], ...]) -> str:
    somme = hashlib.sha256()
    for nom, _date, _taille in fichiers:
        contenu = Path(nom).read_bytes()
        somme.update(f"{Path(nom).name}\n{len(contenu)}\n".encode() + contenu)
    return somme.hexdigest()


def servir(chemin: Path, nom: str) -> HttpResponse:
    """Le fichier, sous ce nom. Ouvert par le lecteur de PDF du navigateur ; `nosniff` est partout."""
    reponse = HttpResponse(chemin.read_bytes(), content_type="application/pdf")
    reponse["Content-Disposition"] = content_disposition_header(False, nom) or "inline"
    reponse["ETag"] = f'"{chemin.stem}"'
    return reponse


def indisponible(request: HttpRequest, refus: PdfIndisponible, *, repli: str = "") -> HttpResponse:
    """503 et Retry-After : la page dit quand revenir ; `repli` : l'adresse du même document en ODT."""
    reponse = refuser(request, refus, contexte={"repli": repli, "is_document": True})
    reponse["Retry-After"] = str(refus.attente)
    return reponse

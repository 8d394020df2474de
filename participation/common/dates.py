"""L'heure du site et les dates en toutes lettres. La date légale se lit à Paris, jamais en UTC (règle 2)."""

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

PARIS = ZoneInfo("Europe/Paris")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


@lru_cache(maxsize=4)
def _reference(_fichier: str, _mtime: int, _taille: int) -> tuple[datetime, datetime]:
    contenu = json.loads(Path(_fichier).read_text())
    return datetime.fromisoformat(contenu["site"]), datetime.fromisoformat(contenu["reel"])


def reference() -> tuple[datetime, datetime] | None:
    """(heure du site, heure réelle) gardées dans VAR_DIR/horloge, ou None si l'heure du site est l'heure réelle."""
    if not settings.DEMO:
        return None
    fichier = settings.VAR_DIR / "horloge"
    try:
        etat = fichier.stat()
    except FileNotFoundError:
        return None
    return _reference(str(fichier), etat.st_mtime_ns, etat.st_size)


def maintenant() -> datetime:
    """L'heure du site, en UTC. Décalée seulement en démonstration (MAINTENANT). À lire une fois, au bord."""
    reel = datetime.now(UTC)
    if couple := reference():
        return couple[0] + (reel - couple[1])
    if settings.MAINTENANT is not None:
        return settings.MAINTENANT.astimezone(UTC)
    return reel


def departs() -> list[datetime]:
    """Les valeurs de MAINTENANT qui ont fait partir ce dossier : relancer avec l'une d'elles ne change rien."""
    try:
        contenu = json.loads((settings.VAR_DIR / "horloge").read_text())
    except FileNotFoundError:
        return []
    return [datetime.fromisoformat(d) for d in contenu.get("departs", [])]


def garder_reference(site: datetime, *, reel: datetime | None = None, depart: datetime | None = None) -> None:
    """Écrit (site, réel) dans VAR_DIR/horloge, d'un seul coup : un lecteur voit l'ancien ou le nouveau.

    `depart` : la valeur de MAINTENANT d'où l'on part, ajoutée à celles déjà gardées.
    """
    fichier = settings.VAR_DIR / "horloge"
    gardes = [d.isoformat() for d in [*departs(), *([depart] if depart else [])]]
    contenu = {
        "site": site.astimezone(UTC).isoformat(),
        "reel": (reel or datetime.now(UTC)).isoformat(),
        "departs": gardes,
    }
    provisoire = fichier.with_suffix(f".{os.getpid()}")
    provisoire.write_text(json.dumps(contenu))
    provisoire.replace(fichier)


def jour_a_paris(instant: datetime) -> date:
    """Le jour civil de cet instant à Paris."""
    return instant.astimezone(PARIS).date()


def debut_de(jour: date) -> datetime:
    """Minuit, à Paris, au début de ce jour."""
    return datetime.combine(jour, time(), tzinfo=PARIS)


def fin_de(jour: date) -> datetime:
    """La borne exclusive d'un dernier jour compris : minuit, à Paris, du lendemain."""
    return debut_de(jour + timedelta(days=1))


def jour_long(jour: date) -> str:
    """« jeudi 30 octobre 2025 », « samedi 1er novembre 2025 »."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{JOURS[jour.weekday()]} {quantieme} {MOIS[jour.month - 1]} {jour.year}"


def jour_court(jour: date) -> str:
    """« 30 octobre »."""
    return f"{'1er' if jour.day == 1 else jour.day} {MOIS[jour.month - 1]}"


def instant_long(instant: datetime) -> str:
    """« jeudi 30 octobre 2025 à 23 h 59 min 59 s, heure de Paris » : pour un accusé."""
    local = instant.astimezone(PARIS)
    return f"{jour_long(local.date())} à {local:%H} h {local:%M} min {local:%S} s, heure de Paris"


def instant_court(instant: datetime) -> str:
    """« jeudi 30 octobre 2025 à 23 h 59 »."""
    local = instant.astimezone(PARIS)
    return f"{jour_long(local.date())} à {local:%H} h {local:%M}"


def echeance_longue(echeance: date) -> str:
    """« jeudi 30 octobre 2025 à minuit, heure de Paris » : la journée est comprise."""
    return f"{jour_long(echeance)} à minuit, heure de Paris"


def en_utc(instant: datetime | None) -> str:
    """La même écriture ISO, que la base rende l'heure d'été, d'hiver ou UTC ; vide si inconnu."""
    return instant.astimezone(UTC).isoformat() if instant else ""

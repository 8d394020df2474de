"""`/sante/` : l'état du service pour une sonde. Public, sans écriture, sans nom, sans adresse, sans secret."""

import ctypes
import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation import VERSION
from participation.common.requetes import recu_le
from participation.gestion.sauvegarde.ecriture import TEMOIN
from participation.horloge.queries import pouls
from participation.notifications.queries_file import file_d_envoi
from participation.registre.declencheurs import manquants, regles_de

HORLOGE_DEREGLEE = 5  # TIME_ERROR de adjtimex(2)


@login_not_required
@require_safe
@never_cache
def sante(request: HttpRequest) -> JsonResponse:
    """200 dès que la base et les déclencheurs répondent, 503 sinon ; le reste est dit."""
    try:
        dite = _de_la_base(recu_le(request))
    except (DatabaseError, OSError):
        dite = {"base": {"ok": False}, "declencheurs": {"ok": False}}
    is_bonne = dite["base"]["ok"] and dite["declencheurs"]["ok"]
    reste = {"couche": _couche(), "ntp": _ntp(), "age_sauvegarde": _age_sauvegarde(), "version": VERSION}
    tete = {"tete_par_courriel": {"ok": bool(settings.TETE_DU_REGISTRE_A)}}
    return JsonResponse({"ok": is_bonne} | dite | reste | tete, status=200 if is_bonne else 503)


def _de_la_base(now: datetime) -> dict[str, Any]:
    absents = len(manquants(connection))
    attendus = len(regles_de(connection))
    return {
        "base": {"ok": True, "moteur": connection.vendor},
        "declencheurs": {"ok": not absents, "poses": attendus - absents, "attendus": attendus},
        "horloge": _horloge(),
        "file": _file(now),
    }


def _horloge() -> dict[str, Any]:
    """`age` : secondes depuis le dernier battement noté, None s'il n'y en a pas ; `erreurs` : actions en échec."""
    lu = pouls(datetime.now(UTC))
    return {"ok": lu.is_bon, "age": round(lu.age.total_seconds(), 1) if lu.age else None, "erreurs": lu.erreurs}


def _file(now: datetime) -> dict[str, Any]:
    lue = file_d_envoi(now)
    return {"ok": lue.is_bonne} | asdict(lue)


def _couche() -> dict[str, Any]:
    if not settings.REDIS_URL:
        return {"ok": True, "type": "memoire"}
    try:
        caches["default"].get("sante")
    except Exception:  # le client Redis a ses propres erreurs ; la sonde dit la panne, elle n'en meurt pas
        return {"ok": False, "type": "redis"}
    return {"ok": True, "type": "redis"}


@cache
def _adjtimex() -> Any:
    try:
        return ctypes.CDLL(None).adjtimex
    except (AttributeError, OSError):  # hors de Linux
        return None


def _ntp() -> dict[str, Any]:
    """Le noyau dit-il l'heure de la machine tenue par un serveur de temps ? None s'il ne le dit pas."""
    if (appel := _adjtimex()) is None:
        return {"ok": None}
    etat = appel(ctypes.create_string_buffer(512))  # modes = 0 : lecture seule
    return {"ok": None if etat < 0 else etat != HORLOGE_DEREGLEE}


def _age_sauvegarde() -> float | None:
    """Secondes depuis la dernière sauvegarde réussie, d'après son témoin ; None s'il n'y en a pas de lisible."""
    try:
        faite = datetime.fromisoformat(json.loads((settings.VAR_DIR / TEMOIN).read_text())["instant"])
        return round((datetime.now(UTC) - faite).total_seconds(), 1)
    except (OSError, ValueError, KeyError, TypeError):
        return None

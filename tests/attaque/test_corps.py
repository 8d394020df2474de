"""Le corps d'une requête : compté même quand sa longueur est tue, daté quand il traîne (règle 4)."""

import asyncio
import errno
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import RequestFactory

from participation.common.requetes import octets_recus
from participation.config import enveloppe


def jouer(morceaux: list[bytes], *, pause: float = 0.0) -> dict[str, Any]:
    """Une requête sans longueur annoncée, dont chaque morceau se fait attendre ; rend son scope et son dernier type."""
    scope: dict[str, Any] = {"type": "http", "headers": []}
    restants = list(morceaux)

    async def recevoir() -> dict[str, Any]:
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": restants.pop(0), "more_body": bool(restants)}

    async def lire(scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            scope["fin"], scope["lu_le"] = message["type"], datetime.now(UTC)
            if not message.get("more_body"):
                return

    async def envoyer(message: Any) -> None: ...

    asyncio.run(enveloppe.Enveloppe(lire)(scope, recevoir, envoyer))
    return scope


def test_une_longueur_tue_est_comptee() -> None:
    scope = jouer([b"x" * 3000, b"y" * 3000])
    requete = RequestFactory().post("/")
    requete.scope = scope  # type: ignore[attr-defined]
    assert octets_recus(requete) == 6000


@pytest.mark.parametrize(("annoncee", "attendue"), [("12", 12), ("", 0), ("-3", 0), ("douze", 0)])
def test_une_longueur_folle_ne_casse_rien(annoncee: str, attendue: int) -> None:
    assert octets_recus(RequestFactory().get("/", headers={"Content-Length": annoncee})) == attendue


def test_un_corps_qui_suit_ses_en_tetes_est_date_d_elles() -> None:
    scope = jouer([b"a", b"b"], pause=0.02)
    assert scope["recu_le"] < scope["lu_le"]


def test_un_corps_qui_traine_est_date_de_sa_fin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enveloppe, "DELAI_DU_CORPS", 0.01)
    avant = datetime.now(UTC)
    scope = jouer([b"a", b"b"], pause=0.05)
    assert (scope["recu_le"] - avant).total_seconds() > 0.09


def test_un_corps_qui_s_arrete_est_abandonne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enveloppe, "SILENCE_MAX", 0.01)
    assert jouer([b"a", b"b"], pause=0.2)["fin"] == "http.disconnect"


@pytest.mark.parametrize("numero", [errno.ENOSPC, errno.EFBIG, errno.EROFS])
def test_un_disque_plein_pendant_le_corps_est_une_pause_dite(numero: int) -> None:
    envoyes: list[dict[str, Any]] = []

    async def plein(scope: Any, receive: Any, send: Any) -> None:
        raise OSError(numero, "disque")

    async def recevoir() -> dict[str, Any]:
        return {"type": "http.request"}

    async def envoyer(message: Any) -> None:
        envoyes.append(message)

    asyncio.run(enveloppe.Enveloppe(plein)({"type": "http", "headers": []}, recevoir, envoyer))
    assert envoyes[0]["status"] == 503
    assert (b"retry-after", b"60") in envoyes[0]["headers"]
    assert "Revenez en arrière" in envoyes[1]["body"].decode()

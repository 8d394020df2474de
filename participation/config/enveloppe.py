"""L'enveloppe ASGI : l'instant d'arrivée est pris aux en-têtes (règle 4), et le corps est borné (S11).

L'heure des en-têtes vaut parce que le corps les suit. Qui ouvrirait mille envois avant la borne pour n'en finir un que
le lendemain n'est pas arrivé à temps : passé DELAI_DU_CORPS, compte l'instant où le corps finit.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from participation.common.dates import maintenant

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CORPS_MAX = 32 * 1024 * 1024  # octets : Django écrit le corps entier avant tout middleware
DELAI_DU_CORPS = 30  # secondes, des en-têtes à la fin d'un corps ordinaire
SILENCE_MAX = 60  # secondes sans un octet : la personne est partie
TROP_GROS = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Envoi trop lourd</title>'
    "<h1>Votre envoi est trop lourd</h1><p>Chaque pièce fait 10 Mo au plus, et l'ensemble 32 Mo.</p>"
    "<p>Revenez en arrière : votre texte y est encore. Retirez une pièce, puis renvoyez.</p></html>"
).encode()


class CorpsTropGros(Exception):
    """Le corps dépasse la borne."""


class Enveloppe:
    """Date chaque requête HTTP et borne son corps, avant tout le reste."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passe la main à l'application, l'instant posé dans `scope["recu_le"]`."""
        if scope["type"] not in {"http", "websocket"}:
            await self.application(scope, receive, send)
            return
        scope["recu_le"] = maintenant()
        if scope["type"] == "websocket":
            await self.application(scope, receive, send)
        elif _longueur(scope) > CORPS_MAX:
            await _refuser(send)
        else:
            await self._servir(scope, receive, send)

    async def _servir(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compte le corps reçu : une longueur tue ou fausse ne passe pas la borne. `scope["octets"]` : le compte."""
        debut, is_fini, commencee = time.monotonic(), False, False
        scope["octets"] = 0

        async def compter() -> Message:
            nonlocal is_fini
            if is_fini:  # le corps est là : on n'attend plus que le départ de la personne
                return await receive()
            message = await _recevoir(receive)
            scope["octets"] += len(message.get("body", b""))
            if scope["octets"] > CORPS_MAX:
                raise CorpsTropGros
            is_fini = not message.get("more_body", False)
            if is_fini and time.monotonic() - debut > DELAI_DU_CORPS:
                scope["recu_le"] = maintenant()
            return message

        async def suivre(message: Message) -> None:
            nonlocal commencee
            commencee = True
            await send(message)

        try:
            await self.application(scope, compter, suivre)
        except CorpsTropGros:
            if not commencee:
                await _refuser(send)


async def _recevoir(receive: Receive) -> Message:
    """Le morceau suivant ; après SILENCE_MAX sans rien, comme si la personne avait fermé."""
    try:
        return await asyncio.wait_for(receive(), SILENCE_MAX)
    except TimeoutError:
        return {"type": "http.disconnect"}


def _longueur(scope: Scope) -> int:
    for nom, valeur in scope.get("headers", []):
        if nom == b"content-length" and valeur.isdigit():
            return int(valeur)
    return 0


async def _refuser(send: Send) -> None:
    entetes = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"content-length", str(len(TROP_GROS)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": entetes})
    await send({"type": "http.response.body", "body": TROP_GROS})

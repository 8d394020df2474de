"""L'enveloppe ASGI : l'instant d'arrivée est pris aux en-têtes (règle 4), et le corps est borné (S11)."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from participation.common.dates import maintenant

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CORPS_MAX = 32 * 1024 * 1024  # octets : Django écrit le corps entier avant tout middleware
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
        """Compte le corps reçu : une longueur tue ou fausse ne passe pas la borne."""
        recus, commencee = 0, False

        async def compter() -> Message:
            nonlocal recus
            message = await receive()
            recus += len(message.get("body", b""))
            if recus > CORPS_MAX:
                raise CorpsTropGros
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

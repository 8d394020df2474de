"""L'enveloppe ASGI : l'instant d'arrivée est pris aux en-têtes (règle 4), et le corps est borné (S11).

L'heure des en-têtes vaut parce que le corps les suit. Qui ouvrirait mille envois avant la borne pour n'en finir un que
le lendemain n'est pas arrivé à temps : passé DELAI_DU_CORPS, compte l'instant où le corps finit.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.template.loader import render_to_string

from participation.common.affichage import Affichage
from participation.common.dates import maintenant
from participation.common.pannes import is_panne, nom_de

journal = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CORPS_MAX = 32 * 1024 * 1024  # octets : Django écrit le corps entier avant tout middleware
DELAI_DU_CORPS = 30  # secondes, des en-têtes à la fin d'un corps ordinaire
SILENCE_MAX = 60  # secondes sans un octet : la personne est partie
PHRASES = {413: "Votre envoi est trop lourd.", 503: "Le site reprend son souffle. Attendez une minute."}


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
        """Passe la main ; tant que rien n'est répondu, une borne ou une panne a encore sa page."""
        commencee = False

        async def suivre(message: Message) -> None:
            nonlocal commencee
            commencee = True
            await send(message)

        try:
            await self.application(scope, Corps(scope, receive).recevoir, suivre)
        except CorpsTropGros:
            if not commencee:
                await _refuser(send)
        except OSError as panne:  # le disque est plein : Django n'a pas pu poser le corps
            if commencee or not is_panne(panne):
                raise
            journal.error("Panne : %s pendant la lecture d'un corps", nom_de(panne))
            await _refuser(send, statut=503)


class Corps:
    """Compte le corps reçu dans `scope["octets"]` : une longueur tue ou fausse ne passe pas la borne."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope, self.receive = scope, receive
        self.debut, self.is_fini = time.monotonic(), False
        scope["octets"] = 0

    async def recevoir(self) -> Message:
        """Le morceau suivant. Lève CorpsTropGros. Un corps qui traîne redate la requête à sa fin."""
        if self.is_fini:  # le corps est là : on n'attend plus que le départ de la personne
            return await self.receive()
        message = await _recevoir(self.receive)
        self.scope["octets"] += len(message.get("body", b""))
        if self.scope["octets"] > CORPS_MAX:
            raise CorpsTropGros
        self.is_fini = not message.get("more_body", False)
        if self.is_fini and time.monotonic() - self.debut > DELAI_DU_CORPS:
            self.scope["recu_le"] = maintenant()
        return message


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


def page(statut: int) -> bytes:
    """La page nue de ce statut, sans base ni requête ; à défaut, sa phrase."""
    contexte = {"statut": statut, "affichage": Affichage(), "is_sans_texte": True}
    try:
        return render_to_string(f"erreurs/{statut}.html", contexte).encode()
    except Exception:  # dernier rempart : le disque plein peut aussi empêcher de lire
        journal.exception("La page d'erreur %s ne se rend pas", statut)
        return PHRASES[statut].encode()


async def _refuser(send: Send, *, statut: int = 413) -> None:
    corps = page(statut)
    entetes = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", b"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'"),
        (b"content-length", str(len(corps)).encode()),
        (b"connection", b"close"),
    ]
    if statut == 503:
        entetes.append((b"retry-after", b"60"))
    await send({"type": "http.response.start", "status": statut, "headers": entetes})
    await send({"type": "http.response.body", "body": corps})

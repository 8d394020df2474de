"""Le seul refus du métier : un code pour la machine, une phrase pour l'usager."""

from typing import Any

STATUTS = {
    "forme": 422,
    "delai_clos": 409,
    "conflit": 409,
    "interdit": 403,
    "introuvable": 404,
    "trop_vite": 429,
    "indisponible": 503,
}


class RefusMetier(Exception):
    """Une action refuse. `code` choisit le statut HTTP (STATUTS, 422 sinon) ; `phrase` se montre telle quelle."""

    def __init__(self, code: str, phrase: str, **donnees: Any) -> None:
        super().__init__(phrase)
        self.code = code
        self.phrase = phrase
        self.donnees = donnees

    @property
    def statut(self) -> int:
        """Le statut HTTP de ce refus : jamais 200."""
        return STATUTS.get(self.code, 422)

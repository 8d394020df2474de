"""Les règles pures du rapport : qui est la même partie d'une version à la suivante."""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from participation.common.reference import en_adresse


class Repere(NamedTuple):
    """Ce qui fait reconnaître une partie. `ref` est son identité, ou rien pour une partie nouvelle."""

    numero: str
    titre: str
    ancre: str
    ref: UUID | None = None


def apparier(anciennes: Sequence[Repere], nouvelles: Sequence[Repere]) -> list[UUID | None]:
    """Pour chaque partie nouvelle, l'identité de l'ancienne qui lui correspond, ou None.

    Dans l'ordre : même numéro et même titre ; même titre ; même adresse. Une identité ne sert qu'une fois : une partie
    insérée au milieu décale les numéros sans voler les observations de sa voisine.
    """
    trouvees: list[UUID | None] = [None] * len(nouvelles)
    for cle in _CLES:
        libres: dict[object, UUID] = {}
        for ancienne in anciennes:
            if ancienne.ref not in trouvees and ancienne.ref is not None:
                libres.setdefault(cle(ancienne), ancienne.ref)
        for rang, nouvelle in enumerate(nouvelles):
            if trouvees[rang] is None:
                trouvees[rang] = libres.pop(cle(nouvelle), None)
    return trouvees


_CLES: tuple[Callable[[Repere], object], ...] = (
    lambda r: (r.numero, en_adresse(r.titre)),
    lambda r: en_adresse(r.titre),
    lambda r: r.ancre,
)

"""La pile de Python, élargie pour les essais : un cinquième du temps des requêtes jouées en mémoire s'y perdait.

CPython pose ses appels dans des blocs de 16 Kio, demandés au système quand le précédent est plein, rendus dès qu'il se
vide. Une requête passée par pytest, Django et ses gabarits franchit ce seuil des centaines de milliers de fois. Un seul
appel très large, tout en haut, fait prendre d'emblée un bloc assez grand pour tout ce qu'il appelle.
"""

from collections.abc import Callable

import pytest

CASES = 70_000
"""Un peu plus d'un demi-mébioctet de cases : le bloc pris a un mébioctet, il en reste presque la moitié."""


def elargir() -> None:
    """Fait passer la préparation et le corps de chaque essai par un appel large. Rien d'autre ne change."""
    for nom in ("setup", "runtest"):
        setattr(pytest.Function, nom, _au_large(getattr(pytest.Function, nom)))


def _au_large(methode: Callable[[pytest.Function], None]) -> Callable[[pytest.Function], None]:
    def faire(essai: pytest.Function) -> None:
        methode(essai)

    faire.__code__ = faire.__code__.replace(co_stacksize=CASES)
    return faire

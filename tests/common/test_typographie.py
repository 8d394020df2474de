"""La typographie française de ce que l'on lit : l'apostrophe est courbe dans chaque gabarit."""

import re

import pytest
from django.conf import settings

GABARITS = sorted(c for genre in ("html", "txt") for c in (settings.RACINE / "templates").rglob(f"*.{genre}"))
CODE = re.compile(r"{% comment %}.*?{% endcomment %}|{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->|<[^>]*>", re.S)
DROITE = re.compile(r"[^\W\d]'[^\W\d]")


def test_il_y_a_des_gabarits_a_lire() -> None:
    assert len(GABARITS) > 80


@pytest.mark.parametrize("gabarit", GABARITS, ids=lambda c: str(c.relative_to(settings.RACINE / "templates")))
def test_aucune_apostrophe_droite(gabarit: object) -> None:
    lu = CODE.sub(" ", gabarit.read_text())  # type: ignore[attr-defined]
    assert DROITE.findall(lu) == []

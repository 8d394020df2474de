"""Quelles que soient les trois couleurs données, chaque texte reste lisible (WCAG AA), dans les deux thèmes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.common import couleurs
from participation.common.couleurs import CLAIR, SOMBRE, Theme

COULEUR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
TEXTES = [
    ("sur-brique", "brique"),
    ("sur-brique", "brique-fonce"),
    ("sur-brique", "brique-vive"),
    ("brique-texte", "brique-pale"),
    ("sur-ardoise", "ardoise"),
    ("sur-ardoise", "ardoise-2"),
    ("sur-ardoise-2", "ardoise"),
    ("sur-ardoise-2", "ardoise-2"),
    ("sur-soleil", "soleil"),
    ("soleil-sur-ardoise", "ardoise"),
    ("soleil-sur-ardoise", "ardoise-2"),
    ("soleil-sur-ardoise", "sur-soleil"),
]


@pytest.mark.parametrize("theme", [CLAIR, SOMBRE], ids=["clair", "sombre"])
@given(action=COULEUR, fort=COULEUR, accent=COULEUR)
def test_chaque_texte_tient_aa(theme: Theme, action: str, fort: str, accent: str) -> None:
    jetons = couleurs.jetons((action, fort, accent), theme)
    for texte, fond in TEXTES:
        assert couleurs.contraste(jetons[texte], jetons[fond]) >= 4.5, (texte, fond, jetons)
    for fond in (theme.papier, theme.surface, theme.creux):
        assert couleurs.contraste(jetons["brique-texte"], fond) >= 4.5, (fond, jetons)
    for fond in (jetons["brique-pale"], jetons["soleil-pale"]):
        assert couleurs.contraste(theme.encre, fond) >= 7, (fond, jetons)


@given(couleur=COULEUR)
def test_un_bouton_se_voit_sur_la_page_sombre(couleur: str) -> None:
    brique = couleurs.jetons((couleur, *couleurs.DEFAUT[1:]), SOMBRE)["brique"]
    assert couleurs.contraste(brique, SOMBRE.papier) >= 3


def test_une_couleur_qui_tient_n_est_pas_touchee() -> None:
    assert couleurs.jetons(("#005f73", "#1e2a35", "#f7bd2b"), CLAIR)["brique"] == "#005f73"


def test_le_contraste_est_celui_de_wcag() -> None:
    assert couleurs.contraste("#000000", "#ffffff") == pytest.approx(21)
    assert couleurs.contraste("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("fausse", ["", "rouge", "#12", "#12345g", "red;}body{display:none"])
def test_une_couleur_illisible_laisse_celle_de_la_maison(fausse: str) -> None:
    assert couleurs.propres((fausse, fausse, fausse)) == couleurs.DEFAUT


def test_les_couleurs_de_la_maison_n_ajoutent_rien_aux_jetons_regles_a_la_main() -> None:
    assert "{" not in couleurs.feuille(couleurs.DEFAUT)


def test_la_feuille_garde_le_papier_clair_a_l_impression() -> None:
    hors_ecran = [
        ligne for ligne in couleurs.feuille(("#005f73", "#222244", "#ffcc00")).splitlines() if "screen" not in ligne
    ]
    assert "ardoise" not in "".join(hors_ecran)

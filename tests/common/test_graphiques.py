"""Les barres d'un tableau de montants : chaque euro une fois, à côté du tableau."""

import re

import pytest

from participation.common.graphiques import barres, en_euros, svg_barres
from participation.common.tableaux import is_nombre, lire_tableau

AXES = """
| Thème | Contributions | Taux |
| --- | ---: | ---: |
| **Axe 1 : Des quartiers attentifs** | **300 €** | **30 %** |
| Ambition 1 : Accès aux droits | 100 € | |
| Ambition 2 : Santé | 200 € | |
| **Axe 2 : Autonomie** | **700 €** | **70 %** |
| Ambition 3 : Emploi | 700 € | |
| **Total 2024** | **1 000 €** | **100 %** |
"""
SIMPLE = "| Financeur | Montant |\n| --- | --- |\n| État « QE » | 1 500 € |\n| Région | 500 € |\n| Total | 2 000 € |"
DEUX = """
| Commune | Opération | Montant |
| --- | --- | --- |
| Bruay | Rue A | 5 € |
| Bruay | Rue B | 7 € |
| Divion | Rue C | 1 € |
"""


def lire(markdown: str):  # type: ignore[no-untyped-def]
    """Le tableau de ce Markdown."""
    tableau = lire_tableau(markdown)
    assert tableau is not None
    return tableau


@pytest.mark.parametrize(("markdown", "total"), [(AXES, 1000), (SIMPLE, 2000), (DEUX, 13)])
def test_la_somme_des_barres_est_le_total_chaque_euro_une_fois(markdown: str, total: int) -> None:
    assert sum(barre.valeur for barre in barres(lire(markdown))) == total


def test_les_axes_regroupent_les_ambitions_sans_barre_a_eux() -> None:
    assert [(b.groupe, b.libelle) for b in barres(lire(AXES))] == [
        ("Axe 1 (300\u00a0€)", "Accès aux droits"),
        ("Axe 1 (300\u00a0€)", "Santé"),
        ("Axe 2 (700\u00a0€)", "Emploi"),
    ]


def test_une_premiere_case_repetee_est_precisee_par_la_suivante() -> None:
    assert [b.libelle for b in barres(lire(DEUX))] == ["Bruay, Rue A", "Bruay, Rue B", "Divion"]


def test_un_tableau_tout_en_gras_garde_ses_barres() -> None:
    assert len(barres(lire("| a | b |\n| --- | --- |\n| **x** | 1 € |\n| **y** | 2 € |"))) == 2


@pytest.mark.parametrize(
    "markdown",
    [
        "| Date | Étape |\n| --- | --- |\n| Mars | Écriture |\n| Juin | Vote |",
        "| Axe | Projets |\n| --- | --- |\n| a | 3 |\n| b | 4 |",
        "| Axe | Montant |\n| --- | --- |\n| a | 3 € |",
        "| Axe | Montant |\n| --- | --- |\n| a | 3 € |\n| b | inconnu |",
        "| Axe | Montant |\n| --- | --- |\n| a | 0 € |\n| b | 0 € |",
        "| Axe | Montant |\n| --- | --- |\n| a | -3 € |\n| b | 3 € |",
    ],
)
def test_sans_colonne_de_montants_il_n_y_a_pas_de_barres(markdown: str) -> None:
    assert barres(lire(markdown)) == ()


@pytest.mark.parametrize(
    ("case", "valeur"),
    [
        ("6 286 281 €", 6286281),
        ("**1 989 939 €**", 1989939),
        ("232\u202f128\u00a0€", 232128),
        ("1.426.923 €", 1426923),
        ("12,50 €", 13),
        ("12,49 €", 12),
        ("12", None),
        ("-5 €", None),
        ("environ 5 €", None),
        ("", None),
        ("€", None),
    ],
)
def test_un_montant_se_lit_comme_il_s_ecrit(case: str, valeur: int | None) -> None:
    assert en_euros(case) == valeur


def test_un_nombre_n_est_pas_une_date() -> None:
    assert is_nombre("19 %")
    assert is_nombre("34")
    assert not is_nombre("9 juillet 2024")
    assert not is_nombre("")


def test_le_dessin_a_un_titre_aucun_style_et_echappe_tout() -> None:
    tableau = lire(SIMPLE.replace("État « QE »", "<script>x</script> & co"))
    dessin = svg_barres(barres(tableau), 'Titre "<b>"')
    assert dessin.startswith('<svg class="barres" role="img"')
    assert "<title>Titre &quot;&lt;b&gt;&quot;</title>" in dessin
    assert "style=" not in dessin
    assert "<script" not in dessin
    assert set(re.findall(r"<(\w+)", dessin)) == {"svg", "title", "text", "rect"}


def test_la_plus_longue_barre_laisse_la_place_de_son_montant() -> None:
    largeurs = [float(v) for v in re.findall(r'<rect[^>]* width="([\d.]+)%"', svg_barres(barres(lire(SIMPLE)), "t"))]
    assert max(largeurs) == 68
    assert largeurs == [68, pytest.approx(22.67, abs=0.01)]


def test_un_libelle_long_passe_a_la_ligne_sans_couper_un_montant() -> None:
    long = AXES.replace("Accès aux droits", "Accès aux droits, aux soins et aux services dans les quartiers")
    lignes = re.findall(r"<text[^>]*>([^<]*)</text>", svg_barres(barres(lire(long)), "t"))
    assert all(len(ligne) <= 34 for ligne in lignes)
    assert "Axe 1 (300\u00a0€)" in lignes

"""Lire un rapport : les trois formats disent la même chose, et un fichier piégé ne passe pas."""

import contextlib
import re

import pytest

from participation.common.errors import RefusMetier
from participation.common.html import markdown_en_html
from participation.rapports.imports import Analyse, analyser
from participation.rapports.imports.decoupe import ancre_de, numero_et_titre
from tests.rapports.fichiers import docx_brut, fichier, paragraphe_docx, png, rapport_2024, refus

MONTANTS = ["6 286 281 €", "1 989 939 €", "232 128 €", "1 426 923 €"]


@pytest.fixture(scope="module", params=["md", "docx", "odt"])
def analyse(request: pytest.FixtureRequest) -> Analyse:
    """Le vrai rapport, lu dans chacun des trois formats."""
    return analyser(f"rapport.{request.param}", fichier(request.param, rapport_2024()))


def test_le_vrai_rapport_a_32_titres_et_6_tableaux(analyse: Analyse) -> None:
    assert (analyse.titres, len(analyse.sections), analyse.tableaux, len(analyse.images)) == (32, 31, 6, 0)
    assert analyse.compris == ["32 titres", "31 parties", "6 tableaux", "aucune image"]
    assert analyse.ecarts == ()


def test_son_titre_son_annee_et_son_preambule_sont_lus(analyse: Analyse) -> None:
    assert analyse.titre.startswith("Rapport sur la mise en œuvre de la politique de la ville")
    assert analyse.annee == 2024
    assert analyse.preambule == "Contrat de ville. Version arrêtée au 24 juin 2025."


@pytest.mark.parametrize("montant", MONTANTS)
def test_les_montants_survivent(analyse: Analyse, montant: str) -> None:
    assert any(montant in section.texte for section in analyse.sections)


def test_les_numeros_titres_et_ancres_sont_ceux_du_contrat(analyse: Analyse) -> None:
    par_ancre = {section.ancre: section for section in analyse.sections}
    assert len(par_ancre) == 31
    assert (par_ancre["2-3"].numero, par_ancre["2-3"].titre, par_ancre["2-3"].niveau) == (
        "2.3",
        "Le Fonds de Cohésion Sociale",
        3,
    )
    assert (par_ancre["1"].numero, par_ancre["1"].titre, par_ancre["1"].niveau) == (
        "1",
        "Un contrat de ville renouvelé",
        2,
    )
    annexe = par_ancre["annexe-avis-des-communes-et-des-conseils-citoyens"]
    assert (annexe.numero, annexe.titre) == ("", "Annexe — Avis des communes et des conseils citoyens")


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_docx_et_odt_donnent_mot_pour_mot_le_texte_du_markdown(format: str) -> None:
    attendu = analyser("r.md", rapport_2024().encode())
    lu = analyser(f"r.{format}", fichier(format, rapport_2024()))
    for voulue, lue in zip(attendu.sections, lu.sections, strict=True):
        assert lue == voulue


def test_le_texte_markdown_est_garde_mot_pour_mot() -> None:
    analyse = analyser("r.md", rapport_2024().encode())
    for section in analyse.sections:
        assert section.texte in rapport_2024()
    assert sum(len(section.texte) for section in analyse.sections) > 17_000


@pytest.mark.parametrize(
    ("titre", "attendu"),
    [
        ("2.3 Le Fonds", ("2.3", "Le Fonds")),
        ("1. Un contrat", ("1", "Un contrat")),
        ("1) Un contrat", ("1", "Un contrat")),
        ("1 Un contrat", ("1", "Un contrat")),
        ("10.2.1. Détail", ("10.2.1", "Détail")),
        ("25 quartiers au cœur", ("", "25 quartiers au cœur")),
        ("2024 : une année", ("", "2024 : une année")),
        ("8e édition", ("", "8e édition")),
        ("Annexe", ("", "Annexe")),
    ],
)
def test_un_numero_se_lit_au_debut_du_titre(titre: str, attendu: tuple[str, str]) -> None:
    assert numero_et_titre(titre) == attendu


def test_deux_titres_pareils_ont_deux_ancres_et_les_ligatures_s_ouvrent() -> None:
    prises: set[str] = set()
    assert [ancre_de("", "Nœux : l'Œuvre", prises) for _ in range(3)] == [
        "noeux-l-oeuvre",
        "noeux-l-oeuvre-2",
        "noeux-l-oeuvre-3",
    ]
    assert [ancre_de("2.3", "x", prises), ancre_de("2.3", "x", prises)] == ["2-3", "2-3-2"]
    assert len(ancre_de("", "mot " * 100, prises)) <= 120
    assert ancre_de("", "…", prises) == "partie"


def test_un_fichier_sans_titre_general_garde_tous_ses_titres_en_parties() -> None:
    analyse = analyser("r.md", b"# Un\n\na\n\n# Deux\n\nb\n\n## Trois\n")
    assert [(s.niveau, s.titre) for s in analyse.sections] == [(2, "Un"), (2, "Deux"), (3, "Trois")]
    assert analyse.titre == ""


@pytest.mark.parametrize("nom", ["rapport.pdf", "rapport.doc", "rapport", "rapport.md.exe"])
def test_un_autre_format_est_refuse(nom: str) -> None:
    assert "docx, odt ou md" in refus(nom, b"# Un")


@pytest.mark.parametrize("nom", ["r.md", "r.docx", "r.odt"])
def test_un_fichier_vide_est_refuse(nom: str) -> None:
    assert "vide" in refus(nom, b"")
    assert "vide" in refus(nom, b" \n ")


@pytest.mark.parametrize("octets", [b"\x00\x01\x02# Un", b"# Un \xff\xfe", png(), b"PK\x03\x04"])
def test_un_binaire_n_est_pas_du_markdown(octets: bytes) -> None:
    assert "texte" in refus("r.md", octets)


def test_un_texte_sans_titre_est_refuse() -> None:
    assert "aucun titre" in refus("r.md", b"Du texte, sans rien d'autre.")


def test_un_markdown_trop_lourd_est_refuse() -> None:
    assert "trop lourd" in refus("r.md", b"# Un\n" + b"a" * 2_000_001)


def test_un_paragraphe_demesure_est_refuse_avec_son_debut() -> None:
    assert "« aaa" in refus("r.md", b"# Un\n\n" + b"a" * 10_001)


@pytest.mark.parametrize(
    "octets",
    [
        b"# a\n" * 401,
        b"# a\n\n" + b"[" * 9_000,
        b"# a\n\n" + b"> " * 4_000 + b"b",
        b"# a\n\n" + b"|a" * 4_000 + b"\n|-|-",
    ],
)
def test_un_texte_pathologique_est_lu_ou_refuse_sans_casser(octets: bytes) -> None:
    with contextlib.suppress(RefusMetier):
        assert analyser("r.md", octets).titres


def test_le_html_est_ecarte_et_dit_ligne_a_ligne() -> None:
    analyse = analyser("r.md", b"# Un 2024\n\n## 1. A\n\n<div onclick='x'>cach\xc3\xa9</div>\n\nTexte <b>gras</b>.\n")
    assert [str(ecart) for ecart in analyse.ecarts] == [
        "Ligne 5 : Écarté : du code HTML (<div onclick='x'>caché</div>).",
        "Ligne 7 : Une balise HTML dans une phrase est lue comme du texte.",
    ]
    assert "cach" not in analyse.sections[0].texte


def test_une_image_du_dehors_est_ecartee_et_dite() -> None:
    analyse = analyser("r.md", b"# Un 2024\n\n## 1. A\n\n![Une vue](http://ailleurs.exemple/a.png)\n")
    assert analyse.sections[0].texte == "Une vue"
    assert "n'est pas dans le fichier" in str(analyse.ecarts[0])


def test_un_docx_a_tableau_fusionne_repete_la_cellule_et_le_dit() -> None:
    def cellule(texte: str, proprietes: str = "") -> str:
        return f"<w:tc><w:tcPr>{proprietes}</w:tcPr>{paragraphe_docx(texte)}</w:tc>"

    tableau = (
        "<w:tbl><w:tr>" + cellule("Commune") + cellule("Opération") + cellule("Montant") + "</w:tr><w:tr>"
        + cellule("Bruay", '<w:vMerge w:val="restart"/>') + cellule("Rue | A") + cellule("10 €") + "</w:tr><w:tr>"
        + cellule("", "<w:vMerge/>") + cellule("Rue B") + cellule("20 €") + "</w:tr></w:tbl>"
    )  # fmt: skip
    titre = paragraphe_docx("Rapport 2024", '<w:pStyle w:val="Titre1"/>') + paragraphe_docx(
        "A", '<w:pStyle w:val="Titre2"/>'
    )
    analyse = analyser("r.docx", docx_brut(titre + tableau))
    assert analyse.sections[0].texte.split("\n") == [
        "| Commune | Opération | Montant |",
        "| --- | --- | ---: |",
        "| Bruay | Rue \\| A | 10 € |",
        "| Bruay | Rue B | 20 € |",
    ]
    assert "fusionnées" in str(analyse.ecarts[0])


def test_un_texte_de_docx_n_est_jamais_pris_pour_du_markdown() -> None:
    textes = [
        "# pas un titre",
        "- pas une liste",
        "2. pas une liste",
        "*étoiles* et _soulignés_",
        "[x](http://a.fr)",
        "<b>x</b>",
        "| a |",
    ]
    titre = paragraphe_docx("Rapport 2024", '<w:pStyle w:val="Titre1"/>') + paragraphe_docx(
        "A", '<w:pStyle w:val="Titre2"/>'
    )
    analyse = analyser("r.docx", docx_brut(titre + "".join(paragraphe_docx(t) for t in textes)))
    assert analyse.titres == 2
    rendu = markdown_en_html(analyse.sections[0].texte, lignes=False)
    assert re.findall(r"<(?!/?p>)[^>]+>", rendu) == []
    assert rendu.count("<p>") == len(textes)
    assert "*étoiles* et _soulignés_" in rendu

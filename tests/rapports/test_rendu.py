"""Une partie à l'écran : texte sûr, tableaux dits, barres, images décrites. Et le rapport entier en PDF."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import LazySettings
from django.template.loader import render_to_string

from participation.rapports.actions.figer import figer
from participation.rapports.actions.importation import importer
from participation.rapports.feuille import rapport_en_pdf
from participation.rapports.models import Image, Section, Version
from participation.rapports.queries import lecture, parties, sommaire
from participation.rapports.rendu import blocs, preambule_en_html, section_en_html
from tests.common.test_html import ATTAQUES
from tests.outillage.documents import mots_serres, texte_du_pdf
from tests.rapports.fichiers import png, rapport_2024

MONTANTS = ["6 286 281 €", "1 989 939 €", "232 128 €", "1 426 923 €"]
pytestmark = [pytest.mark.django_db, pytest.mark.une_base]


@pytest.fixture
def version(now: datetime) -> Version:
    """Le vrai rapport, importé."""
    return importer(nom="r.md", octets=rapport_2024().encode(), annee=None, par=None, now=now)


def section(version: Version, ancre: str) -> str:
    """Le HTML de cette partie."""
    return section_en_html(version.sections.get(ancre=ancre))


def test_les_montants_du_vrai_rapport_sont_sur_la_page(version: Version) -> None:
    page = "".join(section_en_html(s) for s in parties(version))
    for montant in MONTANTS:
        assert montant in page
    assert page.count("<table>") == 6
    assert page.count("<svg") == 5


def test_un_tableau_dit_son_titre_ses_en_tetes_et_aligne_ses_montants(version: Version) -> None:
    page = section(version, "2-3")
    assert (
        '<div class="tableau plat" role="region" tabindex="0" aria-label="Tableau : Le Fonds de Cohésion Sociale">'
        in page
    )
    assert '<caption class="vh">Le Fonds de Cohésion Sociale</caption>' in page
    assert (
        '<th scope="col">Axe</th><th scope="col" class="n">Projets</th><th scope="col" class="n">Montant</th>' in page
    )
    assert page.count('<th scope="row">Axe ') == 5
    assert '<td class="n">35 000 €</td>' in page


def test_les_lignes_d_axe_et_de_total_se_distinguent(version: Version) -> None:
    page = section(version, "2-1")
    assert (page.count('<tr class="axe">'), page.count('<tr class="total">')) == (4, 1)
    assert '<tr class="total"><th scope="row"><strong>Total 2024</strong></th>' in page


def test_une_colonne_de_nombres_en_tete_ne_nomme_pas_les_lignes() -> None:
    page = section_en_html(Section(titre="A", texte="| N | b |\n| --- | --- |\n| 1 | x |\n| 2 | y |"))
    assert 'scope="row"' not in page


def test_listes_citations_et_gras_passent(version: Version) -> None:
    page = section(version, "4-3")
    assert "<blockquote>" in page
    assert page.count("<li>") == 7
    assert "<strong>25 quartiers – 19 communes</strong>" in section(version, "1-2")
    assert preambule_en_html(version) == "<p>Contrat de ville. Version arrêtée au 24 juin 2025.</p>"


@pytest.mark.parametrize("attaque", ATTAQUES)
def test_aucune_attaque_ne_passe_par_un_rapport(attaque: str) -> None:
    texte = f"{attaque}\n\n| {attaque.replace('|', '')} | b |\n| --- | --- |\n| x | {attaque.replace('|', '')} |"
    page = section_en_html(Section(titre=attaque, texte=texte))
    balises = {b.lower() for b in re.findall(r"<\s*/?\s*([a-zA-Z!][\w-]*)", page)}
    assert not balises & {"script", "img", "svg", "iframe", "style", "form", "math", "base", "meta", "object", "!--"}
    for balise in re.findall(r"<[^>]+>", page):
        assert not re.search(
            r"\son\w+\s*=|style\s*=|javascript:|vbscript:|data:text", re.sub(r'"[^"]*"', '""', balise), re.I
        )
        assert not re.search(r'href="\s*(javascript|data|vbscript|file):', balise, re.I)


def test_le_texte_est_coupe_en_blocs_sous_la_borne() -> None:
    texte = "\n\n".join(["mot " * 500] * 12) + "\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nfin"
    genres = [bloc.genre for bloc in blocs(texte)]
    assert genres == ["texte", "texte", "texte", "tableau", "texte"]
    assert "<p>fin</p>" in section_en_html(Section(titre="A", texte=texte))
    assert section_en_html(Section(titre="A", texte=texte)).count("<p>") == 13


def test_une_image_se_montre_avec_sa_description(version: Version) -> None:
    partie = version.sections.get(ancre="2-3")
    Image.objects.create(
        version=version, nom="image-1", type_mime="image/png", octets=png(), largeur=40, hauteur=20, alt='Un "mur"'
    )
    partie.texte = "Avant ![](image:image-1) après.\n\n![x](image:absente)"
    page = section_en_html(partie)
    assert page.count("<img") == 1
    assert re.search(
        r'<img src="data:image/png;base64,[\w+/=]+" alt="Un &quot;mur&quot;" width="40" height="20">', page
    )
    assert "<p>Avant  après.</p>" in page.replace("\u00a0", " ")


def test_le_meme_titre_deux_tableaux_deux_noms() -> None:
    table = "| a | b |\n| --- | --- |\n| x | 2 |"
    page = section_en_html(Section(titre="Budget", texte=f"{table}\n\nPuis\n\n{table}"))
    assert 'aria-label="Tableau : Budget"' in page
    assert 'aria-label="Tableau : Budget (2)"' in page


class Fausse:
    """Une consultation, pour les fragments : ils n'en lisent que l'adresse."""

    slug = "rapport-2024"


def test_les_fragments_de_lecture_menent_aux_parties(version: Version) -> None:
    commun: dict[str, Any] = {"consultation": Fausse(), "version": version, "nom": "Sommaire"}
    plan = render_to_string("rapports/_sommaire.html", commun | {"sommaire": sommaire(version), "courante": "2-3"})
    assert plan.count("<li") == 31
    assert plan.count('aria-current="page"') == 1
    assert 'href="/consultations/rapport-2024/sections/2-3/"' in plan
    version.sections.filter(ancre="2-3").update(en_clair="Un fonds aide les habitants.")
    page = render_to_string("rapports/_section.html", commun | {"lecture": lecture(version, "2-3")})
    assert "Un fonds aide les habitants." in page
    assert page.count("<h1") == 1
    assert re.findall(r'rel="(prev|next)"\s+href="/consultations/rapport-2024/sections/([\d-]+)/"', page) == [
        ("prev", "2-2"),
        ("next", "2-4"),
    ]
    entier = render_to_string("rapports/_rapport_entier.html", commun | {"parties": parties(version)})
    assert (entier.count("<h2"), entier.count("<h3"), entier.count("<table>")) == (8, 23, 6)


def test_le_rapport_entier_sort_en_pdf_balise_avec_ses_montants(
    version: Version, now: datetime, settings: LazySettings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    empreinte = figer(version=version, now=now)
    chemin = rapport_en_pdf(version, emetteur="Agglomération d'essai")
    assert rapport_en_pdf(version, emetteur="Agglomération d'essai") == chemin
    with pikepdf.open(chemin) as document:
        assert str(document.Root.Lang) == "fr"
        assert "politique de la ville" in str(document.docinfo.Title)
        structures = [
            o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/StructElem"
        ]
        figures = [o for o in structures if str(o.S) == "/Figure"]
        assert len(figures) == 5
        assert all(str(figure.get("/Alt", "")).startswith("Barres : ") for figure in figures)
        assert sum(str(o.S) == "/Table" for o in structures) == 6
        assert sum(str(o.S) in ("/H2", "/H3") for o in structures) == 32  # 31 parties et le sommaire
    texte = texte_du_pdf(chemin)
    assert [montant for montant in MONTANTS if montant not in texte] == []
    assert empreinte in mots_serres(texte)

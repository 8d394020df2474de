"""Les PDF : mêmes données, mêmes octets ; balisés ; rien d'étranger ouvert ; une panne se dit."""

import os
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory

from participation.common import moteur_pdf, pdf

INSTANT = datetime(2025, 10, 30, 22, 59, 59, tzinfo=UTC)
FEUILLE = """{% extends "feuilles/base_pdf.html" %}{% block titre %}Essai{% endblock titre %}
{% block contenu %}<h1>Avis</h1><p>6\u202f286\u202f281\u00a0€ → ✓ {{ texte }}</p>
<svg width="20" height="20" viewBox="0 0 20 20"><title>Un carré plein</title><rect width="20" height="20"/></svg>
<table><caption>Montants</caption><thead><tr><th scope="col">Axe</th></tr></thead>
<tbody><tr><td>1</td></tr></tbody></table>{% endblock contenu %}"""


@pytest.fixture(autouse=True)
def feuille(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> None:
    """Un dossier neuf, et une feuille d'essai à la place des gabarits."""
    settings.VAR_DIR = tmp_path
    gabarit = engines["django"].from_string(FEUILLE)
    monkeypatch.setattr(pdf, "render_to_string", lambda _nom, contexte: gabarit.render(contexte))


def rendre(**autres: Any) -> Path:
    """Rend la feuille d'essai."""
    contexte = {"texte": autres.pop("texte", "été"), "emetteur": "Agglomération d'essai", "pied": "Annexe"}
    return pdf.rendre(**{"gabarit": "x", "contexte": contexte, "instant": INSTANT, "identifiant": "essai"} | autres)


def test_les_memes_donnees_donnent_les_memes_octets_a_deux_secondes_et_deux_processus(tmp_path: Path) -> None:
    premier = rendre()
    octets, date = premier.read_bytes(), premier.stat().st_mtime
    premier.unlink()
    attendre_que(lambda: time.time() >= date + 2)
    second = rendre()
    assert second == premier
    assert second.stat().st_mtime >= date + 2
    assert second.read_bytes() == octets


def attendre_que(condition: Any) -> None:
    """Attend une condition d'horloge, sans rien faire d'autre."""
    while not condition():
        threading.Event().wait(0.05)


def test_d_autres_donnees_un_autre_instant_ou_une_autre_identite_font_un_autre_document() -> None:
    reference = rendre()
    for change in ({"texte": "hiver"}, {"instant": INSTANT + timedelta(seconds=1)}, {"identifiant": "autre"}):
        autre = rendre(**change)
        assert autre != reference
        assert autre.read_bytes() != reference.read_bytes()


def test_le_document_garde_n_est_pas_refait(monkeypatch: pytest.MonkeyPatch) -> None:
    chemin = rendre()
    monkeypatch.setattr(pdf, "_lancer", lambda *_: pytest.fail("refait"))
    assert rendre() == chemin


def test_le_document_est_balise_en_francais_date_et_identifie() -> None:
    with pikepdf.open(rendre()) as document:
        assert str(document.Root.Lang) == "fr"
        assert bool(document.Root.MarkInfo.Marked)
        with document.open_metadata() as notices:
            assert notices["pdfuaid:part"] == "1"
        assert str(document.docinfo.Title) == "Essai"
        assert str(document.docinfo.CreationDate).startswith("D:20251030225959+00")
        assert "Un carré plein" in {str(o.Alt) for o in document.objects if est_dictionnaire(o) and "/Alt" in o}
        balises = {str(o.S) for o in document.objects if est_dictionnaire(o) and o.get("/Type") == "/StructElem"}
        assert {"/H1", "/Table", "/TH", "/Figure"} <= balises


def test_seules_les_polices_du_projet_entrent_dans_le_document() -> None:
    with pikepdf.open(rendre()) as document:
        polices = {str(o.BaseFont).split("+")[-1] for o in document.objects if est_dictionnaire(o) and "/BaseFont" in o}
    assert polices
    assert all(p.startswith(("Atkinson-Hyperlegible", "Bricolage-Grotesque", "Complement")) for p in polices), polices


def est_dictionnaire(objet: Any) -> bool:
    """Vrai pour un dictionnaire PDF, le seul objet qui se lit par clés."""
    return isinstance(objet, pikepdf.Dictionary)


@pytest.mark.parametrize(
    ("adresse", "nom"),
    [
        ("css/feuilles.css", "css/feuilles.css"),
        ("static/css/feuilles.css", "css/feuilles.css"),
        ("static/css/feuilles.0123456789ab.css", "css/feuilles.css"),
        ("fonts/atkinson-next.woff2", "fonts/atkinson-next.woff2"),
        ("../manage.py", None),
        ("css/../../manage.py", None),
        ("fonts/absente.woff2", None),
        ("js/un.js", None),
    ],
)
def test_le_moteur_n_ouvre_que_les_fichiers_du_projet(settings: LazySettings, adresse: str, nom: str | None) -> None:
    racine = Path(settings.RACINE) / "static"
    attendu = (racine / nom).resolve() if nom else None
    assert moteur_pdf.chemin_servi(racine, moteur_pdf.HOTE + adresse) == attendu


@pytest.mark.parametrize(
    "adresse", ["file:///etc/passwd", "http://127.0.0.1/x.png", "data:text/html,x", "css/feuilles.css", "ftp://a/b.svg"]
)
def test_une_adresse_etrangere_n_est_jamais_ouverte(settings: LazySettings, adresse: str) -> None:
    racine = Path(settings.RACINE) / "static"
    assert moteur_pdf.chemin_servi(racine, adresse) is None
    with pytest.raises(ValueError, match="refusée"):
        moteur_pdf._lecteur(racine).fetch(adresse)


def test_le_site_n_importe_jamais_weasyprint() -> None:
    code = "import django, sys; django.setup(); import participation.common.pdf; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0


def test_sans_pango_le_document_est_dit_indisponible(monkeypatch: pytest.MonkeyPatch) -> None:
    faux = (
        "import sys; sys.modules['weasyprint'] = None; from participation.common import moteur_pdf as m; exit(m.main())"
    )
    remplacer_la_commande(monkeypatch, faux)
    with pytest.raises(pdf.PdfIndisponible) as refus:
        rendre()
    assert refus.value.statut == 503
    assert refus.value.attente == 3600


def test_un_rendu_trop_long_est_tue_et_ne_laisse_rien(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    remplacer_la_commande(monkeypatch, "import threading; threading.Event().wait()")
    monkeypatch.setattr(pdf, "DELAI", 0.2)
    with pytest.raises(pdf.PdfIndisponible, match="trop de temps"):
        rendre()
    assert {f.name for f in (tmp_path / "pdf").iterdir()} <= {"verrou", "cache"}


def test_un_rendu_manque_est_dit_et_ne_laisse_rien(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    remplacer_la_commande(monkeypatch, "raise SystemExit(1)")
    with pytest.raises(pdf.PdfIndisponible, match="pas pu"):
        rendre()
    assert not list((tmp_path / "pdf").glob("*.pdf"))


def remplacer_la_commande(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Fait lancer ce code à la place du moteur."""
    vrai = subprocess.run

    def lancer(_commande: list[str], **options: Any) -> Any:
        return vrai([sys.executable, "-c", code], **options)

    monkeypatch.setattr(pdf.subprocess, "run", lancer)


def test_un_seul_rendu_a_la_fois(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pdf").mkdir()
    monkeypatch.setattr(pdf, "DELAI", 0.1)
    with pdf._chacun_son_tour(tmp_path / "pdf/verrou"), pytest.raises(pdf.PdfIndisponible, match="D'autres PDF"):
        rendre()


def test_les_plus_anciens_sont_oublies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf, "GARDES", 1)
    ancien = rendre()
    os.utime(ancien, (1, 1))
    recent = rendre(texte="autre")
    assert not ancien.exists()
    assert recent.exists()


def test_le_fichier_est_servi_sous_son_nom() -> None:
    reponse = pdf.servir(rendre(), "annexe-2024.pdf")
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == 'inline; filename="annexe-2024.pdf"'
    assert reponse.content.startswith(b"%PDF-")


def test_une_indisponibilite_se_dit_503_et_quand_revenir(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    monkeypatch.setattr(pdf, "refuser", lambda _r, refus, **_: HttpResponse(status=refus.statut))
    reponse = pdf.indisponible(rf.get("/"), pdf.PdfIndisponible("Plus tard.", attente=45))
    assert (reponse.status_code, reponse["Retry-After"]) == (503, "45")


def test_le_paysage_des_feuilles_est_celui_de_l_accueil(settings: LazySettings) -> None:
    """Le moteur des PDF ne connaît pas les jetons : le même dessin, ses couleurs écrites."""
    accueil = (settings.RACINE / "templates/accueil/_paysage.html").read_text(encoding="utf-8")
    feuille = (settings.RACINE / "static/icons/paysage-coron.svg").read_text(encoding="utf-8")
    ecrit = re.sub(r"var\(--[\w-]+,(#\w+)\)", r"\1", accueil.replace("var(--soleil)", "#f7bd2b"))
    assert ecrit.split(">", 1)[1] == feuille.split(">", 1)[1]

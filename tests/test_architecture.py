"""Ce que import-linter ne sait pas dire : l'heure, HTTP, les tailles, les noms, les gabarits."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import Context, engines
from django.urls import URLPattern, URLResolver, get_resolver

from tests.outillage.gabarits import GABARITS

RACINE = Path(__file__).parents[1]
PRODUIT = ("participation", "consultations", "seminaires")
COEUR = {"rules", "models", "permissions", "actions", "events", "queries", "delais"}
DES_PAQUETS = ("admin/", "allauth/", "account/", "mfa/", "usersessions/", "django/")


def modules(*dossiers: str) -> list[Path]:
    """Les modules Python écrits à la main sous ces dossiers."""
    trouves = (p for d in dossiers if (RACINE / d).exists() for p in (RACINE / d).rglob("*.py"))
    return sorted(p for p in trouves if "migrations" not in p.parts)


def court(chemin: Path) -> str:
    """Le chemin depuis la racine."""
    return str(chemin.relative_to(RACINE))


def arbre(module: Path) -> ast.Module:
    """La syntaxe d'un module."""
    return ast.parse(module.read_text())


DU_PRODUIT = modules(*PRODUIT)
DU_COEUR = [p for p in DU_PRODUIT if COEUR & {p.stem, *p.relative_to(RACINE).parts[:-1]}]
ECRITS = {".py", ".md", ".html", ".css", ".js", ".toml", ".txt", ".json", ""}
FICHIERS_HTML = sorted(GABARITS.rglob("*.html"))


# --- le cœur ----------------------------------------------------------------------------------------------------------
def horloges(module: Path) -> Iterator[str]:
    """Les endroits d'un module qui lisent l'heure au lieu de la recevoir."""
    for noeud in ast.walk(arbre(module)):
        match noeud:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=nom), attr="now" | "today" | "utcnow" | "localdate")):
                yield f"{nom}, ligne {noeud.lineno}"
            case ast.Name(id="maintenant") | ast.Attribute(attr="maintenant"):
                yield f"maintenant, ligne {noeud.lineno}"
            case ast.ImportFrom(module="time") | ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="time")):
                yield f"time, ligne {noeud.lineno}"


def importes(module: Path) -> set[str]:
    """Les noms complets qu'un module importe."""
    noms: set[str] = set()
    for noeud in ast.walk(arbre(module)):
        if isinstance(noeud, ast.Import):
            noms |= {alias.name for alias in noeud.names}
        elif isinstance(noeud, ast.ImportFrom):
            noms |= {f"{noeud.module}.{alias.name}" for alias in noeud.names}
    return noms


@pytest.mark.parametrize("module", DU_COEUR, ids=court)
def test_le_coeur_recoit_l_heure_et_ignore_http(module: Path) -> None:
    assert not list(horloges(module)), "l'heure est un argument (`now`)"
    http = {nom for nom in importes(module) if nom.startswith(("django.http", "django.shortcuts", "django.views"))}
    assert not http, "un refus du cœur est un RefusMetier, jamais une réponse HTTP"


@pytest.mark.parametrize(
    "source",
    ["timezone.now()", "maintenant()", "dates.maintenant()", "datetime.now(UTC)", "date.today()", "time.time()"],
)
def test_la_recherche_d_horloge_voit_ce_qu_elle_cherche(source: str, tmp_path: Path) -> None:
    fautif = tmp_path / "rules.py"
    fautif.write_text(f"instant = {source}\n")
    assert list(horloges(fautif))


def test_aucun_modelform() -> None:
    """`Instance` rencontrerait `instance=` : un Form, une dataclass, une action."""
    fautifs = [court(p) for p in DU_PRODUIT if re.search(r"\bModelForm\b|modelform_factory", p.read_text())]
    assert fautifs == []


def test_mark_safe_dit_sa_raison() -> None:
    """Du HTML déclaré sûr sans passer par la porte (common/html.py) porte sa raison sur sa ligne ou juste au-dessus."""
    for module in DU_PRODUIT:
        if court(module) == "participation/common/html.py":
            continue
        lignes = module.read_text().splitlines()
        for n, ligne in enumerate(lignes):
            if "mark_safe(" in ligne:
                assert "#" in ligne or "#" in lignes[n - 1], f"{court(module)}, ligne {n + 1}"


# --- les tailles et les noms ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("module", modules(*PRODUIT, "outils", "tests"), ids=court)
def test_un_module_tient_en_300_lignes(module: Path) -> None:
    assert module.read_text().count("\n") <= 300


@pytest.mark.parametrize("module", modules(*PRODUIT, "outils"), ids=court)
def test_une_fonction_tient_en_30_lignes_et_une_vue_en_15(module: Path) -> None:
    is_vues = "views" in (module.stem, module.parent.name)
    for noeud in ast.walk(arbre(module)):
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef):
            is_vue = is_vues and noeud.args.args[:1] and noeud.args.args[0].arg == "request" and noeud.name[0] != "_"
            longueur = (noeud.end_lineno or 0) - noeud.lineno + 1
            assert longueur <= (15 if is_vue else 30), f"{noeud.name} : {longueur} lignes"


def test_aucun_paquet_vide() -> None:
    vides = [
        court(p.parent)
        for p in modules(*PRODUIT, "tests", "outils")
        if p.name == "__init__.py" and not p.read_text().strip() and not autres_fichiers(p)
    ]
    assert vides == []


def autres_fichiers(init: Path) -> list[Path]:
    """Ce qu'un paquet contient d'autre que lui-même."""
    return [p for p in init.parent.iterdir() if p.name not in ("__init__.py", "__pycache__")]


def motifs(resolveur: URLResolver, espace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(espace de noms, motif) de chaque adresse du site."""
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            yield from motifs(motif, f"{espace}{motif.namespace}:" if motif.namespace else espace)
        else:
            yield espace, motif


def test_une_racine_partout_l_adresse_porte_le_nom_de_sa_vue() -> None:
    ecarts = [
        f"{espace}{motif.name} ≠ {motif.callback.__name__}"
        for espace, motif in motifs(get_resolver())
        if motif.callback.__module__.startswith(PRODUIT) and espace and motif.name != motif.callback.__name__
    ]
    assert ecarts == []


# --- les gabarits -----------------------------------------------------------------------------------------------------
def gabarits_cites() -> list[re.Pattern[str]]:
    """Ce que le code et les gabarits nomment ; une chaîne composée (f"erreurs/{n}.html") vaut pour tous ses cas."""
    cites: set[str] = set()
    for module in DU_PRODUIT:
        for noeud in ast.walk(arbre(module)):
            if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
                cites.add(re.escape(noeud.value))
            elif isinstance(noeud, ast.JoinedStr):
                morceaux = [re.escape(str(m.value)) if isinstance(m, ast.Constant) else "[^/]+" for m in noeud.values]
                cites.add("".join(morceaux))
    for gabarit in GABARITS.rglob("*.*"):
        if gabarit.suffix in {".html", ".txt", ".xml", ".svg"}:
            cites |= {re.escape(c) for c in re.findall(r"""["']([\w/.-]+\.\w+)["']""", gabarit.read_text())}
    return [re.compile(c) for c in cites if re.search(r"\\\.(html|txt|xml|svg|css)$", c)]


def test_aucun_gabarit_inutilise() -> None:
    cites = gabarits_cites()
    restes = [
        nom
        for p in sorted(GABARITS.rglob("*.*"))
        if p.is_file() and not (nom := p.relative_to(GABARITS).as_posix()).startswith(DES_PAQUETS)
        if not any(c.fullmatch(nom) for c in cites)
    ]
    assert restes == []


def sans_commentaires(gabarit: Path) -> str:
    """Le texte d'un gabarit, sans ses commentaires."""
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", gabarit.read_text(), flags=re.S)


@pytest.mark.parametrize("gabarit", FICHIERS_HTML, ids=court)
def test_un_gabarit_respecte_la_politique_de_contenu(gabarit: Path) -> None:
    """La CSP refuse tout style et tout script en ligne : autant que l'essai le dise avant le navigateur."""
    texte = sans_commentaires(gabarit)
    assert not re.search(r"\sstyle\s*=", texte), "style en ligne"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", texte), "gestionnaire en ligne"
    assert not re.search(r"<style\b", texte), "feuille en ligne"
    assert not re.search(r"<script(?![^>]*\bsrc=)", texte), "script en ligne"
    assert not re.search(r"https?://[^\s\"']+\.(js|css|woff2?|png|jpg)", texte), "fichier d'un autre site"


@pytest.mark.parametrize("gabarit", FICHIERS_HTML, ids=court)
def test_un_gabarit_echappe_et_protege(gabarit: Path) -> None:
    texte = sans_commentaires(gabarit)
    assert not re.search(r"\|\s*safe\b|autoescape off|\|\s*safeseq", texte), "le HTML sûr vient de common/html.py"
    for formulaire in re.findall(r"<form\b[^>]*>.*?</form>", texte, flags=re.S | re.I):
        if re.search(r"method\s*=\s*[\"']?post", formulaire, flags=re.I):
            assert "csrf_token" in formulaire, formulaire[:120]


def test_une_variable_de_gabarit_inconnue_fait_echouer_l_essai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moteur = engines["django"].engine
    monkeypatch.setattr("tests.outillage.gabarits.GABARITS", Path("<unknown source>"))
    faux = moteur.from_string("{% if absente %}oui{% endif %}{{ absente|default:'rien' }}")
    assert faux.render(Context({})) == "rien"
    with pytest.raises(pytest.fail.Exception, match="absente"):
        moteur.from_string("<p>{{ absente }}</p>").render(Context({}))

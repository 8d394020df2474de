"""La documentation dit vrai (mots, fonctions, réglages, commandes, dépendances) et ne parle que du produit."""

import importlib
import re
import subprocess
from pathlib import Path

from django.apps import apps

from outils import servir
from tests.test_architecture import ECRITS, PRODUIT, RACINE, court, modules


def suivis() -> list[Path]:
    """Les fichiers du dépôt, ceux qu'on vend exceptés ; sans git (archive), ceux du disque."""
    sortie = subprocess.run(["git", "ls-files", "-z"], cwd=RACINE, capture_output=True, text=True, check=False).stdout
    noms = sortie.split("\0") if sortie else [court(p) for p in modules(*PRODUIT, "outils", "tests")]
    return [RACINE / n for n in noms if n and "vendor/" not in n and not n.startswith("requirements")]


def test_rien_ne_lit_hors_du_depot_et_rien_ne_nomme_une_machine() -> None:
    motif = re.compile(r"\.\./shar" + r"ed|(^|[^A-Za-z0-9_.])/(work|farm|root)/[a-z.]", re.M)
    fautifs = []
    for fichier in suivis():
        if fichier.is_file() and fichier.suffix in ECRITS and motif.search(fichier.read_text(errors="ignore")):
            fautifs.append(court(fichier))
    assert fautifs == []


def test_le_glossaire_dit_chaque_modele() -> None:
    glossaire = (RACINE / "docs/glossaire.md").read_text()
    nos_modeles = [m for m in apps.get_models() if m.__module__.startswith(PRODUIT)]
    absents = [f"{m._meta.label}" for m in nos_modeles if f"`{m.__name__}`" not in glossaire]
    assert absents == []


def test_la_procedure_ne_nomme_que_des_fonctions_qui_existent() -> None:
    texte = (RACINE / "docs/procedure.md").read_text()
    citees = set(re.findall(r"`((?:participation|consultations|seminaires)(?:\.\w+)+)`", texte))
    assert len(citees) >= 10, "la procédure nomme ses fonctions par leur chemin pointé"
    absentes = sorted(c for c in citees if not existe(c))
    assert absentes == []


def existe(chemin: str) -> bool:
    """Vrai si ce chemin pointé mène à un module, une classe ou une fonction."""
    parties = chemin.split(".")
    for coupe in range(len(parties), 0, -1):
        try:
            objet: object = importlib.import_module(".".join(parties[:coupe]))
        except ModuleNotFoundError:
            continue
        for nom in parties[coupe:]:
            objet = getattr(objet, nom, None)
        return objet is not None
    return False


REGLES = {
    "1": "consultations/delais.py", "2": "consultations/delais.py", "3": "consultations/actions/silence.py",
    "3 bis": "consultations/actions/proces_verbal.py", "4": "consultations/actions/depot.py",
    "5": "consultations/models/avis.py", "6": "consultations/actions/remise.py", "7": "consultations/rules.py",
    "8": "participation/rapports/actions/figer.py", "9": "consultations/actions/report.py",
    "10": "consultations/actions/depot.py", "11": "consultations/actions/reception.py",
    "12": "consultations/actions/depot.py", "13": "consultations/courriels.py", "14": "consultations/etats.py",
    "15": "consultations/actions/reception.py", "16": "consultations/permissions.py",
    "18": "consultations/annexe.py", "19": "consultations/permissions.py", "20": "consultations/rules.py",
    "21": "consultations/permissions.py", "22": "consultations/actions/actes.py",
}  # fmt: skip
"""Chaque règle de docs/domaine.md, et le module où elle s'applique d'abord. 17 vient avec sa partie."""
NUMERO = r"\d+(?:[ \xa0]bis)?"
CITATION = re.compile(rf"[Rr]ègles?\s+({NUMERO}(?:(?:\s*,\s*|\s+et\s+){NUMERO})*)")


def regles_citees(texte: str) -> set[str]:
    """Les numéros que cite « règle 6 », « règles 3 bis, 6 et 11 »."""
    return {n.replace("\xa0", " ") for liste in CITATION.findall(texte) for n in re.findall(NUMERO, liste)}


def test_chaque_regle_est_citee_par_son_numero_la_ou_elle_s_applique() -> None:
    domaine = (RACINE / "docs/domaine.md").read_text()
    numerotees = set(re.findall(r"^(\d+)\. ", domaine, flags=re.M)) | set(re.findall(r"\*\*(3 bis)\.\*\*", domaine))
    assert numerotees == set(REGLES) | {"17"}, "docs/domaine.md a changé de règles"
    citees = {n: regles_citees((RACINE / module).read_text()) for n, module in REGLES.items()}
    assert {n: REGLES[n] for n, dites in citees.items() if n not in dites} == {}


def test_aucune_regle_citee_n_est_inconnue() -> None:
    citees = {n: court(p) for p in modules(*PRODUIT) for n in regles_citees(p.read_text())}
    assert {n: ou for n, ou in citees.items() if n not in {*REGLES, "17"}} == {}


def test_chaque_dependance_directe_dit_sa_raison() -> None:
    raisons = (RACINE / "docs/decisions/dependances.md").read_text()
    for fichier in ("requirements.in", "requirements-dev.in"):
        for ligne in (RACINE / fichier).read_text().splitlines():
            if nom := re.match(r"[a-z][\w-]*", ligne):
                assert f"`{nom[0]}`" in raisons, f"{nom[0]} ({fichier})"


def test_le_readme_dit_chaque_variable_d_environnement() -> None:
    reglages = (RACINE / "participation/config/settings.py").read_text()
    lues = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', reglages))
    assert {"VAR_DIR", "DATABASE_URL", "MAINTENANT"} <= lues
    readme = (RACINE / "README.md").read_text()
    assert [nom for nom in sorted(lues - {"STATIQUES_DIRECTS"}) if f"`{nom}`" not in readme] == []


def test_le_readme_donne_les_deux_commandes_son_but_et_dix_lignes_d_anglais() -> None:
    readme = (RACINE / "README.md").read_text()
    assert "make run" in readme
    assert "make test" in readme
    assert "inventer un système" in readme
    anglais = readme.split("## In English\n")[1].strip().splitlines()
    assert len(anglais) == 10


def test_chaque_cible_du_makefile_est_dite_et_l_integration_ne_fait_que_make_test() -> None:
    makefile, readme = (RACINE / "Makefile").read_text(), (RACINE / "README.md").read_text()
    cibles = re.findall(r"^([a-z][a-z-]*):", makefile, flags=re.M)
    assert [c for c in cibles if f"make {c}" not in readme] == []
    ci = [ligne for ligne in (RACINE / ".ci/run").read_text().splitlines() if "make" in ligne and ligne[0] != "#"]
    assert ci == ["exec make test"]


def test_le_serveur_borne_les_trames_et_l_arret() -> None:
    arguments = servir.arguments_uvicorn(port=8000)
    assert arguments[arguments.index("--ws-max-size") + 1] == "65536"
    assert "--timeout-graceful-shutdown" in arguments
    assert arguments[arguments.index("--lifespan") + 1] == "on"

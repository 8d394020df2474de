"""`make test` : prépare la machine, juge le code, puis essaie tout, de l'unité au navigateur.

Deux files tiennent les cœurs occupés : les essais sur SQLite puis sur PostgreSQL d'un côté ; de l'autre, les relectures
puis le navigateur, qui attend souvent. Une étape qui échoue n'arrête pas les suivantes ; la fin récapitule, et la
dernière ligne compte ce qui passe et ce qui échoue, étapes de relecture comprises. Bibliothèque standard seule : ce
programme installe le reste.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from outils import preparer

PAQUETS = {
    "chromium": ("chromium", "fonts-liberation"),
    "redis-server": ("redis-server",),
    "postgresql": ("postgresql",),
}
OUVRIERS = ["-n", "2", "--dist", "worksteal"]  # chacun sa moitié, dans l'ordre ; qui a fini prend à l'autre
SANS_BASE = [f"--ignore=tests/{nom}" for nom in (
    "test_architecture.py", "test_documentation.py", "test_preparer.py", "accueil", "common",
)]  # fmt: skip


@dataclass
class Bilan:
    """Ce qu'une étape a donné."""

    nom: str
    secondes: float
    passes: int = 0
    echecs: int = 0
    sautes: int = 0


@dataclass
class Releve:
    """Les bilans d'une file, dans l'ordre. `is_a_cote` : ce qu'elle dit est gardé pour la fin, d'un bloc."""

    bilans: list[Bilan] = field(default_factory=list)
    is_a_cote: bool = False
    debut: float = field(default_factory=time.monotonic)
    garde: list[str] = field(default_factory=list)

    def dire(self, texte: str) -> None:
        """Écrit, ou garde pour la fin."""
        if self.is_a_cote:
            self.garde.append(texte)
        else:
            print(texte, flush=True)

    def reprendre(self, a_cote: Releve) -> None:
        """Dit ce que l'autre file a gardé, et prend ses bilans."""
        self.dire("\n".join(a_cote.garde))
        self.bilans += a_cote.bilans

    def relire(self, nom: str, *commande: str, **env: str) -> None:
        """Une relecture : elle passe ou elle échoue, et ne parle que si elle échoue."""
        debut = time.monotonic()
        fini = subprocess.run(
            commande, cwd=preparer.RACINE, env=environnement() | env, text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        bon = fini.returncode == 0
        self.bilans.append(Bilan(nom, time.monotonic() - debut, passes=int(bon), echecs=int(not bon)))
        self.dire(ligne_du_bilan(self.bilans[-1]))
        if not bon:
            self.dire(fini.stdout)

    def essayer(self, nom: str, *arguments: str, services: bool = False) -> None:
        """Une série de pytest, comptée par son rapport ; sans rapport (arrêt brutal), elle compte un échec."""
        debut = time.monotonic()
        self.dire(f"\n=== {nom}")
        python = str(preparer.PYTHON)
        avant = [python, "-m", "tests.services", "--"] if services else []
        with tempfile.TemporaryDirectory(prefix="voix-rapport-") as dossier:
            rapport = Path(dossier) / "rapport.xml"
            commande = [*avant, python, "-m", "pytest", "-q", "--durations=5", f"--junit-xml={rapport}", *arguments]
            fini = subprocess.run(
                commande, cwd=preparer.RACINE, env=environnement(), check=False, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.is_a_cote else None, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
            if fini.stdout:
                self.dire(fini.stdout)
            bilan = lire_rapport(nom, rapport)
        bilan.secondes = time.monotonic() - debut
        if fini.returncode and not bilan.echecs:
            bilan.echecs = 1
        self.bilans.append(bilan)

    def conclure(self) -> int:
        """Récapitule ; rend le code de sortie."""
        self.dire("\n=== En résumé")
        for bilan in self.bilans:
            self.dire(ligne_du_bilan(bilan))
        passes, echecs, sautes = (sum(getattr(b, n) for b in self.bilans) for n in ("passes", "echecs", "sautes"))
        duree = time.monotonic() - self.debut
        self.dire(f"{passes} passed, {echecs} failed, {sautes} skipped in {duree:.0f}s")
        return int(echecs > 0)


def ligne_du_bilan(bilan: Bilan) -> str:
    """Une ligne : la marque, le nom, les comptes, la durée."""
    marque = "ÉCHEC" if bilan.echecs else "bon"
    comptes = f"{bilan.passes} passés, {bilan.echecs} échoués, {bilan.sautes} sautés"
    return f"{marque:6}{bilan.nom:44}{comptes:42}{bilan.secondes:6.1f} s"


def lire_rapport(nom: str, rapport: Path) -> Bilan:
    """Compte les essais d'un rapport JUnit écrit par pytest."""
    if not rapport.exists():
        return Bilan(nom, 0, echecs=1)
    total = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in ET.parse(rapport).iter("testsuite"):  # noqa: S314 : notre propre fichier, écrit à l'instant
        for cle in total:
            total[cle] += int(suite.get(cle, 0))
    echecs = total["failures"] + total["errors"]
    return Bilan(nom, 0, total["tests"] - echecs - total["skipped"], echecs, total["skipped"])


def environnement() -> dict[str, str]:
    """L'environnement des outils : celui de la personne, sans ses réglages du site.

    Les essais lancent des centaines de processus : le code compilé est gardé d'un processus à l'autre.
    """
    ecartes = (
        "PYTHONDONTWRITEBYTECODE",
        "DATABASE_URL",
        "REDIS_URL",
        "MAINTENANT",
        "DEMO",
        "DEBUG",
        "VAR_DIR",
        "SITE_URL",
        "DJANGO_SETTINGS_MODULE",
    )
    return {nom: valeur for nom, valeur in os.environ.items() if nom not in ecartes}


def preparer_les_essais(*, systeme: bool) -> None:
    """Dépendances de développement, puis Chromium, Redis, PostgreSQL et pango s'ils manquent et qu'on peut."""
    preparer.exiger_python()
    preparer.installer_dependances(preparer.DEVELOPPEMENT)
    if not systeme:
        return
    manquants = [p for commande, paquets in PAQUETS.items() if not is_la(commande) for p in paquets]
    if not preparer.has_pango():
        manquants += preparer.PAQUETS_PDF
    if manquants and not preparer.installer_paquets(*manquants):
        preparer.dire(f"Absents : {' '.join(manquants)}. Les essais qui en dépendent seront comptés comme sautés.")


def is_la(commande: str) -> bool:
    """Vrai si ce programme est sur la machine."""
    if commande == "postgresql":
        return bool(list(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) or shutil.which("pg_ctl"))
    return shutil.which(commande) is not None


def relectures(releve: Releve) -> None:
    """Forme, types, couches, gabarits, migrations, réglages de production, fichiers vendus."""
    with tempfile.TemporaryDirectory(prefix="voix-relecture-") as dossier:
        _relectures(releve, dossier)


def _relectures(releve: Releve, dossier: str) -> None:
    python, outils = str(preparer.PYTHON), preparer.VENV / "bin"
    releve.relire("ruff", str(outils / "ruff"), "check", ".")
    releve.relire("ruff format", str(outils / "ruff"), "format", "--check", ".")
    releve.relire("mypy", str(outils / "mypy"), VAR_DIR=dossier)
    releve.relire("import-linter", str(outils / "lint-imports"))
    releve.relire("djlint", str(outils / "djlint"), "templates", "--lint", "--quiet")
    releve.relire("migrations oubliées", python, "manage.py", "makemigrations", "--check", "--dry-run", VAR_DIR=dossier)
    releve.relire(
        "check --deploy", python, "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        VAR_DIR=dossier, SITE_URL="https://exemple.invalid", EMAIL_URL="smtp://localhost:25",
    )  # fmt: skip
    releve.relire("fichiers vendus", python, "outils/vendor.py", "--check")


def tout(releve: Releve) -> None:
    """`make test`."""
    preparer_les_essais(systeme=True)
    with ThreadPoolExecutor(1) as autre_file:
        a_cote = autre_file.submit(relectures_et_navigateur)
        releve.essayer("unités, SQLite", *OUVRIERS)
        releve.essayer("unités, PostgreSQL", *OUVRIERS, *SANS_BASE, services=True)
        releve.reprendre(a_cote.result())


def relectures_et_navigateur() -> Releve:
    """La file d'à côté."""
    releve = Releve(is_a_cote=True)
    relectures(releve)
    releve.essayer("parcours au navigateur", "tests/parcours", "-m", "not paires")
    return releve


def relire(releve: Releve) -> None:
    """`make lint`."""
    preparer_les_essais(systeme=False)
    relectures(releve)


def epreuves(releve: Releve) -> None:
    """`make epreuves` : ce qui est trop long pour chaque fois."""
    preparer_les_essais(systeme=True)
    releve.essayer("écrans, toutes les paires", "tests/parcours", "-m", "paires")
    auditer(releve)


def auditer(releve: Releve) -> None:
    """Les failles connues des dépendances ; sans la base des failles, « non vérifié » : sauté, jamais passé."""
    debut = time.monotonic()
    fini = subprocess.run(
        [str(preparer.VENV / "bin" / "pip-audit"), "-r", "requirements.txt", "--require-hashes", "--disable-pip",
         "--progress-spinner", "off", "-f", "json"],
        cwd=preparer.RACINE, env=environnement(), text=True, check=False, stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    bilan, phrase = lire_audit(fini.stdout)
    bilan.secondes = time.monotonic() - debut
    releve.bilans.append(bilan)
    releve.dire(ligne_du_bilan(bilan))
    if phrase:
        releve.dire(phrase)


def lire_audit(sortie: str) -> tuple[Bilan, str]:
    """Le bilan de pip-audit, dépendance par dépendance : il sort avec zéro même quand il n'a rien pu vérifier."""
    nom = "failles connues des dépendances"
    try:
        dependances = json.loads(sortie)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Bilan(nom, 0, sautes=1), "non vérifié : la base des failles ne répond pas."
    failles = [f"{d['name']} {d['version']} : {v['id']}" for d in dependances for v in d.get("vulns", [])]
    sautees = sum("skip_reason" in d for d in dependances)
    if failles:
        return Bilan(nom, 0, echecs=1), "\n".join(failles)
    if sautees:
        return Bilan(nom, 0, sautes=1), f"non vérifié : {sautees} dépendances sur {len(dependances)}."
    return Bilan(nom, 0, passes=1), ""


if __name__ == "__main__":
    os.chdir(preparer.RACINE)
    releve = Releve()
    {"test": tout, "lint": relire, "epreuves": epreuves}[sys.argv[1]](releve)
    sys.exit(releve.conclure())

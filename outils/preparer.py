"""Prépare une machine neuve : environnement Python, dépendances verrouillées, bibliothèques du système.

Bibliothèque standard seule : ce module tourne avant qu'aucune dépendance existe. Il n'installe que ce qui manque, et ne
refait rien tant que les fichiers verrouillés n'ont pas changé.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
MINIMUM = (3, 11)
EXECUTION = ("requirements.txt",)
DEVELOPPEMENT = ("requirements.txt", "requirements-dev.txt")
ANNEE = {"VAR_DIR": "var/annee", "MAINTENANT": "2025-06-16T09:00+02:00"}
"""Ce que `make annee` change à `make run` : un dossier à lui, et l'heure du site au départ. L'environnement prime."""
PAQUETS_PDF = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")


def dire(phrase: str) -> None:
    """Une ligne pour la personne qui attend."""
    print(f"· {phrase}", flush=True)


def exiger_python() -> None:
    """Relance ce programme avec un Python assez récent, ou s'arrête en disant lequel installer."""
    if sys.version_info >= MINIMUM:
        return
    for mineure in range(20, 10, -1):
        if trouve := shutil.which(f"python3.{mineure}"):
            os.execv(trouve, [trouve, *sys.argv])  # noqa: S606
    sys.exit("Il faut Python 3.11 ou plus récent. Sous Debian 12 : apt-get install python3")


def is_debian_root() -> bool:
    """Vrai si l'on peut installer un paquet du système sans rien demander."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def installer_paquets(*paquets: str) -> bool:
    """apt-get install, avec un `update` seulement s'il faut. Rend faux (et le dit) si rien n'y fait."""
    if not is_debian_root():
        return False
    dire(f"J'installe : {' '.join(paquets)}")
    base = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "-q", "-y"]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    installe = [*base, "install", "--no-install-recommends", *paquets]
    for commande in (installe, [*base, "update"], installe):
        fini = subprocess.run(commande, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if fini.returncode == 0 and commande is installe:
            return True
    dire(f"apt-get n'a pas pu : {fini.stderr.strip()[-300:]}")
    return False


def has_pango() -> bool:
    """Vrai si les bibliothèques des PDF sont là."""
    return all(ctypes.util.find_library(nom) for nom in ("pango-1.0", "pangoft2-1.0"))


def creer_venv() -> None:
    """Crée .venv s'il manque ou s'il est cassé. S'arrête avec la commande à taper si python3-venv manque."""
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    ):
        return
    paquet = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if importlib.util.find_spec("ensurepip") is None and not installer_paquets(paquet):
        sys.exit(f"Il manque le module venv de Python. Tapez : sudo apt-get install {paquet}\nPuis relancez.")
    dire("Je crée l'environnement Python (.venv).")
    fini = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if fini.returncode:
        sys.exit(f"L'environnement Python ne se crée pas : {fini.stdout}{fini.stderr}")


def empreinte(fichiers: tuple[str, ...]) -> str:
    """Ce qui doit être installé, en un mot : les fichiers verrouillés et la version de Python."""
    somme = hashlib.sha256(sys.version.encode())
    for nom in fichiers:
        somme.update((RACINE / nom).read_bytes())
    return somme.hexdigest()


def installer_dependances(fichiers: tuple[str, ...]) -> bool:
    """pip --require-hashes, seulement si un fichier verrouillé a changé. Rend vrai s'il a fallu installer."""
    temoin = VENV / f"installe-{len(fichiers)}"
    voulu = empreinte(fichiers)
    if temoin.exists() and temoin.read_text() == voulu:
        return False
    creer_venv()
    dire(f"J'installe les dépendances vérifiées ({', '.join(fichiers)}). Une à deux minutes la première fois.")
    for fichier in fichiers:
        fini = subprocess.run(
            [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "-qq", "--require-hashes", "-r", fichier],
            cwd=RACINE, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if fini.returncode:
            sys.exit(f"L'installation de {fichier} a échoué : voyez au-dessus. Rien d'autre n'a changé.")
    for nombre, liste in ((1, EXECUTION), (2, DEVELOPPEMENT)):
        if nombre <= len(fichiers):
            (VENV / f"installe-{nombre}").write_text(empreinte(liste))
    return True


def preparer_execution() -> None:
    """Tout ce que demande `make run` avant de lancer le site."""
    exiger_python()
    neuf = installer_dependances(EXECUTION)
    if not has_pango():
        if neuf:
            installer_paquets(*PAQUETS_PDF)
        if not has_pango():
            dire("Pango manque : le site démarre, sans les PDF (l'annexe reste en ODT).")
            dire(f"Pour les avoir : sudo apt-get install {' '.join(PAQUETS_PDF)}")


def preparer_l_annee() -> None:
    """`make annee` : le dossier et l'heure du cas de référence, et où regarder."""
    for nom, valeur in ANNEE.items():
        os.environ.setdefault(nom, valeur)
    dire(f"Une année en trois minutes : le site part du {os.environ['MAINTENANT']}, dans {os.environ['VAR_DIR']}.")
    dire(f"Quand il est prêt, ouvrez http://127.0.0.1:{os.environ.get('PORT', '8000')}/demo/ et avancez le curseur.")


if __name__ == "__main__":
    preparer_execution()
    os.chdir(RACINE)
    if "annee" in sys.argv[1:]:
        preparer_l_annee()
    os.execv(PYTHON, [str(PYTHON), "-m", "outils.servir"])  # noqa: S606

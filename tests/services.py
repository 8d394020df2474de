"""PostgreSQL et Redis éphémères : `python -m tests.services -- python -m pytest …`.

Chaque service vit dans un dossier à lui, sur un port libre, et meurt avec ce programme. La commande reçoit DATABASE_URL
et REDIS_URL. Un service absent de la machine est dit ; ses essais sont alors comptés comme sautés (ESSAIS_SAUTES).
PostgreSQL refuse root : il tourne sous le compte `postgres`, par runuser.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.outillage.processus import port_libre


class Absent(Exception):
    """Ce service ne peut pas tourner ici ; la phrase dit pourquoi."""


def dossier_des_binaires() -> Path:
    """Le dossier d'initdb et de pg_ctl : la version la plus récente de Debian, sinon celui du PATH. Lève Absent."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parts[-2]), reverse=True)
    du_chemin = [Path(trouve).parent for nom in ("pg_ctl", "initdb") if (trouve := shutil.which(nom))]
    for dossier in [*versions, *du_chemin]:
        if (dossier / "initdb").exists() and (dossier / "pg_ctl").exists():
            return dossier
    raise Absent("PostgreSQL n'est pas installé")


def _sous_postgres(commande: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return commande
    if shutil.which("runuser") is None:
        raise Absent("PostgreSQL refuse root, et runuser manque")
    return ["runuser", "-u", "postgres", "--", *commande]


def _faire(commande: list[str], dossier: Path) -> None:
    fini = subprocess.run(_sous_postgres(commande), cwd=dossier, capture_output=True, text=True, check=False)
    if fini.returncode:
        raise RuntimeError(f"{commande[0]} a échoué : {fini.stdout}{fini.stderr}")


@contextmanager
def postgresql() -> Iterator[str]:
    """Un PostgreSQL neuf, fsync gardé ; rend son DATABASE_URL. Le compte de la base est `essai`, sans mot de passe."""
    binaires = dossier_des_binaires()
    dossier = Path(tempfile.mkdtemp(prefix="voix-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(dossier, "postgres")
        donnees, port = dossier / "donnees", port_libre()
        _faire(
            [str(binaires / "initdb"), "-D", str(donnees), "-U", "essai", "-A", "trust", "-E", "UTF8", "--no-locale"],
            dossier,
        )
        reglages = f"-p {port} -k {dossier} -c listen_addresses=127.0.0.1 -c max_connections=200"
        pg_ctl = [str(binaires / "pg_ctl"), "-D", str(donnees), "-w"]
        _faire([*pg_ctl, "-l", str(dossier / "journal"), "-o", reglages, "start"], dossier)
        try:
            adresse = f"postgres://essai@127.0.0.1:{port}"
            with psycopg.connect(f"{adresse}/postgres", autocommit=True) as base:
                base.execute("CREATE DATABASE voix")
            yield f"{adresse}/voix"
        finally:
            _faire([*pg_ctl, "-m", "immediate", "stop"], dossier)
    finally:
        shutil.rmtree(dossier, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """Un Redis neuf, sans rien écrire sur le disque ; rend son REDIS_URL."""
    binaire = shutil.which("redis-server")
    if binaire is None:
        raise Absent("redis-server n'est pas installé")
    port = port_libre()
    with tempfile.TemporaryDirectory(prefix="voix-redis-") as dossier:
        processus = subprocess.Popen(
            [binaire, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", dossier],
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        try:
            attendre_le_port(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            processus.terminate()
            processus.wait(10)


def attendre_le_port(port: int, attente: float = 15) -> None:
    """Rend la main dès que quelqu'un écoute ; lève TimeoutError sinon."""
    fin = time.monotonic() + attente
    while time.monotonic() < fin:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"rien n'écoute sur le port {port}")


def main(commande: list[str]) -> int:
    """Lance les services, puis la commande ; rend le code de sortie de celle-ci."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # les services s'arrêtent aussi
    with ExitStack() as pile:
        env = dict(os.environ)
        try:
            env["DATABASE_URL"] = pile.enter_context(postgresql())
            env["BASES_EPHEMERES"] = "1"  # tout le dossier disparaît à la fin : inutile d'y supprimer chaque base
        except Absent as absence:
            print(f"PostgreSQL : essais sautés ({absence}).", flush=True)
            env["ESSAIS_SAUTES"] = f"PostgreSQL : {absence}"
        try:
            env["REDIS_URL"] = pile.enter_context(redis())
        except Absent as absence:
            print(f"Redis : {absence}. La couche en mémoire sert à sa place.", flush=True)
        return subprocess.run(commande, env=env, check=False).returncode


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(main(arguments[1:] if arguments[:1] == ["--"] else arguments))

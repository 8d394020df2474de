"""De vrais processus sur de vrais dossiers : commandes, ouvriers qu'on tue, serveur complet."""

import contextlib
import fcntl
import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg

from outils.servir import arguments_uvicorn

RACINE = Path(__file__).parents[2]
_RANGS = itertools.count()
ECARTES = ("DJANGO_SETTINGS_MODULE", "MAINTENANT", "SITE_URL", "PORT", "HOST", "SECRET_KEY", "DEBUG", "TZ")


@dataclass(frozen=True)
class Dossier:
    """Un VAR_DIR et sa base, comme une installation. `env` est l'environnement complet de ses processus."""

    var: Path
    env: dict[str, str]

    def avec(self, **env: str) -> "Dossier":
        """Le même dossier, vu par des processus dont l'environnement change."""
        return Dossier(self.var, self.env | env)

    def commande(self, *arguments: str, attendu: int | None = 0, **env: str) -> subprocess.CompletedProcess[str]:
        """`manage.py …`, jusqu'au bout. `attendu=None` accepte tout code de sortie."""
        fini = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=RACINE, env=self.env | env, text=True, capture_output=True, timeout=180, check=False,
        )  # fmt: skip
        if attendu is not None and fini.returncode != attendu:
            raise AssertionError(f"{arguments} rend {fini.returncode}\n{fini.stdout}\n{fini.stderr}")
        return fini

    def lancer(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        """`manage.py …` sans attendre : seize ouvriers ensemble, ou un processus à tuer."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=RACINE, env=self.env | env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def ensemble(self, nombre: int, programme: str, **env: str) -> list[str]:
        """Exécute ces lignes dans `nombre` processus à la fois (`rang` : 0, 1, …) ; rend les lignes imprimées.

        Lève AssertionError si l'un d'eux sort en erreur.
        """
        return self.python(ENSEMBLE.format(nombre=nombre, programme=programme), **env).splitlines()

    def python(self, programme: str, **env: str) -> str:
        """Exécute ces lignes dans `manage.py shell` et rend ce qu'elles impriment."""
        return self.commande("shell", "--verbosity=0", "-c", programme, **env).stdout.strip()


ENSEMBLE = """
import os, sys, traceback
from django.db import connections
connections.close_all()  # aucune connexion ne traverse la naissance d'un processus
lire, ecrire = os.pipe()
enfants = []
for rang in range({nombre}):
    if enfant := os.fork():
        enfants.append(enfant)
        continue
    os.close(ecrire)
    os.read(lire, 1)  # rien ne vient : la fin du tube est le départ, le même pour tous
    code = 0
    try:
        exec({programme!r}, {{"rang": rang}})
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
os.close(lire)
os.close(ecrire)
codes = [os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1]) for enfant in enfants]
sys.exit(f"codes de sortie : {{codes}}" if any(codes) else 0)
"""
"""De vrais processus nés du même, lâchés ensemble : ils se rencontrent mieux, et Django ne démarre qu'une fois."""


def commande(dossier: Dossier, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """`commande(dossier, "acter_silences", env={"TZ": "Asia/Tokyo"})` : la sortie, ou l'échec."""
    return dossier.commande(*arguments, **(env or {})).stdout


@dataclass
class Atelier:
    """Copie des dossiers à partir de gabarits. `commun` est partagé par les ouvriers, `neufs` est à celui-ci."""

    commun: Path
    neufs: Path
    _bases: list[str] = field(default_factory=list)

    def dossier(self) -> Dossier:
        """Une base migrée, vide."""
        return self.copie_de(self._vide())

    def demonstration(self, *, maintenant: str | None = None) -> Dossier:
        """Une base où la démonstration est chargée, à l'heure dite (MAINTENANT) ou à l'heure réelle."""
        env = {"MAINTENANT": maintenant} if maintenant else {}
        nom = "demo-" + urllib.parse.quote(maintenant or "", safe="").replace("%", "").lower()
        return self.copie_de(self._gabarit(nom, "demo", depuis=self._vide, **env), **env)

    def copie_de(self, dossier: Dossier, **env: str) -> Dossier:
        """Un dossier neuf où tout est comme dans celui-ci, base comprise. Aucun processus ne doit y travailler."""
        var = self.neufs / f"var-{uuid4().hex[:8]}"
        neuf = Dossier(var, _environnement(var, base=f"essai_{uuid4().hex[:12]}") | env)
        self._bases += _recopier(dossier, neuf)
        return neuf

    def ranger(self) -> None:
        """Supprime les bases PostgreSQL créées par cet ouvrier (sauf si tout le serveur disparaît avec elles)."""
        for nom in [] if os.environ.get("BASES_EPHEMERES") else self._bases:
            _administrer(f'DROP DATABASE IF EXISTS "{nom}" WITH (FORCE)')

    def _vide(self) -> Dossier:
        return self._gabarit("vide", "migrate", "--noinput")

    def _gabarit(self, nom: str, *commande: str, depuis: Callable[[], Dossier] | None = None, **env: str) -> Dossier:
        """Le dossier de ce nom, fait une fois pour tous les ouvriers : une copie de `depuis`, puis cette commande."""
        var = self.commun / f"gabarit-{nom}"
        gabarit = Dossier(var, _environnement(var, base=f"gabarit_{nom}".replace("-", "_")) | env)
        with _seul(self.commun / f"{var.name}.verrou"):
            if not (self.commun / f"{var.name}.pret").exists():
                shutil.rmtree(var, ignore_errors=True)  # laissé par un ouvrier qui n'a pas fini
                if depuis:
                    _recopier(depuis(), gabarit)
                else:
                    _creer_base(gabarit.env)
                gabarit.commande(*commande)
                (self.commun / f"{var.name}.pret").touch()
        return gabarit


def _recopier(origine: Dossier, neuf: Dossier) -> list[str]:
    shutil.copytree(origine.var, neuf.var)
    return _creer_base(neuf.env, modele=origine.env)


def _environnement(var: Path, *, base: str) -> dict[str, str]:
    from tests.reglages import REDIS_URL_ESSAIS

    env = {nom: valeur for nom, valeur in os.environ.items() if nom not in ECARTES}
    env |= {
        "DJANGO_SETTINGS_MODULE": "participation.config.settings",
        "VAR_DIR": str(var),
        "DEMO": "1",
        "STATIQUES_DIRECTS": "1",
        "EMAIL_URL": f"file://{var}/courriels",
        "PYTHONUNBUFFERED": "1",
    }
    if REDIS_URL_ESSAIS:
        env["REDIS_URL"] = REDIS_URL_ESSAIS
    if adresse := os.environ.get("DATABASE_URL"):
        env["DATABASE_URL"] = _vers(adresse, base)
    return env


def _vers(adresse: str, base: str) -> str:
    return urllib.parse.urlsplit(adresse)._replace(path=f"/{base}").geturl()


def _nom(adresse: str) -> str:
    return urllib.parse.urlsplit(adresse).path.removeprefix("/")


def _administrer(ordre: str) -> None:
    with psycopg.connect(_vers(os.environ["DATABASE_URL"], "postgres"), autocommit=True) as base:
        base.execute(ordre.encode())


def _creer_base(env: dict[str, str], modele: dict[str, str] | None = None) -> list[str]:
    """Sous PostgreSQL, crée la base (copie de son modèle) et rend son nom ; SQLite : le fichier est déjà copié."""
    if "DATABASE_URL" not in env:
        return []
    nom = _nom(env["DATABASE_URL"])
    suite = f' TEMPLATE "{_nom(modele["DATABASE_URL"])}"' if modele else ""
    _administrer(f'DROP DATABASE IF EXISTS "{nom}" WITH (FORCE)')
    _administrer(f'CREATE DATABASE "{nom}"{suite}')
    return [nom]


@contextmanager
def _seul(verrou: Path) -> Iterator[None]:
    with verrou.open("w") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield


def port_libre() -> int:
    """Un port que personne n'écoute, et qu'aucun autre processus d'essai ne va demander.

    Le système, lui, rendrait parfois le même à deux ouvriers : aucun des deux n'écoute encore.
    """
    while True:
        port = 10_000 + (97 * os.getpid() + next(_RANGS)) % 20_000  # sous les ports que le système distribue
        with closing(socket.socket()) as prise, contextlib.suppress(OSError):
            prise.bind(("127.0.0.1", port))
            return port


@dataclass
class Serveur:
    """Le vrai serveur d'un dossier : même commande que `make run`, port libre, journal gardé dans le dossier."""

    dossier: Dossier
    supplement: dict[str, str] = field(default_factory=dict)
    processus: subprocess.Popen[bytes] | None = None
    port: int = field(default_factory=port_libre)

    @property
    def adresse(self) -> str:
        """`http://127.0.0.1:<port>`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def journal(self) -> str:
        """Ce que le serveur a écrit."""
        return (self.dossier.var / f"serveur-{self.port}.log").read_text(errors="replace")

    def demarrer(self, attente: float = 40) -> "Serveur":
        """Lance le serveur et rend la main quand il répond. Lève AssertionError, journal compris, s'il meurt."""
        env = self.dossier.env | {"PORT": str(self.port)} | self.supplement
        with (self.dossier.var / f"serveur-{self.port}.log").open("ab") as journal:
            self.processus = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", *arguments_uvicorn(port=self.port)],
                cwd=RACINE, env=env, stdout=journal, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        fin = time.monotonic() + attente
        while time.monotonic() < fin:
            if self.processus.poll() is not None:
                break
            try:
                self.demander("GET", "/sante/")
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"le serveur ne répond pas\n{self.journal}")

    def demander(
        self, methode: str, chemin: str, corps: str | bytes | None = None, entetes: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Une requête HTTP nue : (statut, en-têtes en minuscules, corps). Aucune redirection n'est suivie."""
        connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connexion):
            connexion.request(methode, chemin, corps, dict(entetes or {}))
            reponse = connexion.getresponse()
            lu = reponse.read().decode(errors="replace")
            return reponse.status, {n.lower(): v for n, v in reponse.getheaders()}, lu

    def sante(self) -> dict[str, object]:
        """Le JSON de /sante/."""
        resultat: dict[str, object] = json.loads(self.demander("GET", "/sante/")[2])
        return resultat

    def arreter(self, attente: float = 15) -> int:
        """SIGTERM, comme un redémarrage de service ; rend le code de sortie. Déjà arrêté : sans effet."""
        return self._finir(signal.SIGTERM, attente)

    def tuer(self) -> int:
        """kill -9 : la coupure."""
        return self._finir(signal.SIGKILL, 5)

    def _finir(self, signe: signal.Signals, attente: float) -> int:
        if self.processus is None:
            return 0
        if self.processus.poll() is None:
            self.processus.send_signal(signe)
            try:
                self.processus.wait(attente)
            except subprocess.TimeoutExpired:
                self.processus.kill()
                self.processus.wait(5)
                raise AssertionError(f"le serveur ne s'arrête pas\n{self.journal}") from None
        return self.processus.returncode

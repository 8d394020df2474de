"""L'archive : un .tar ordinaire suivi de son sceau, le SHA-256 de tout ce qui précède. Aucun octet n'y échappe.

Une archive reçue est hostile jusqu'à preuve du contraire : noms d'une liste fermée, fichiers ordinaires seulement,
écrits un à un dans un dossier neuf. Le sceau dit l'accident, pas l'auteur : on ne restaure que ses propres archives.
"""

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from participation.gestion.sauvegarde.manifeste import (
    MANIFESTE,
    MEDIAS,
    REGLAGES,
    Fichier,
    Manifeste,
    SauvegardeRefusee,
    lire,
)

BASES = {"sqlite": "db.sqlite3", "postgresql": "base.pgdump"}
BLOC = 1 << 20
MANIFESTE_MAX = 64 << 20  # octets
MARQUE = b"sceau sha256 "
LONGUEUR_SCEAU = len(MARQUE) + 64 + 1
MORCEAU = re.compile(r"[^/\\\x00-\x1f\x7f]{1,255}")


def is_nom_admis(nom: str) -> bool:
    """Vrai pour la base, un réglage ou un média dont le chemin ne sort pas de `medias/`."""
    if nom in (*BASES.values(), *REGLAGES):
        return True
    if not nom.startswith(MEDIAS) or len(nom) > 1000:
        return False
    return all(MORCEAU.fullmatch(m) and m not in (".", "..") for m in nom.removeprefix(MEDIAS).split("/"))


class Ecoute(io.RawIOBase):
    """Un flux qui prend l'empreinte de ce qui le traverse, en lecture ou en écriture."""

    def __init__(self, flux: IO[bytes]) -> None:
        self._flux = flux
        self.somme = hashlib.sha256()

    def write(self, octets: bytes) -> int:  # type: ignore[override]
        """Écrit et compte."""
        self.somme.update(octets)
        return self._flux.write(octets)

    def read(self, taille: int = -1) -> bytes:
        """Lit et compte."""
        lu = self._flux.read(taille)
        self.somme.update(lu)
        return lu


def ecrire(
    sortie: IO[bytes], fichiers: Iterable[tuple[str, Path]], conclure: Callable[[dict[str, Fichier]], Manifeste]
) -> None:
    """Écrit chaque fichier, le manifeste que `conclure` en tire, puis le sceau. Lève OSError (disque plein)."""
    ecoute, faits = Ecoute(sortie), dict[str, Fichier]()
    with tarfile.open(fileobj=ecoute, mode="w|") as tar:
        for nom, chemin in fichiers:
            with chemin.open("rb") as flux:
                faits[nom] = _ajouter(tar, nom, flux, os.fstat(flux.fileno()).st_size)
        octets = conclure(faits).en_octets()
        _ajouter(tar, MANIFESTE, io.BytesIO(octets), len(octets))
    sortie.write(MARQUE + ecoute.somme.hexdigest().encode() + b"\n")
    sortie.flush()
    os.fsync(sortie.fileno())


def _ajouter(tar: tarfile.TarFile, nom: str, flux: IO[bytes], taille: int) -> Fichier:
    membre = tarfile.TarInfo(nom)
    membre.size, membre.mode = taille, 0o600
    ecoute = Ecoute(flux)
    tar.addfile(membre, ecoute)
    return Fichier(taille, ecoute.somme.hexdigest())


@dataclass(frozen=True)
class Archive:
    """Une archive dont le sceau, les noms et le manifeste sont justes."""

    chemin: Path
    manifeste: Manifeste

    def extraire(self, dossier: Path) -> None:
        """Écrit chaque fichier dans ce dossier neuf, empreinte vérifiée. Lève SauvegardeRefusee."""
        with _tar(self.chemin) as tar:
            for membre in tar:
                if membre.name != MANIFESTE:
                    self._extraire(tar, membre, dossier)

    def _extraire(self, tar: tarfile.TarFile, membre: tarfile.TarInfo, dossier: Path) -> None:
        _exiger_ordinaire(membre)
        cible = dossier / membre.name
        cible.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source = tar.extractfile(membre)
        if source is None:
            raise SauvegardeRefusee(f"L'archive est refusée : « {membre.name} » ne se lit pas.")
        ecoute = Ecoute(source)
        with os.fdopen(os.open(cible, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as sortie:
            while bloc := ecoute.read(BLOC):
                sortie.write(bloc)
        attendu = self.manifeste.fichiers.get(membre.name)
        if attendu is None or ecoute.somme.hexdigest() != attendu.sha256:
            raise SauvegardeRefusee(f"L'archive est altérée : « {membre.name} » n'est plus le fichier sauvegardé.")


def ouvrir(chemin: Path) -> Archive:
    """Vérifie le sceau, les noms et les tailles, lit le manifeste. Lève SauvegardeRefusee."""
    try:
        _verifier_le_sceau(chemin)
        with _tar(chemin) as tar:
            membres = tar.getmembers()
            for membre in membres:
                _exiger_ordinaire(membre)
            manifeste = _manifeste(tar, membres)
    except OSError as erreur:
        raise SauvegardeRefusee(f"L'archive {chemin} ne se lit pas : {erreur.strerror or erreur}.") from erreur
    tailles = {m.name: m.size for m in membres if m.name != MANIFESTE}
    if len(tailles) != len(membres) - 1 or tailles != {n: f.taille for n, f in manifeste.fichiers.items()}:
        raise SauvegardeRefusee("L'archive est refusée : son contenu n'est pas celui que dit son manifeste.")
    if BASES.get(manifeste.moteur) not in tailles:
        raise SauvegardeRefusee("L'archive est refusée : elle ne contient pas la base que dit son manifeste.")
    return Archive(chemin, manifeste)


def _verifier_le_sceau(chemin: Path) -> None:
    taille = chemin.stat().st_size - LONGUEUR_SCEAU
    somme = hashlib.sha256()
    with chemin.open("rb") as flux:
        while taille > 0 and (bloc := flux.read(min(BLOC, taille))):
            somme.update(bloc)
            taille -= len(bloc)
        fin = flux.read()
    if not fin.startswith(MARQUE):
        raise SauvegardeRefusee("Ce fichier n'est pas une sauvegarde, ou il est coupé : son sceau manque.")
    if fin != MARQUE + somme.hexdigest().encode() + b"\n":
        raise SauvegardeRefusee("L'archive est altérée : son contenu ne correspond plus à son sceau.")


@contextmanager
def _tar(chemin: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(chemin, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as erreur:
        raise SauvegardeRefusee("L'archive est refusée : ce n'est pas un .tar lisible.") from erreur


def _exiger_ordinaire(membre: tarfile.TarInfo) -> None:
    if membre.type != tarfile.REGTYPE or membre.issparse():
        raise SauvegardeRefusee(f"L'archive est refusée : « {membre.name} » n'est pas un fichier ordinaire.")
    if membre.name != MANIFESTE and not is_nom_admis(membre.name):
        raise SauvegardeRefusee(f"L'archive est refusée : le nom « {membre.name} » n'a rien à y faire.")


def _manifeste(tar: tarfile.TarFile, membres: list[tarfile.TarInfo]) -> Manifeste:
    trouves = [m for m in membres if m.name == MANIFESTE]
    if len(trouves) != 1 or trouves[0].size > MANIFESTE_MAX or not (flux := tar.extractfile(trouves[0])):
        raise SauvegardeRefusee("L'archive est refusée : son manifeste manque.")
    return lire(flux.read())

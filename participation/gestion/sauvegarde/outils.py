"""Ce que sauvegarder et restaurer partagent : dossier de travail, relevé d'une base, épreuve à part."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import FileField, Model

from participation.gestion.sauvegarde.manifeste import TECHNIQUES, Manifeste, Releve, SauvegardeRefusee

Lire = Callable[[str], list[tuple[Any, ...]]]
ENVOI = "notifications_envoi"
REGISTRE = "registre_entree"


@contextmanager
def atelier(parent: Path) -> Iterator[Path]:
    """Un dossier de travail fermé aux autres comptes, à côté de ce qu'on va y poser, effacé à la fin."""
    try:
        dossier = Path(tempfile.mkdtemp(prefix=".sauvegarde-", dir=parent))
    except OSError as erreur:
        raise SauvegardeRefusee(f"On ne peut pas écrire dans {parent} : {erreur.strerror}.") from erreur
    try:
        yield dossier
    finally:
        shutil.rmtree(dossier, ignore_errors=True)


def relever(lire: Lire, colonnes: Mapping[str, set[str]]) -> Releve:
    """Compte chaque table, lit la tête du registre, les migrations et les médias cités.

    `colonnes` : les tables présentes et leurs colonnes. La base peut précéder le code (sauvegarde avant migration).
    """
    comptes = {t: int(lire(f'SELECT count(*) FROM "{t}"')[0][0]) for t in sorted(colonnes) if t not in TECHNIQUES}  # noqa: S608 : noms lus dans la base
    tetes = lire(f"SELECT n, empreinte FROM {REGISTRE} ORDER BY n DESC LIMIT 1") if REGISTRE in colonnes else []  # noqa: S608
    migrations = lire("SELECT app, name FROM django_migrations") if "django_migrations" in colonnes else []
    attente = f"SELECT count(*) FROM {ENVOI} WHERE etat IN ('a_envoyer', 'pris')"  # noqa: S608 : nom écrit ici
    return Releve(
        comptes=comptes,
        tete=(int(tetes[0][0]), str(tetes[0][1])) if tetes else None,
        migrations=sorted(f"{app}.{nom}" for app, nom in migrations),
        medias=sorted(_medias(lire, colonnes)),
        courriels_en_attente=int(lire(attente)[0][0]) if ENVOI in colonnes else 0,
    )


def _champs_de_fichier() -> Iterator[tuple[type[Model], FileField]]:
    for modele in apps.get_models(include_auto_created=True):
        for champ in modele._meta.local_fields:
            if isinstance(champ, FileField):
                yield modele, champ


def _medias(lire: Lire, colonnes: Mapping[str, set[str]]) -> set[str]:
    """Les noms de fichiers que cite la base, dans toute colonne de fichier de tout modèle."""
    cites: set[str] = set()
    for modele, champ in _champs_de_fichier():
        table = modele._meta.db_table
        if champ.column in colonnes.get(table, set()):
            requete = f'SELECT DISTINCT "{champ.column}" FROM "{table}" WHERE "{champ.column}" <> \'\''  # noqa: S608 : noms de nos modèles
            cites |= {str(ligne[0]) for ligne in lire(requete)}
    return cites


def encore_cites(noms: Collection[str]) -> set[str]:
    """Ceux de ces médias que la base en service cite à l'instant."""
    cites: set[str] = set()
    for modele, champ in _champs_de_fichier():
        trouves = modele._base_manager.filter(**{f"{champ.name}__in": noms})
        cites |= {str(nom) for nom in trouves.values_list(champ.name, flat=True)}
    return cites


def ecarts(manifeste: Manifeste, releve: Releve) -> list[str]:
    """Ce qui, dans la base relue, n'est pas ce que dit le manifeste."""
    trouves = []
    for table in sorted(manifeste.comptes.keys() | releve.comptes.keys()):
        attendu, trouve = manifeste.comptes.get(table, 0), releve.comptes.get(table, 0)
        if attendu != trouve:
            trouves.append(f"table {table} : {trouve} lignes au lieu de {attendu}")
    if manifeste.tete != releve.tete:
        trouves.append(f"tête du registre : {releve.tete} au lieu de {manifeste.tete}")
    return trouves


def eprouver(dossier: Path, adresse: str | None, tete: tuple[int, str] | None) -> list[str]:
    """Migre la base de ce dossier (déclencheurs compris), puis relit le registre et tout ce qu'il scelle.

    Dans un autre processus, dont `dossier` est le VAR_DIR : la base en service n'est pas touchée. `adresse` : son
    DATABASE_URL, None pour le SQLite du dossier. Rend les constats ; lève SauvegardeRefusee si la migration échoue.
    """
    env = {nom: valeur for nom, valeur in os.environ.items() if nom not in ("DATABASE_URL", "SECRET_KEY")}
    env |= {"VAR_DIR": str(dossier)} | ({"DATABASE_URL": adresse} if adresse else {})
    migre = _manage(env, "migrate", "--noinput", "--verbosity=0")
    if migre.returncode:
        raise SauvegardeRefusee(f"Les migrations échouent sur cette base : {_fin(migre)}")
    lu = _manage(env, "verifier_registre", *(["--tete", f"{tete[0]}:{tete[1]}"] if tete else []))
    if lu.returncode == 0:
        return []
    return [ligne for ligne in lu.stdout.splitlines() if ligne.startswith("ALTÉRÉ")] or [_fin(lu)]


def _manage(env: Mapping[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Sans relire les réglages (`check`) : ce processus-ci, qui a les mêmes, vient de le faire."""
    commande = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments, "--skip-checks"]
    return subprocess.run(commande, env=env, capture_output=True, text=True, check=False)  # noqa: S603 : notre commande


def _fin(fini: "subprocess.CompletedProcess[str]") -> str:
    lignes = (fini.stderr or fini.stdout).strip().splitlines()
    return lignes[-1] if lignes else f"code {fini.returncode}"


def rendre_au_compte(chemin: Path) -> None:
    """Lancé par root, rend ces fichiers au compte qui tient VAR_DIR : le service doit pouvoir les lire."""
    if os.geteuid() == 0:
        tenu = settings.VAR_DIR.stat()
        for fichier in [chemin, *(chemin.rglob("*") if chemin.is_dir() else [])]:
            os.chown(fichier, tenu.st_uid, tenu.st_gid, follow_symlinks=False)


def synchroniser(dossier: Path) -> None:
    """Le nom posé dans ce dossier survit à une coupure de courant."""
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)

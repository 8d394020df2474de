"""SQLite : instantané par VACUUM INTO (sans gêner les écritures, sans les pages libres), restauration à côté."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from participation.gestion.sauvegarde.archive import BASES, Archive
from participation.gestion.sauvegarde.manifeste import TECHNIQUES, Releve, SauvegardeRefusee
from participation.gestion.sauvegarde.outils import ecarts, eprouver, relever

NOM = BASES["sqlite"]
SUITES = ("-wal", "-shm")


@contextmanager
def instantane(dossier: Path) -> Iterator[tuple[Releve, list[str]]]:
    """Copie la base dans ce dossier, traces techniques effacées ; rend son relevé. Les constats viendront d'elle."""
    copie = dossier / NOM
    copie.touch(mode=0o600)
    with connection.cursor() as curseur:
        curseur.execute("VACUUM INTO %s", [str(copie)])
    with closing(sqlite3.connect(copie)) as base, base:
        base.execute("PRAGMA secure_delete=ON")  # effacé pour de bon, pas seulement oublié
        for table in TECHNIQUES & _colonnes(base).keys():
            base.execute(f'DELETE FROM "{table}"')  # noqa: S608 : nom de notre liste
    yield relever_copie(str(copie)), []


def controler(archive: Archive, dossier: Path) -> list[str]:
    """Restaure l'archive dans ce dossier vide, compare, migre, vérifie le registre. Rend les constats."""
    archive.extraire(dossier)
    copie = charger(dossier)
    trouves = ecarts(archive.manifeste, relever_copie(copie))
    return trouves + eprouver(dossier, adresse_de(copie), archive.manifeste.tete)


def charger(dossier: Path) -> str:
    """La base extraite dans ce dossier, contrôlée par SQLite lui-même. Lève SauvegardeRefusee."""
    copie = str(dossier / NOM)
    try:
        with closing(sqlite3.connect(copie)) as base:
            if base.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise SauvegardeRefusee("La base de l'archive est abîmée : SQLite ne la relit pas entière.")
    except sqlite3.DatabaseError as erreur:
        raise SauvegardeRefusee(f"La base de l'archive ne s'ouvre pas : {erreur}.") from erreur
    return copie


def relever_copie(copie: str) -> Releve:
    """Le relevé d'une base mise à côté."""
    with closing(sqlite3.connect(copie)) as base:
        return relever(lambda requete: base.execute(requete).fetchall(), _colonnes(base))


def adresse_de(copie: str) -> str | None:
    """None : la base par défaut du dossier de travail."""
    return None


def occupants() -> int:
    """Inconnu de SQLite : le verrou du dossier y suffit, une base tient sur une machine."""
    return 0


def echanger(copie: str, avant: Path, *, de_force: bool) -> None:
    """Met la copie à la place de la base, l'ancienne dans `avant`. Un échec remet tout en place."""
    connection.close()
    en_service = Path(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(copie)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # tout dans un seul fichier avant de le déplacer
    faits: list[tuple[Path, Path]] = []
    try:
        # Un -wal laissé près d'une autre base y serait rejoué : il part avec la sienne.
        for suite in ("", *SUITES):
            ancien = en_service.with_name(en_service.name + suite)
            if ancien.exists():
                faits.append((ancien, avant / f"{NOM}{suite}"))
                shutil.move(*faits[-1])
        shutil.move(copie, en_service)
    except BaseException as erreur:
        for origine, rangee in reversed(faits):
            if rangee.exists():
                shutil.move(rangee, origine)
        raise SauvegardeRefusee(f"La base n'a pas pu être mise en place : {erreur}.") from erreur


def jeter(copie: str) -> None:
    """Rien : la copie disparaît avec le dossier de travail."""


def oublier_l_ancienne(avant: Path) -> None:
    """Efface l'ancienne base, vide, mise de côté."""
    for suite in ("", *SUITES):
        (avant / f"{NOM}{suite}").unlink(missing_ok=True)


def _colonnes(base: sqlite3.Connection) -> dict[str, set[str]]:
    """Les tables (celles que SQLite tient pour lui exceptées) et leurs colonnes."""
    tables = base.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )
    return {t: {c[1] for c in base.execute(f'PRAGMA table_info("{t}")')} for (t,) in tables.fetchall()}

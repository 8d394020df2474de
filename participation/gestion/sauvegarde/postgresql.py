"""PostgreSQL : pg_dump sur un instantané exporté, restauration dans une base neuve qui prend ensuite le nom."""

import os
import secrets
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from participation.gestion.sauvegarde.archive import BASES, Archive
from participation.gestion.sauvegarde.binaires import lancer, relire_le_dump
from participation.gestion.sauvegarde.manifeste import TECHNIQUES, Releve, SauvegardeRefusee
from participation.gestion.sauvegarde.outils import relever
from participation.registre.actions import verifier

NOM = BASES["postgresql"]
TABLES = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " JOIN information_schema.tables USING (table_schema, table_name)"
    " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
)
AUTRES = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
COUPER = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
CARACTERES = "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s"


@contextmanager
def instantane(dossier: Path) -> Iterator[tuple[Releve, list[str]]]:
    """Un seul instantané pour la copie, le relevé et la vérification du registre, dont il rend les constats."""
    copie = dossier / NOM
    sans = [f"--exclude-table-data={table}" for table in sorted(TECHNIQUES)]
    try:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            curseur.execute("SELECT pg_export_snapshot()")
            nom = curseur.fetchone()[0]
            os.close(os.open(copie, os.O_CREAT | os.O_WRONLY, 0o600))
            lancer("pg_dump", "--format=custom", f"--snapshot={nom}", "--no-owner", f"--file={copie}", *sans)
            releve = relever(_lecteur(curseur), _colonnes(_lecteur(curseur)))
            constats = [str(constat) for constat in verifier().constats]
    except DatabaseError as erreur:
        raise SauvegardeRefusee(
            f"La base ne se lit pas ({erreur}). Sauvegardez avec la version qui la sert, avant d'en changer."
        ) from erreur
    yield releve, constats


def controler(archive: Archive, dossier: Path) -> list[str]:
    """Extrait l'archive, fait relire toute la copie par pg_restore, compare les lignes et la tête au manifeste."""
    archive.extraire(dossier)
    comptes, tete = relire_le_dump(dossier / NOM)
    manifeste = archive.manifeste
    trouves = [
        f"table {table} : {comptes.get(table, 0)} lignes au lieu de {attendu}"
        for table, attendu in manifeste.comptes.items()
        if comptes.get(table, 0) != attendu
    ]
    trouves += [f"table {table} : elle devait être vide" for table in TECHNIQUES if comptes.get(table)]
    return trouves if tete == manifeste.tete else [*trouves, f"tête du registre : {tete} au lieu de {manifeste.tete}"]


def charger(dossier: Path) -> str:
    """Restaure la copie dans une base neuve ; rend son nom. Lève SauvegardeRefusee, base neuve supprimée."""
    en_service = str(connection.settings_dict["NAME"])
    neuve = f"{en_service[:40]}_{secrets.token_hex(4)}"
    creer = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}")
    try:
        with _administrer() as admin:
            caracteres = admin.execute(CARACTERES, [en_service]).fetchone() or ("UTF8", "C", "C")
            admin.execute(creer.format(sql.Identifier(neuve), *map(sql.Literal, caracteres)))
    except psycopg.errors.InsufficientPrivilege as erreur:
        raise SauvegardeRefusee(
            "Le compte de la base ne peut pas en créer une autre à côté. Donnez-lui ce droit le temps de restaurer : "
            f"ALTER ROLE {connection.settings_dict['USER']} CREATEDB."
        ) from erreur
    try:
        lancer("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
               f"--dbname={neuve}", str(dossier / NOM))  # fmt: skip
    except SauvegardeRefusee:
        jeter(neuve)
        raise
    return neuve


def relever_copie(copie: str) -> Releve:
    """Le relevé d'une base mise à côté."""
    with _connexion(copie) as base, base.cursor() as curseur:
        return relever(_lecteur(curseur), _colonnes(_lecteur(curseur)))


def adresse_de(copie: str) -> str | None:
    """Le DATABASE_URL de la base mise à côté."""
    return urllib.parse.urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{copie}").geturl()


def occupants() -> int:
    """Combien de connexions tiennent la base, de cette machine ou d'une autre."""
    _lacher()
    with _administrer() as admin:
        ligne = admin.execute(AUTRES, [connection.settings_dict["NAME"]]).fetchone()
        return int(ligne[0]) if ligne else 0


def echanger(copie: str, avant: Path, *, de_force: bool) -> None:
    """Échange les noms en une transaction : l'ancienne base prend celui du dossier `avant`. `de_force` : coupe."""
    _lacher()
    en_service = str(connection.settings_dict["NAME"])
    renommer = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    noms = sql.Identifier(en_service), sql.Identifier(nom_d_avant(avant)), sql.Identifier(copie)
    try:
        with _administrer() as admin:
            if de_force:
                admin.execute(COUPER, [en_service])
            with admin.transaction():
                admin.execute(renommer.format(noms[0], noms[1]))
                admin.execute(renommer.format(noms[2], noms[0]))
    except psycopg.Error as erreur:
        raise SauvegardeRefusee(f"La base n'a pas pu être mise en place : {erreur}") from erreur


def nom_d_avant(avant: Path) -> str:
    """Le nom que prend l'ancienne base."""
    return f"{str(connection.settings_dict['NAME'])[:30]}-{avant.name}"[:63]


def jeter(copie: str) -> None:
    """Supprime une base mise à côté, si elle existe."""
    with suppress(psycopg.Error), _administrer() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copie)))


def oublier_l_ancienne(avant: Path) -> None:
    """Supprime l'ancienne base, vide, mise de côté."""
    jeter(nom_d_avant(avant))


def _lacher() -> None:
    """Rend toutes les connexions de ce processus, réserve comprise : une base tenue ne se renomme pas."""
    connection.close()
    fermer: Any = getattr(connection, "close_pool", None)
    if fermer:
        fermer()


def _connexion(base: str) -> "psycopg.Connection[tuple[Any, ...]]":
    reglages = connection.settings_dict
    noms = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    parametres = {nom: str(reglages[cle]) for nom, cle in noms.items() if reglages.get(cle)}
    return psycopg.connect(dbname=base, autocommit=True, **parametres)  # type: ignore[arg-type]


def _administrer() -> "psycopg.Connection[tuple[Any, ...]]":
    return _connexion("postgres")


def _lecteur(curseur: Any) -> Any:
    def lire(requete: str) -> list[tuple[Any, ...]]:
        curseur.execute(requete)
        return list(curseur.fetchall())

    return lire


def _colonnes(lire: Any) -> dict[str, set[str]]:
    colonnes: dict[str, set[str]] = {}
    for table, colonne in lire(TABLES):
        colonnes.setdefault(table, set()).add(colonne)
    return colonnes

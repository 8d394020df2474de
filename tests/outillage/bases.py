"""Remettre la base d'essai à neuf sans `flush` : les tables à ajout seul refusent qu'on les vide, et c'est voulu.

SQLite : la base est recopiée d'un gabarit pris juste après les migrations. PostgreSQL : TRUNCATE, déclencheurs
suspendus dans cette seule transaction, puis les lignes que les migrations avaient posées.
"""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

GABARIT = "gabarit_des_essais"


def _fichier() -> Path:
    return Path(settings.VAR_DIR) / "gabarit.sqlite3"


def prendre_le_gabarit() -> None:
    """Garde l'état de la base juste après les migrations (schéma, déclencheurs, lignes de référence)."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(_fichier()) as gabarit:
            connection.connection.backup(gabarit)
        gabarit.close()
        return
    with connection.cursor() as curseur:
        curseur.execute(f"CREATE SCHEMA IF NOT EXISTS {GABARIT}")
        for table in _tables(curseur):
            curseur.execute(f'CREATE TABLE {GABARIT}."{table}" AS TABLE public."{table}"')


def remettre_le_gabarit() -> None:
    """Rend à la base l'état gardé. À appeler hors transaction."""
    if connection.vendor == "sqlite":
        connection.close()
        source = sqlite3.connect(_fichier())
        cible = sqlite3.connect(connection.settings_dict["NAME"], timeout=20)
        source.backup(cible)
        source.close()
        cible.close()
        return
    with connection.cursor() as curseur:
        tables = _tables(curseur)
        curseur.execute("BEGIN")
        curseur.execute("SET LOCAL session_replication_role = replica")
        curseur.execute("TRUNCATE " + ", ".join(f'public."{t}"' for t in tables))
        for table in tables:
            curseur.execute(f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE SELECT * FROM {GABARIT}."{table}"')
        curseur.execute("COMMIT")


def fermer_les_autres() -> None:
    """Coupe les connexions laissées par des fils d'essai : PostgreSQL ne supprime pas une base occupée."""
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _tables(curseur: CursorWrapper) -> list[str]:
    curseur.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [ligne[0] for ligne in curseur.fetchall()]

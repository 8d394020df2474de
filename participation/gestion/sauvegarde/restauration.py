"""Restaurer : tout se prépare et se vérifie à côté ; l'ancien état n'est déplacé qu'à la fin, et il est gardé."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from participation.common import en_marche
from participation.gestion.sauvegarde.archive import Archive, ouvrir
from participation.gestion.sauvegarde.manifeste import REGLAGES, TECHNIQUES, Manifeste, SauvegardeRefusee
from participation.gestion.sauvegarde.moteurs import Moteur, moteur
from participation.gestion.sauvegarde.outils import atelier, ecarts, eprouver, rendre_au_compte, synchroniser

# Ce que `migrate` et un serveur qui démarre écrivent seuls : une base qui n'a que cela est vide.
SANS_CONTENU = TECHNIQUES | {
    "django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions",
    "horloge_battement",
}  # fmt: skip


@dataclass(frozen=True)
class Restauration:
    """Une restauration faite. `avant` : où l'ancien état est gardé, None s'il était vide."""

    manifeste: Manifeste
    constats: list[str]
    avant: Path | None


def restaurer(
    *, depuis: Path, remplacer: bool, malgre_le_serveur: bool, meme_altere: bool, reel: datetime
) -> Restauration:
    """Remplace base et médias par ceux de l'archive, migrés et vérifiés. Un échec laisse l'ancien état en place.

    `remplacer` : accepte une base qui a du contenu. `meme_altere` : garde une archive dont le registre est altéré.
    Lève SauvegardeRefusee, Occupe, OSError.
    """
    archive, servi = ouvrir(depuis), moteur()
    _accepter(archive.manifeste)
    verrou = nullcontext() if malgre_le_serveur else en_marche.seul()
    with verrou, atelier(settings.VAR_DIR) as dossier:
        if not malgre_le_serveur and (autres := servi.occupants()):
            raise en_marche.Occupe(f"{autres} connexions tiennent la base : un serveur tourne, ici ou ailleurs.")
        lignes = _lignes()
        if lignes and not remplacer:
            raise SauvegardeRefusee(_phrase_du_refus(lignes))
        with _a_cote(servi, archive, dossier) as copie:
            constats = ecarts(archive.manifeste, servi.relever_copie(copie))
            constats += eprouver(dossier, servi.adresse_de(copie), archive.manifeste.tete)
            if constats and not meme_altere:
                raise SauvegardeRefusee("L'archive n'est pas intacte. " + " ; ".join(constats[:10]))
            avant = _mettre_en_place(servi, copie, dossier, reel, de_force=malgre_le_serveur)
    return Restauration(archive.manifeste, constats, avant if _garder(servi, avant, is_vide=not lignes) else None)


def _accepter(manifeste: Manifeste) -> None:
    """Le moteur est celui de l'archive, et ce code connaît toutes ses migrations."""
    if manifeste.moteur != connection.vendor:
        noms = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise SauvegardeRefusee(
            f"Cette archive vient de {noms[manifeste.moteur]} ; ce site emploie {noms[connection.vendor]}. "
            "Une archive se restaure sur le même moteur : changez DATABASE_URL."
        )
    chargees = MigrationLoader(None).disk_migrations or {}
    connues = {f"{app}.{nom}" for app, nom in chargees}
    connues |= {f"{app}.{nom}" for migration in chargees.values() for app, nom in migration.replaces}
    if inconnues := sorted(set(manifeste.migrations) - connues):
        raise SauvegardeRefusee(
            f"Cette archive vient d'une version plus récente ({manifeste.version} ; {inconnues[0]} est inconnue ici). "
            "Installez d'abord cette version."
        )


def _lignes() -> dict[str, int]:
    """Les tables qui ont du contenu ; une base illisible compte comme ayant du contenu."""
    try:
        with connection.cursor() as curseur:
            trouvees = {}
            for table in set(connection.introspection.table_names(curseur)) - SANS_CONTENU:
                curseur.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 : nom lu dans la base
                if nombre := curseur.fetchone()[0]:
                    trouvees[table] = int(nombre)
        return trouvees
    except DatabaseError:
        return {"base illisible": 1}


def _phrase_du_refus(lignes: dict[str, int]) -> str:
    return (
        f"La base n'est pas vide : {sum(lignes.values())} lignes dans {len(lignes)} tables, "
        f"{lignes.get('registre_entree', 0)} entrées au registre. "
        "Ajoutez --remplacer pour la remplacer ; l'ancien état sera gardé à côté."
    )


@contextmanager
def _a_cote(servi: Moteur, archive: Archive, dossier: Path) -> Iterator[str]:
    """La base de l'archive, chargée à côté de celle en service ; jetée si elle n'a pas pris sa place."""
    archive.extraire(dossier)
    copie = servi.charger(dossier)
    try:
        yield copie
    finally:
        servi.jeter(copie)


def _mettre_en_place(servi: Moteur, copie: str, dossier: Path, reel: datetime, *, de_force: bool) -> Path:
    """Médias et réglages d'abord, la base en dernier : elle décide. Tout échec remet l'ancien état."""
    avant: Path = settings.VAR_DIR / f"avant-{reel:%Y%m%d-%H%M%S}-{os.getpid()}"
    avant.mkdir(mode=0o700)
    os.sync()
    faits: list[tuple[Path, Path]] = []
    try:
        for origine, cible in list(_deplacements(dossier, avant)):  # décidés avant que rien ne bouge
            os.rename(origine, cible)
            faits.append((origine, cible))
        servi.echanger(copie, avant, de_force=de_force)
    except BaseException:  # une interruption aussi remet l'ancien état
        for origine, cible in reversed(faits):
            os.rename(cible, origine)
        shutil.rmtree(avant, ignore_errors=True)
        raise
    for pose in (settings.MEDIA_ROOT, Path(str(connection.settings_dict["NAME"])), *_reglages(settings.VAR_DIR)):
        if pose.exists():
            rendre_au_compte(pose)
    synchroniser(settings.VAR_DIR)
    return avant


def _deplacements(dossier: Path, avant: Path) -> Iterator[tuple[Path, Path]]:
    """Chaque renommage, dans l'ordre : l'ancien de côté, le neuf à sa place. L'heure du site suit son archive."""
    medias = settings.MEDIA_ROOT
    if medias.exists():
        yield medias, avant / "medias"
    if (dossier / "medias").exists():
        yield dossier / "medias", medias
    for neuf in _reglages(dossier):
        if (settings.VAR_DIR / neuf.name).exists():
            yield settings.VAR_DIR / neuf.name, avant / neuf.name
        yield neuf, settings.VAR_DIR / neuf.name
    if not (dossier / "horloge").exists() and (settings.VAR_DIR / "horloge").exists():
        yield settings.VAR_DIR / "horloge", avant / "horloge"


def _reglages(dossier: Path) -> list[Path]:
    return [dossier / nom for nom in REGLAGES if (dossier / nom).exists()]


def _garder(servi: Moteur, avant: Path, *, is_vide: bool) -> bool:
    """Un ancien état vide ne se garde pas ; vrai s'il reste quelque chose à garder."""
    if not is_vide:
        return True
    servi.oublier_l_ancienne(avant)
    if any(avant.iterdir()):
        return True
    avant.rmdir()
    return False

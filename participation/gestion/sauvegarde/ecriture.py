"""Écrire une sauvegarde à chaud : l'instantané de la base, puis les médias qu'il cite, puis tout relire."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from participation import VERSION
from participation.common import en_marche
from participation.gestion.sauvegarde.archive import ecrire, is_nom_admis, ouvrir
from participation.gestion.sauvegarde.manifeste import (
    MEDIAS,
    REGLAGES,
    Fichier,
    Manifeste,
    Releve,
    SauvegardeRefusee,
)
from participation.gestion.sauvegarde.moteurs import Moteur, moteur
from participation.gestion.sauvegarde.outils import atelier, encore_cites, rendre_au_compte, synchroniser

TEMOIN = "derniere_sauvegarde"
ESSAIS = 5


class MediaParti(Exception):
    """Un média que cite l'instantané a été effacé depuis, avec la ligne qui le citait."""


@dataclass(frozen=True)
class Sauvegarde:
    """Une archive posée. `constats` : ce qui n'est pas intact dans la base ou manque sur le disque."""

    chemin: Path
    octets: int
    manifeste: Manifeste
    constats: list[str]


def sauvegarder(*, vers: Path, now: datetime, reel: datetime) -> Sauvegarde:
    """Écrit l'archive, la relit, puis la nomme d'un seul coup : `vers` n'est jamais à moitié écrit.

    `now` : l'heure du site ; `reel` : celle de la machine. Si le registre est altéré ou qu'un média manque, l'archive
    est gardée sous `<vers>.altere` : elle ne prend pas la place d'une bonne. Lève SauvegardeRefusee, Occupe, OSError.
    """
    vers = vers.absolute()
    if vers.is_dir() or not vers.parent.is_dir():
        raise SauvegardeRefusee(f"Donnez un nom de fichier dans un dossier qui existe : {vers} ne convient pas.")
    servi = moteur()
    with en_marche.partage(), atelier(vers.parent) as dossier:
        provisoire = dossier / "archive"
        constats = _ecrire(servi, dossier, provisoire, now, reel)
        essai = dossier / "essai"
        essai.mkdir(mode=0o700)
        archive = ouvrir(provisoire)
        constats += servi.controler(archive, essai)
        pose = vers.with_name(vers.name + ".altere") if constats else vers
        octets = provisoire.stat().st_size
        provisoire.replace(pose)
        synchroniser(pose.parent)
    if not constats:
        _temoigner(reel, octets)
    return Sauvegarde(pose, octets, archive.manifeste, constats)


def _ecrire(servi: Moteur, dossier: Path, provisoire: Path, now: datetime, reel: datetime) -> list[str]:
    """Écrit l'archive ; reprend l'instantané si un brouillon a perdu une pièce entre lui et la copie des fichiers."""
    for _ in range(ESSAIS):
        for reste in (provisoire, dossier / servi.NOM):
            reste.unlink(missing_ok=True)
        try:
            return _une_fois(servi, dossier, provisoire, now, reel)
        except MediaParti:
            continue
        finally:
            (dossier / servi.NOM).unlink(missing_ok=True)
    raise SauvegardeRefusee("Des pièces s'effacent pendant la sauvegarde, à chaque essai : relancez-la.")


def _une_fois(servi: Moteur, dossier: Path, provisoire: Path, now: datetime, reel: datetime) -> list[str]:
    """Les médias se lisent après l'instantané : tout média cité existait déjà. Lève MediaParti."""
    with servi.instantane(dossier) as (releve, constats):
        presents, manquants = _trier(releve.medias)
    if set(manquants) - encore_cites(manquants):
        raise MediaParti

    def conclure(fichiers: dict[str, Fichier]) -> Manifeste:
        return _manifeste(releve, fichiers, now, reel)

    try:
        with os.fdopen(os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sortie:
            ecrire(sortie, _fichiers(dossier / servi.NOM, presents), conclure)
    except FileNotFoundError as erreur:
        raise MediaParti from erreur
    return constats + [f"média manquant : {nom}" for nom in manquants]


def _trier(medias: list[str]) -> tuple[list[str], list[str]]:
    presents, manquants = list[str](), list[str]()
    for nom in medias:
        is_la = is_nom_admis(MEDIAS + nom) and (settings.MEDIA_ROOT / nom).is_file()
        (presents if is_la else manquants).append(nom)
    return presents, manquants


def _fichiers(base: Path, medias: list[str]) -> Iterator[tuple[str, Path]]:
    yield base.name, base
    for nom in REGLAGES:
        if (settings.VAR_DIR / nom).is_file():
            yield nom, settings.VAR_DIR / nom
    for nom in medias:
        yield MEDIAS + nom, settings.MEDIA_ROOT / nom


def _manifeste(releve: Releve, fichiers: dict[str, Fichier], now: datetime, reel: datetime) -> Manifeste:
    return Manifeste(
        version=VERSION,
        moteur=connection.vendor,
        instant=reel.isoformat(timespec="seconds"),
        heure_du_site=now.isoformat(timespec="seconds"),
        comptes=releve.comptes,
        tete=releve.tete,
        migrations=releve.migrations,
        courriels_en_attente=releve.courriels_en_attente,
        fichiers=fichiers,
    )


def _temoigner(reel: datetime, octets: int) -> None:
    """Ce que `/sante/` lit pour dire l'âge de la dernière sauvegarde réussie."""
    temoin = settings.VAR_DIR / TEMOIN
    provisoire = temoin.with_name(f"{TEMOIN}.{os.getpid()}")
    provisoire.write_text(json.dumps({"instant": reel.isoformat(timespec="seconds"), "octets": octets}))
    provisoire.replace(temoin)
    rendre_au_compte(temoin)

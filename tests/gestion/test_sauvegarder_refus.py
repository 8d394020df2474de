"""Restaurer refuse clairement, et une restauration ratée laisse l'ancien état."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from participation.gestion.sauvegarde import SauvegardeRefusee, ecriture, restauration, sqlite
from participation.gestion.sauvegarde.archive import BASES, ouvrir
from participation.gestion.sauvegarde.manifeste import Releve
from tests.gestion.sauvegardes import ALTERER, UN_RAPPORT, etat, fichiers, refaire
from tests.outillage.processus import Atelier, Dossier, Serveur

AUTRE = UN_RAPPORT.replace('"Rapport"', '"Un autre rapport"')


@pytest.fixture(scope="module")
def sauvegarde(atelier: Atelier, tmp_path_factory: pytest.TempPathFactory) -> tuple[Dossier, Path]:
    """Un dossier qui a un acte au registre, et son archive : faits une fois, recopiés par chaque essai."""
    dossier, archive = atelier.dossier(), tmp_path_factory.mktemp("archive") / "a.tar"
    dossier.python(UN_RAPPORT)
    dossier.commande("sauvegarder", str(archive))
    return dossier, archive


@pytest.fixture(scope="module")
def autre(atelier: Atelier) -> Dossier:
    """Un autre dossier, qui a son propre contenu et un média."""
    dossier = atelier.dossier()
    dossier.python(AUTRE)
    (dossier.var / "medias").mkdir()
    (dossier.var / "medias/ancien.pdf").write_text("ancien")
    return dossier


@pytest.fixture
def dossier_reel(sauvegarde: tuple[Dossier, Path], atelier: Atelier) -> Dossier:
    """Le dossier sauvegardé."""
    return atelier.copie_de(sauvegarde[0])


@pytest.fixture
def archive(sauvegarde: tuple[Dossier, Path], tmp_path: Path) -> Path:
    """L'archive de `dossier_reel`."""
    return Path(shutil.copy(sauvegarde[1], tmp_path))


@pytest.fixture
def occupe(autre: Dossier, atelier: Atelier) -> Dossier:
    """Un autre dossier, qui a son propre contenu et un média."""
    return atelier.copie_de(autre)


def refuser(dossier: Dossier, *arguments: str) -> str:
    """La phrase d'une restauration refusée ; vérifie qu'aucun fichier n'est venu ni parti (la base : `etat`)."""
    la = {*fichiers(dossier.var), "en-marche"}
    fini = dossier.commande("restaurer", *arguments, attendu=1)
    assert "Traceback" not in fini.stderr
    assert {*fichiers(dossier.var), "en-marche"} == la
    return fini.stderr


@pytest.mark.processus
def test_une_base_qui_a_du_contenu_demande_de_le_dire_et_l_ancien_etat_est_garde(
    archive: Path, occupe: Dossier, dossier_reel: Dossier
) -> None:
    etat_d_avant = etat(occupe)
    assert "--remplacer" in refuser(occupe, str(archive))
    assert etat(occupe) == etat_d_avant
    dit = occupe.commande("restaurer", "--remplacer", str(archive)).stdout
    assert "L'ancien état est gardé" in dit
    assert etat(occupe) == etat(dossier_reel)
    avant = next(occupe.var.glob("avant-*"))
    assert (avant / "medias/ancien.pdf").read_text() == "ancien"
    assert not (occupe.var / "medias/ancien.pdf").exists()
    if "DATABASE_URL" not in occupe.env:
        shutil.copy(avant / "db.sqlite3", occupe.var / "db.sqlite3")
        assert "Un autre rapport" in occupe.python(
            "from participation.rapports.models import Rapport; print(Rapport.objects.get().titre)"
        )


@pytest.mark.processus
def test_une_archive_alteree_d_une_autre_base_ou_d_une_version_plus_recente_se_refuse(
    archive: Path, occupe: Dossier
) -> None:
    octets, etat_d_avant = archive.read_bytes(), etat(occupe)
    archive.write_bytes(octets[:3000] + bytes([octets[3000] ^ 1]) + octets[3001:])
    assert "altérée" in refuser(occupe, "--remplacer", str(archive))
    archive.write_bytes(octets)
    refaire(archive, lambda m: m["migrations"].append("registre.9999_demain"))
    assert "version plus récente" in refuser(occupe, "--remplacer", str(archive))
    archive.write_bytes(octets)
    refaire(archive, lambda m: m["comptes"].update(registre_entree=7))
    assert "table registre_entree : 1 lignes au lieu de 7" in refuser(occupe, "--remplacer", str(archive))
    archive.write_bytes(octets)
    refaire(archive, lambda m: m["tete"].__setitem__(1, "0" * 64))
    assert "tête du registre" in refuser(occupe, "--remplacer", str(archive))
    assert etat(occupe) == etat_d_avant


@pytest.mark.processus
def test_une_archive_d_un_autre_moteur_se_refuse(archive: Path, occupe: Dossier, tmp_path: Path) -> None:
    if "DATABASE_URL" in occupe.env:  # la vraie : une archive de SQLite, faite à l'instant
        ailleurs = tmp_path / "sqlite"
        env = {nom: valeur for nom, valeur in occupe.env.items() if nom != "DATABASE_URL"} | {"VAR_DIR": str(ailleurs)}
        Dossier(ailleurs, env).commande("migrate", "--noinput")
        Dossier(ailleurs, env).commande("sauvegarder", str(archive))
        assert "SQLite ; ce site emploie PostgreSQL" in refuser(occupe, "--remplacer", str(archive))
        return

    def vers_postgresql(manifeste: dict[str, Any]) -> None:
        manifeste["moteur"] = "postgresql"
        manifeste["fichiers"]["base.pgdump"] = manifeste["fichiers"].pop("db.sqlite3")

    refaire(archive, vers_postgresql, {"db.sqlite3": "base.pgdump"})
    assert "PostgreSQL ; ce site emploie SQLite" in refuser(occupe, "--remplacer", str(archive))


@pytest.mark.une_base
@pytest.mark.processus
def test_un_registre_altere_se_dit_a_la_sauvegarde_et_se_refuse_a_la_restauration(
    archive: Path, dossier_reel: Dossier, occupe: Dossier
) -> None:
    bonne = archive.read_bytes()
    temoin = (dossier_reel.var / "derniere_sauvegarde").read_text()
    dossier_reel.python(ALTERER)
    fini = dossier_reel.commande("sauvegarder", str(archive), attendu=1)
    assert "entrée n° 1" in fini.stdout
    assert archive.read_bytes() == bonne, "elle ne prend pas la place d'une bonne"
    assert (dossier_reel.var / "derniere_sauvegarde").read_text() == temoin
    alteree, etat_d_avant = archive.with_name("a.tar.altere"), etat(occupe)
    assert "entrée n° 1" in refuser(occupe, "--remplacer", str(alteree))
    assert etat(occupe) == etat_d_avant
    fini = occupe.commande("restaurer", "--remplacer", "--meme-altere", str(alteree), attendu=1)
    assert "ALTÉRÉ" in fini.stderr
    assert etat(occupe) == etat(dossier_reel)


@pytest.mark.une_base
@pytest.mark.processus
def test_un_media_perdu_se_dit_et_n_est_jamais_tu(dossier_reel: Dossier, tmp_path: Path) -> None:
    dossier_reel.python(
        "from participation.territoires.models import Epci;"
        "Epci.objects.create(nom='A', siren='1', logo='identite/x.svg')"
    )
    fini = dossier_reel.commande("sauvegarder", str(tmp_path / "a.tar"), attendu=1)
    assert "média manquant : identite/x.svg" in fini.stdout
    assert fichiers(tmp_path) == ["a.tar.altere"]


@pytest.mark.une_base
@pytest.mark.processus
def test_un_serveur_en_marche_se_voit_et_une_restauration_en_cours_aussi(
    archive: Path, occupe: Dossier, serveur: Callable[[Dossier], Serveur]
) -> None:
    lance = serveur(occupe)
    fini = occupe.commande("restaurer", "--remplacer", str(archive), attendu=1)
    assert "Arrêtez-le d'abord" in fini.stderr
    occupe.commande("sauvegarder", str(archive.with_name("b.tar")))  # à chaud : le serveur ne gêne pas
    occupe.commande("restaurer", "--remplacer", "--malgre-le-serveur", str(archive))
    assert lance.sante()["base"]
    lance.arreter()
    occupe.commande("restaurer", "--remplacer", str(archive))
    with (occupe.var / "en-marche").open() as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        for commande in (["horloge", "--une-fois"], ["sauvegarder", str(archive)]):
            assert "Une restauration est en cours" in occupe.commande(*commande, attendu=1).stderr
        with pytest.raises(AssertionError, match="Une restauration est en cours"):
            serveur(occupe)


@pytest.mark.processus
def test_une_base_illisible_se_remplace(archive: Path, occupe: Dossier, dossier_reel: Dossier) -> None:
    if "DATABASE_URL" in occupe.env:
        pytest.skip("une base PostgreSQL abîmée est l'affaire de son serveur")
    (occupe.var / "db.sqlite3").write_bytes(b"abime" * 1000)
    assert "--remplacer" in occupe.commande("restaurer", str(archive), attendu=1).stderr
    occupe.commande("restaurer", "--remplacer", str(archive))
    assert etat(occupe) == etat(dossier_reel)


# --- une pièce effacée pendant la sauvegarde --------------------------------------------------------------------------
class MoteurQuiChange:
    """Chaque instantané cite les médias suivants de la liste ; la base tient en un fichier."""

    NOM = BASES[connection.vendor]

    def __init__(self, *medias: list[str]) -> None:
        self.medias = list(medias)

    @contextmanager
    def instantane(self, dossier: Path) -> Iterator[tuple[Releve, list[str]]]:
        (dossier / self.NOM).touch(exist_ok=False)
        yield Releve({}, None, [], self.medias.pop(0), 0), []


@pytest.fixture
def depot(settings: Settings, tmp_path: Path) -> Path:
    """Un VAR_DIR qui a un média, `a.pdf`."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "medias"
    (tmp_path / "medias").mkdir()
    (tmp_path / "medias/a.pdf").write_text("a")
    return tmp_path


def ecrire_avec(moteur: MoteurQuiChange, depot: Path) -> list[str]:
    maintenant = datetime.now(UTC)
    constats = ecriture._ecrire(moteur, depot, depot / "a.tar", maintenant, maintenant)  # type: ignore[arg-type]
    assert constats == []
    return sorted(ouvrir(depot / "a.tar").manifeste.fichiers)


@pytest.mark.django_db
def test_une_piece_effacee_apres_l_instantane_en_fait_prendre_un_autre(depot: Path) -> None:
    moteur = MoteurQuiChange(["a.pdf", "partie.pdf"], ["a.pdf"])
    assert ecrire_avec(moteur, depot) == [moteur.NOM, "medias/a.pdf"]


@pytest.mark.django_db
def test_une_piece_effacee_pendant_la_copie_aussi(depot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moteur, vrai = MoteurQuiChange(["a.pdf", "partie.pdf"], ["a.pdf"]), ecriture._trier
    monkeypatch.setattr(ecriture, "_trier", lambda m: (m, []) if "partie.pdf" in m else vrai(m))
    assert ecrire_avec(moteur, depot) == [moteur.NOM, "medias/a.pdf"]


@pytest.mark.django_db
def test_une_base_ou_tout_s_efface_sans_cesse_finit_par_un_refus(depot: Path) -> None:
    with pytest.raises(SauvegardeRefusee, match="relancez"):
        ecrire_avec(MoteurQuiChange(*(["partie.pdf"] for _ in range(9))), depot)


# --- la mise en place, sans base --------------------------------------------------------------------------------------
class MoteurEnPanne:
    """La base ne se laisse pas échanger."""

    def echanger(self, copie: str, avant: Path, *, de_force: bool) -> None:
        raise SauvegardeRefusee("La base est tenue.")


def test_une_panne_a_l_echange_remet_medias_et_reglages(settings: Settings, tmp_path: Path) -> None:
    var, dossier = tmp_path / "var", tmp_path / "var/.sauvegarde-x"
    settings.VAR_DIR, settings.MEDIA_ROOT = var, var / "medias"
    for racine, texte in ((var, "ancien"), (dossier, "neuf")):
        (racine / "medias").mkdir(parents=True)
        for nom in ("medias/a.pdf", "expediteur"):
            (racine / nom).write_text(texte)
    (var / "horloge").write_text("ancien")
    with pytest.raises(SauvegardeRefusee, match="tenue"):
        restauration._mettre_en_place(MoteurEnPanne(), "", dossier, datetime.now(UTC), de_force=False)  # type: ignore[arg-type]
    assert {(var / n).read_text() for n in ("medias/a.pdf", "expediteur", "horloge")} == {"ancien"}
    assert not list(var.glob("avant-*"))


def test_une_panne_a_la_pose_de_la_base_remet_l_ancienne_et_son_journal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    en_service, copie, avant = tmp_path / "db.sqlite3", tmp_path / "copie.sqlite3", tmp_path / "avant"
    avant.mkdir()
    for suite in ("", "-wal", "-shm"):
        Path(f"{en_service}{suite}").write_text(f"ancien{suite}")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(en_service))
    vrai = shutil.move

    def en_panne(origine: Any, cible: Any) -> Any:
        if os.fspath(origine) == str(copie):
            raise OSError(28, "plus de place")
        return vrai(origine, cible)

    monkeypatch.setattr(sqlite.shutil, "move", en_panne)
    with pytest.raises(SauvegardeRefusee, match="plus de place"):
        sqlite.echanger(str(copie), avant, de_force=False)
    for suite in ("", "-wal", "-shm"):
        assert Path(f"{en_service}{suite}").read_text() == f"ancien{suite}"

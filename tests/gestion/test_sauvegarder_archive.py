"""L'archive seule, sans base : tout octet changé se voit ; une archive hostile n'écrit rien hors de son dossier."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from participation.gestion.sauvegarde.archive import ecrire, is_nom_admis, ouvrir
from participation.gestion.sauvegarde.manifeste import Fichier, Manifeste, SauvegardeRefusee
from tests.gestion.sauvegardes import fichiers, sceller

CONTENU = {"db.sqlite3": b"la base", "horloge": b"{}", "medias/pieces/a.pdf": b"%PDF"}


def manifeste_de(fichiers: dict[str, Fichier]) -> Manifeste:
    return Manifeste("0.1.0", "sqlite", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00",
                     {"registre_entree": 1}, (1, "f" * 64), ["registre.0001_initial"], 0, fichiers)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Une petite archive juste."""
    for nom, octets in CONTENU.items():
        (tmp_path / "source" / nom).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / nom).write_bytes(octets)
    chemin = tmp_path / "a.tar"
    with chemin.open("wb") as sortie:
        ecrire(sortie, [(nom, tmp_path / "source" / nom) for nom in CONTENU], manifeste_de)
    return chemin


def membre(nom: str, octets: bytes = b"", genre: bytes = tarfile.REGTYPE, vers: str = "") -> tuple[Any, bytes]:
    info = tarfile.TarInfo(nom)
    info.type, info.linkname, info.size = genre, vers, len(octets)
    return info, octets


def fabriquer(chemin: Path, *membres: tuple[Any, bytes], annonces: dict[str, bytes] | None = None) -> Path:
    """Une archive au sceau juste, faite à la main ; `annonces` : ce que dit son manifeste (sinon, ses membres)."""
    dits = annonces if annonces is not None else {info.name: octets for info, octets in membres}
    sommes = {n: Fichier(len(o), hashlib.sha256(o).hexdigest()) for n, o in dits.items()}
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode="w") as tar:
        for info, octets in (*membres, membre("manifeste.json", manifeste_de(sommes).en_octets())):
            tar.addfile(info, io.BytesIO(octets))
    chemin.write_bytes(sceller(tampon.getvalue()))
    return chemin


def test_ce_qui_sort_est_ce_qui_est_entre(archive: Path, tmp_path: Path) -> None:
    ouverte = ouvrir(archive)
    assert ouverte.manifeste.tete == (1, "f" * 64)
    sortie = tmp_path / "sortie"
    sortie.mkdir()
    ouverte.extraire(sortie)
    assert {nom: (sortie / nom).read_bytes() for nom in fichiers(sortie)} == CONTENU
    assert {(sortie / nom).stat().st_mode & 0o777 for nom in CONTENU} == {0o600}


def test_tout_octet_change_se_voit(archive: Path) -> None:
    octets = bytearray(archive.read_bytes())
    with archive.open("r+b") as fichier:
        for place in range(len(octets)):
            fichier.seek(place)
            fichier.write(bytes([octets[place] ^ 1]))
            fichier.flush()
            with pytest.raises(SauvegardeRefusee):
                ouvrir(archive)
            fichier.seek(place)
            fichier.write(bytes([octets[place]]))
    assert ouvrir(archive)


@pytest.mark.parametrize("taille", [0, 1, 77, 78, 79, 512, 5000, -1])
def test_une_archive_coupee_se_voit(archive: Path, taille: int) -> None:
    archive.write_bytes(archive.read_bytes()[:taille])
    with pytest.raises(SauvegardeRefusee):
        ouvrir(archive)


def test_une_archive_rallongee_se_voit(archive: Path) -> None:
    with archive.open("ab") as fichier:
        fichier.write(b"\0")
    with pytest.raises(SauvegardeRefusee):
        ouvrir(archive)


@pytest.mark.parametrize(
    "nom",
    ["../x", "/etc/x", "medias/../../x", "medias/..", "medias/./x", "medias//x", "medias/", "medias\\..\\x", "secret",
     "medias/a\x00b", "medias/a\nb", "medias/" + "a" * 300, "en-marche", "db.sqlite3-wal", "medias", ""],
)  # fmt: skip
def test_un_nom_qui_sort_de_la_liste_est_refuse(nom: str, tmp_path: Path) -> None:
    assert not is_nom_admis(nom)
    if "\x00" in nom:  # un tar coupe ses noms à NUL
        return
    with pytest.raises(SauvegardeRefusee):
        ouvrir(fabriquer(tmp_path / "a.tar", membre("db.sqlite3"), membre(nom, b"x")))


@pytest.mark.parametrize(
    "genre", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
)
def test_ni_lien_ni_dossier_ni_peripherique(genre: bytes, tmp_path: Path) -> None:
    hostile = fabriquer(
        tmp_path / "a.tar", membre("db.sqlite3"), membre("medias/x", genre=genre, vers="/etc/passwd"), annonces={}
    )
    with pytest.raises(SauvegardeRefusee, match="ordinaire"):
        ouvrir(hostile)


def test_un_nom_deux_fois_un_fichier_en_trop_ou_en_moins_se_refuse(tmp_path: Path) -> None:
    base = membre("db.sqlite3", b"b")
    for membres, annonces in (
        ((base, base), {"db.sqlite3": b"b"}),
        ((base, membre("medias/x", b"x")), {"db.sqlite3": b"b"}),
        ((base,), {"db.sqlite3": b"b", "medias/x": b"x"}),
        ((membre("medias/x", b"x"),), {"medias/x": b"x"}),
    ):
        with pytest.raises(SauvegardeRefusee):
            ouvrir(fabriquer(tmp_path / "a.tar", *membres, annonces=annonces))


def test_un_contenu_qui_n_est_pas_celui_du_manifeste_se_refuse_a_l_extraction(tmp_path: Path) -> None:
    ouverte = ouvrir(fabriquer(tmp_path / "a.tar", membre("db.sqlite3", b"b"), annonces={"db.sqlite3": b"c"}))
    (tmp_path / "sortie").mkdir()
    with pytest.raises(SauvegardeRefusee, match="n'est plus le fichier"):
        ouverte.extraire(tmp_path / "sortie")


def test_l_extraction_ne_suit_pas_un_lien_deja_la(archive: Path, tmp_path: Path) -> None:
    sortie, dehors = tmp_path / "sortie", tmp_path / "dehors"
    sortie.mkdir()
    (sortie / "db.sqlite3").symlink_to(dehors)
    with pytest.raises(OSError, match="exist"):
        ouvrir(archive).extraire(sortie)
    assert not dehors.exists()


@pytest.mark.parametrize(
    "manifeste",
    [b"", b"[]", b"null", b'{"format": 1}', b'{"format": 99}', b"[" * 100_000, b'{"format": 1, "version": 3}', b"\xff"],
)
def test_un_manifeste_tordu_se_refuse(manifeste: bytes, tmp_path: Path) -> None:
    tampon = io.BytesIO()
    with tarfile.open(fileobj=tampon, mode="w") as tar:
        for info, octets in (membre("db.sqlite3", b"b"), membre("manifeste.json", manifeste)):
            tar.addfile(info, io.BytesIO(octets))
    (tmp_path / "a.tar").write_bytes(sceller(tampon.getvalue()))
    with pytest.raises(SauvegardeRefusee):
        ouvrir(tmp_path / "a.tar")


def test_un_sceau_seul_ou_autre_chose_qu_un_tar_se_refuse(tmp_path: Path) -> None:
    for contenu in (sceller(b""), sceller(b"bonjour" * 300), json.dumps({}).encode()):
        (tmp_path / "a.tar").write_bytes(contenu)
        with pytest.raises(SauvegardeRefusee):
            ouvrir(tmp_path / "a.tar")
    with pytest.raises(SauvegardeRefusee, match="ne se lit pas"):
        ouvrir(tmp_path / "absente.tar")

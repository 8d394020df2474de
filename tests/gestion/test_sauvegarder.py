"""R12 : à chaud, sous écritures, rien d'acquitté ne manque ; ce qui est restauré est ce qui a été sauvegardé."""

import hashlib
import json
import re
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from tests.consultations.test_au_bord import AVANT_MINUIT
from tests.gestion.sauvegardes import RELIRE, UN_RAPPORT, etat, fichiers
from tests.outillage.processus import Atelier, Dossier, Serveur

pytestmark = pytest.mark.processus

OUVRIERS = 4
INSCRIRE = r"""
from datetime import datetime, UTC
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from participation.pieces.actions import ajouter_piece
from participation.rapports.models import Version
from participation.registre.actions import inscrire
version, tour = Version.objects.get(), 0
while True:
    tour, now = tour + 1, datetime.now(UTC)
    octets = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n" + str(now).encode()
    with transaction.atomic():
        piece = ajouter_piece(fichier=SimpleUploadedFile("recu.pdf", octets), par=None, now=now)
        entree = inscrire(acte="essai", objet=version, dossier=None, now=now)
    print(entree.n, piece.pk, flush=True)
"""


class Ouvrier:
    """Un processus qui inscrit sans cesse ; ses acquittements sont lus à mesure."""

    def __init__(self, dossier: Dossier) -> None:
        self.processus = dossier.lancer("shell", "--verbosity=0", "-c", INSCRIRE)
        self.acquittes: list[tuple[int, UUID]] = []
        self.autres: list[str] = []
        self.du_nouveau = threading.Condition()
        self.fil = threading.Thread(target=self._lire, daemon=True)
        self.fil.start()

    def _lire(self) -> None:
        for ligne in self.processus.stdout or ():
            lu = re.fullmatch(r"(\d+) ([0-9a-f-]{36})\n", ligne)
            with self.du_nouveau:
                if lu:
                    self.acquittes.append((int(lu[1]), UUID(lu[2])))
                else:
                    self.autres.append(ligne)
                self.du_nouveau.notify_all()

    def attendre(self, nombre: int) -> None:
        with self.du_nouveau:
            assert self.du_nouveau.wait_for(lambda: len(self.acquittes) >= nombre or self.autres, 60)
        assert not self.autres, "".join(self.autres)

    def arreter(self) -> None:
        self.processus.kill()
        self.processus.wait(10)
        self.fil.join(10)
        if self.processus.stdout:
            self.processus.stdout.close()


@contextmanager
def une_lecture_ouverte(dossier: Dossier) -> Iterator[None]:
    """SQLite : tant qu'elle dure, les actes suivants restent dans le -wal ; copier db.sqlite3 seul les perd tous."""
    if "DATABASE_URL" in dossier.env:
        yield
        return
    with closing(sqlite3.connect(dossier.var / "db.sqlite3", isolation_level=None)) as lecture:
        lecture.execute("BEGIN")
        lecture.execute("SELECT count(*) FROM registre_entree").fetchone()
        yield


def sauvegarder_sous_ecritures(dossier: Dossier, archive: Path) -> tuple[list[tuple[int, UUID]], int]:
    """(les actes acquittés avant le début de la sauvegarde, le nombre de ceux qui l'ont été pendant)."""
    ouvriers = [Ouvrier(dossier) for _ in range(OUVRIERS)]
    try:
        for ouvrier in ouvriers:
            ouvrier.attendre(5)
        avant = [acte for ouvrier in ouvriers for acte in list(ouvrier.acquittes)]
        dossier.commande("sauvegarder", str(archive))
        pendant = sum(len(ouvrier.acquittes) for ouvrier in ouvriers) - len(avant)
        for ouvrier in ouvriers:
            ouvrier.attendre(len(ouvrier.acquittes) + 1)  # personne n'est mort ni bloqué
    finally:
        for ouvrier in ouvriers:
            ouvrier.arreter()
    return avant, pendant


def test_sous_ecritures_tout_acte_acquitte_avant_le_debut_y_est_et_la_chaine_tient(
    dossier_reel: Dossier, atelier: Atelier, tmp_path: Path
) -> None:
    dossier_reel.python(UN_RAPPORT)
    with une_lecture_ouverte(dossier_reel):
        avant, pendant = sauvegarder_sous_ecritures(dossier_reel, tmp_path / "a.tar")
    assert pendant > 0, "la sauvegarde n'a pas arrêté les écritures"
    neuf = atelier.dossier()
    neuf.commande("restaurer", str(tmp_path / "a.tar"))
    lu = json.loads(neuf.python(RELIRE))
    assert lu["constats"] == []
    assert lu["n"] == list(range(1, len(lu["n"]) + 1)), "ni trou, ni double"
    assert {n for n, _ in avant} <= set(lu["n"])
    assert {str(piece) for _, piece in avant} <= lu["pieces"].keys()
    for nom, empreinte in lu["pieces"].values():
        assert hashlib.sha256((neuf.var / "medias" / nom).read_bytes()).hexdigest() == empreinte
    assert len(fichiers(neuf.var / "medias")) == len(lu["pieces"]), "aucun fichier que la base ne cite pas"


def test_ce_qui_est_restaure_est_ce_qui_a_ete_sauvegarde(
    dossier_demo: object, atelier: Atelier, tmp_path: Path
) -> None:
    depart = atelier.demonstration(maintenant=AVANT_MINUIT)
    (depart.var / "medias/identite").mkdir(parents=True)
    (depart.var / "medias/identite/Logo d’été.svg").write_text("<svg/>")
    (depart.var / "medias/identite/orphelin.svg").write_text("<svg/>")
    depart.python(
        "from participation.territoires.models import Epci; Epci.objects.update(logo='identite/Logo d’été.svg')"
    )
    (depart.var / "horloge").write_text(
        json.dumps({"site": "2025-10-30T22:59:50+00:00", "reel": "2026-01-01T00:00:00+00:00", "departs": []})
    )
    archive = tmp_path / "a.tar"
    dit = depart.commande("sauvegarder", str(archive)).stdout
    assert "1 médias" in dit
    assert archive.stat().st_mode & 0o777 == 0o600
    assert fichiers(tmp_path) == ["a.tar"], "rien de provisoire ne reste"
    neuf = atelier.dossier()
    assert "Restauration réussie" in neuf.commande("restaurer", str(archive)).stdout
    assert etat(neuf) == etat(depart)
    assert fichiers(neuf.var / "medias") == ["identite/Logo d’été.svg"]
    assert (neuf.var / "horloge").read_text() == (depart.var / "horloge").read_text(), "l'heure du site suit sa base"
    assert not list(neuf.var.glob("avant-*")), "un ancien état vide ne se garde pas"


def test_ni_le_secret_ni_les_sessions_ne_sortent(dossier_reel: Dossier, atelier: Atelier, tmp_path: Path) -> None:
    cle = dossier_reel.python(
        "from django.contrib.sessions.backends.db import SessionStore as S; s = S(); s['x'] = 'reprise'; s.save();"
        "from participation.comptes.models import *; u = Utilisateur.objects.create_user('a@exemple.invalid');"
        "from allauth.usersessions.models import UserSession as U;"
        "U.objects.create(user=u, session_key=s.session_key, ip='0.0.0.0', user_agent='');"
        "EssaisDeCode.objects.create(cle='f' * 64, expire_le='2030-01-01T00:00Z'); print(s.session_key)"
    )
    archive = tmp_path / "a.tar"
    dossier_reel.commande("sauvegarder", str(archive))
    octets = archive.read_bytes()
    assert cle.encode() not in octets
    assert (dossier_reel.var / "secret").read_bytes() not in octets
    with tarfile.open(archive) as tar:
        assert {"secret", "derniere_sauvegarde"}.isdisjoint(tar.getnames())
    neuf = atelier.dossier()
    neuf.commande("restaurer", str(archive))
    compte = neuf.python(
        "from django.contrib.sessions.models import Session; from allauth.usersessions.models import UserSession;"
        "from participation.comptes.models import *;"
        "print(Session.objects.count(), UserSession.objects.count(), EssaisDeCode.objects.count(),"
        " Utilisateur.objects.count())"
    )
    assert compte == "0 0 0 1"


def test_une_archive_d_avant_les_dernieres_migrations_est_migree(
    dossier_reel: Dossier, atelier: Atelier, tmp_path: Path
) -> None:
    dossier_reel.python(UN_RAPPORT)
    dossier_reel.commande("migrate", "demo", "0001")
    dossier_reel.commande("sauvegarder", str(tmp_path / "a.tar"))
    neuf = atelier.dossier()
    neuf.commande("restaurer", str(tmp_path / "a.tar"))
    assert "[ ]" not in neuf.commande("showmigrations").stdout
    manquants = "from django.db import connection; from participation.registre.declencheurs import manquants"
    assert neuf.python(f"{manquants}; print(manquants(connection))") == "[]"


def test_la_sante_dit_l_age_de_la_derniere_sauvegarde_reussie(
    dossier_reel: Dossier, serveur: "type[Serveur]", tmp_path: Path
) -> None:
    lance = serveur(dossier_reel)
    assert lance.sante()["age_sauvegarde"] is None
    dossier_reel.commande("sauvegarder", str(tmp_path / "absent" / "a.tar"), attendu=1)
    assert lance.sante()["age_sauvegarde"] is None, "une sauvegarde manquée ne compte pas"
    dossier_reel.commande("sauvegarder", str(tmp_path / "a.tar"))
    age = lance.sante()["age_sauvegarde"]
    assert isinstance(age, float)
    assert 0 <= age < 120
    (dossier_reel.var / "derniere_sauvegarde").write_text("[]")
    assert lance.sante()["age_sauvegarde"] is None, "un témoin abîmé n'est pas une sauvegarde"


def test_une_sauvegarde_tuee_ne_laisse_pas_d_archive(dossier_reel: Dossier, tmp_path: Path) -> None:
    lancee = dossier_reel.lancer("sauvegarder", str(tmp_path / "a.tar"))
    while not any(tmp_path.glob(".sauvegarde-*")):
        assert lancee.poll() is None
    lancee.terminate()
    assert lancee.wait(20) == 143
    lancee.communicate()
    assert not (tmp_path / "a.tar").exists()


def test_un_ordinaire_outil_tar_lit_l_archive(dossier_reel: Dossier, tmp_path: Path) -> None:
    dossier_reel.commande("sauvegarder", str(tmp_path / "a.tar"))
    fini = subprocess.run(["tar", "-xf", "a.tar"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert fini.stderr == ""
    manifeste = json.loads((tmp_path / "manifeste.json").read_text())
    for nom, fichier in manifeste["fichiers"].items():
        assert hashlib.sha256((tmp_path / nom).read_bytes()).hexdigest() == fichier["sha256"]

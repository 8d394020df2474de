"""Mêmes données, mêmes octets : deux processus, deux bases, plus de deux secondes d'écart (règle 18 ; Must show 5).

Le récit entier est copié, ligne à ligne, dans une base SQLite neuve qu'un autre processus lit. Sous PostgreSQL, l'essai
compare donc les deux bases. Report, rectificatif, silence remplacé, complément, lettre tardive et procès-verbal y sont.
"""

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from participation.pieces.models import PieceJointe
from participation.registre.queries import derniere_de
from tests import monde_actes
from tests.monde_actes import AGENT, CLOS_LE, MondeActes
from tests.outillage.documents import mots_serres, texte_du_pdf
from tests.outillage.processus import Dossier

pytestmark = pytest.mark.django_db
DEMAIN = CLOS_LE + timedelta(days=1)
AILLEURS = """
import hashlib, json, sys
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from participation.comptes.models import Utilisateur
from participation.registre import declencheurs
declencheurs.retirer(connection)
Group.objects.all().delete()
call_command("loaddata", {donnees!r}, verbosity=0)
client = Client(headers={{"host": "127.0.0.1"}})
client.force_login(Utilisateur.objects.get(nom_usage={agent!r}))
lus = [client.get(a) for a in {adresses!r}]
print(json.dumps([[r.status_code, hashlib.sha256(r.content).hexdigest()] for r in lus]))
"""


@pytest.fixture
def monde(settings: Settings) -> MondeActes:
    settings.MAINTENANT = DEMAIN
    return monde_actes.batir()


def adresses(monde: MondeActes) -> list[str]:
    base = f"/consultations/{monde.consultation.slug}"
    fiche = f"{base}/saisines/{monde.commune.pk}"
    return [f"{base}/annexe.odt", f"{base}/annexe.pdf", f"{fiche}/preuve.pdf", f"{fiche}/dossier.zip"]


@pytest.mark.processus
def test_un_autre_processus_sur_une_autre_base_rend_les_memes_octets(
    monde: MondeActes, dossier_reel: Dossier, tmp_path: Path
) -> None:
    donnees = str(tmp_path / "recit.xml")  # le JSON de Django perd les microsecondes
    sauf = ["contenttypes", "auth.permission", "sessions"]
    call_command("dumpdata", format="xml", exclude=sauf, output=donnees, verbosity=0)
    for piece in PieceJointe.objects.all():
        copie = dossier_reel.var / "medias" / str(piece.fichier)
        copie.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(piece.fichier.path, copie)
    ailleurs = dossier_reel.avec(MAINTENANT=DEMAIN.isoformat())
    if "DATABASE_URL" in ailleurs.env:
        ailleurs = ailleurs.avec(DATABASE_URL=f"sqlite:///{ailleurs.var}/ailleurs.sqlite3")
        ailleurs.commande("migrate", "--noinput")
    client = Client()
    client.force_login(monde.agent)
    lus = [client.get(a) for a in adresses(monde)]
    ici = [[r.status_code, hashlib.sha256(r.content).hexdigest()] for r in lus]
    assert [r.status_code for r in lus] == [200] * 4
    la = ailleurs.python(AILLEURS.format(donnees=donnees, agent=AGENT, adresses=adresses(monde)))
    assert json.loads(la.splitlines()[-1]) == ici


def elements(noeud: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Chaque élément de la structure d'un PDF balisé."""
    if isinstance(noeud, pikepdf.Dictionary):
        yield noeud
        enfants = noeud.get("/K", [])
        for enfant in enfants if isinstance(enfants, pikepdf.Array) else [enfants]:
            yield from elements(enfant)


def test_l_annexe_des_actes_est_balisee_en_francais_et_chaque_figure_a_son_texte(monde: MondeActes) -> None:
    octets = Client().get(adresses(monde)[1]).content
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("fr", True)
        arbre = list(elements(pdf.Root.StructTreeRoot))
        figures = [e for e in arbre if e.get("/S") == "/Figure"]
        assert len(arbre) > 100, "la structure est parcourue"
        assert [f for f in figures if not str(f.get("/Alt", ""))] == []
    texte = texte_du_pdf(octets)
    serre = mots_serres(texte)
    for mots in (
        "Nouveau dernier jour : vendredi 14 novembre 2025.", "Pour : Commune du récit.", "Rectificatif n° 1",
        "Procès-verbal de clôture", "Reçu hors délai", "Trop tard, mais non.", "2025-112", "Papier remis à l'accueil",
        "en remplacement du silence inscrit", "Réputé favorable",
    ):  # fmt: skip
        assert mots_serres(mots) in serre, mots
    assert "2025-11-14" not in texte, "une date se lit en toutes lettres"
    assert "lettre.pdf" not in texte, "le nom d'une preuve peut nommer quelqu'un"


def test_l_annexe_cite_le_dernier_acte_de_la_consultation(monde: MondeActes) -> None:
    dernier = derniere_de(monde.consultation.pk)
    assert dernier
    texte = mots_serres(texte_du_pdf(Client().get(adresses(monde)[1]).content))
    assert f"entréen°{dernier.n}," in texte
    assert dernier.empreinte in texte

"""R12 : une base gardée à la fin d'une étape du projet arrive au présent, registre intact, pages servies.

Une base se garde ainsi : `python manage.py sauvegarder F`, puis `tar -xOf F db.sqlite3 | gzip -9n` dans
tests/donnees/bases/<étape>.sqlite3.gz. Ses médias, s'il y en a, dans <étape>.medias.tar (le dossier `medias/`).
"""

import gzip
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from tests.outillage.processus import Atelier, Dossier

BASES = Path(__file__).parent / "donnees" / "bases"
GARDEES = sorted(BASES.glob("*.sqlite3.gz"))
LIRE = """
import json
from consultations.models import Consultation
from django.db import connection
from django.test import Client
from participation.registre.declencheurs import manquants
from participation.registre.models import Entree
client = Client(HTTP_HOST="127.0.0.1")
adresses = ["/", "/consultations/", "/registre/", *(c.get_absolute_url() for c in Consultation.objects.filter(
    transmise_le__isnull=False))]
print(json.dumps({"manquants": manquants(connection), "entrees": Entree.objects.count(),
                  "pages": {a: client.get(a).status_code for a in adresses}}))
"""


def test_il_y_a_au_moins_une_base_gardee() -> None:
    assert GARDEES, "tests/donnees/bases/ est vide : les migrations ne s'essaient sur rien"


@pytest.mark.processus
@pytest.mark.parametrize("gardee", GARDEES, ids=lambda base: base.name.removesuffix(".sqlite3.gz"))
def test_une_base_gardee_arrive_au_present(gardee: Path, atelier: Atelier, tmp_path: Path) -> None:
    dossier = ouvrir(gardee, atelier, tmp_path)
    dossier.commande("migrate", "--noinput")
    assert "[ ]" not in dossier.commande("showmigrations").stdout
    assert "Le registre est intact." in dossier.commande("verifier_registre").stdout
    lu = json.loads(dossier.python(LIRE))
    assert lu["manquants"] == []
    assert lu["entrees"] > 0, "une base sans acte ne prouve rien"
    assert len(lu["pages"]) > 3, "au moins une consultation transmise"
    assert set(lu["pages"].values()) == {200}, lu["pages"]


def ouvrir(gardee: Path, atelier: Atelier, tmp_path: Path) -> Dossier:
    """Un dossier neuf qui contient cette base, toujours sous SQLite, à l'heure réelle."""
    env = {nom: valeur for nom, valeur in atelier.dossier().env.items() if nom != "DATABASE_URL"}
    var = tmp_path / "var"
    var.mkdir()
    with gzip.open(gardee) as source, (var / "db.sqlite3").open("wb") as base:
        shutil.copyfileobj(source, base)
    medias = gardee.with_name(gardee.name.removesuffix(".sqlite3.gz") + ".medias.tar")
    if medias.exists():
        with tarfile.open(medias) as tar:
            tar.extractall(var, filter="data")
    return Dossier(var, env | {"VAR_DIR": str(var)})

"""La commande `importer_rapport` : ce qu'elle dit, et ce qu'elle refuse."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from participation.rapports.models import Version
from tests.rapports.fichiers import odt_de, rapport_2024

pytestmark = pytest.mark.django_db


def importer(fichier: Path, *options: str) -> str:
    """Ce que la commande imprime."""
    sortie = StringIO()
    call_command("importer_rapport", str(fichier), *options, stdout=sortie)
    return sortie.getvalue()


def test_elle_importe_et_dit_ce_qui_est_compris_et_ecarte(tmp_path: Path) -> None:
    fichier = tmp_path / "rapport.md"
    fichier.write_text(rapport_2024() + "\n<div>cadre</div>\n")
    dit = importer(fichier)
    assert "version 1 : 32 titres, 31 parties, 6 tableaux, aucune image." in dit
    assert "Écarté : du code HTML (<div>cadre</div>)." in dit
    assert not Version.objects.get().is_figee


def test_elle_fige_si_on_le_demande(tmp_path: Path) -> None:
    fichier = tmp_path / "rapport.odt"
    fichier.write_bytes(odt_de(rapport_2024()))
    dit = importer(fichier, "--annee", "2023", "--figer")
    version = Version.objects.get()
    assert (version.rapport.annee, version.is_figee) == (2023, True)
    assert version.empreinte in dit


def test_elle_refuse_avec_une_phrase(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ne se lit pas"):
        importer(tmp_path / "absent.md")
    vide = tmp_path / "vide.md"
    vide.write_text("")
    with pytest.raises(CommandError, match="vide"):
        importer(vide)
    assert not Version.objects.exists()

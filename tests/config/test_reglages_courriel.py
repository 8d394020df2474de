"""L'adresse des courriels : un dossier donné en entier est bien celui-là."""

import os
import subprocess
import sys
from pathlib import Path


def test_un_dossier_de_courriels_donne_en_entier_n_est_pas_relatif(tmp_path: Path, racine: Path) -> None:
    voulu = tmp_path / "courriels"
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "participation.config.settings",
        "VAR_DIR": str(tmp_path),
        "EMAIL_URL": f"file://{voulu}",
    }
    programme = "from django.conf import settings; print(settings.EMAIL_FILE_PATH)"
    fini = subprocess.run(
        [sys.executable, "-c", programme], cwd=racine, env=env, capture_output=True, text=True, check=True
    )
    assert fini.stdout.strip() == str(voulu)

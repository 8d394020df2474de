"""Préparer une machine : ne rien refaire, ne rien installer sans droit, dire la commande à taper."""

import subprocess
from pathlib import Path

import pytest

from outils import essais, preparer


@pytest.fixture
def sans_droit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Une personne ordinaire."""
    monkeypatch.setattr(preparer.os, "geteuid", lambda: 1000)


def test_sans_venv_et_sans_droit_on_s_arrete_avec_la_commande(
    sans_droit: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(preparer, "PYTHON", tmp_path / "absent")
    monkeypatch.setattr(preparer.importlib.util, "find_spec", lambda nom: None)
    with pytest.raises(SystemExit, match=r"sudo apt-get install python3\.\d+-venv"):
        preparer.creer_venv()


def test_sans_pango_et_sans_droit_on_le_dit_et_on_continue(
    sans_droit: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preparer, "has_pango", lambda: False)
    monkeypatch.setattr(preparer, "installer_dependances", lambda fichiers: True)
    preparer.preparer_execution()
    dit = capsys.readouterr().out
    assert "le site démarre, sans les PDF" in dit
    assert "sudo apt-get install libpango-1.0-0" in dit


def test_rien_ne_s_installe_deux_fois(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(preparer, "VENV", tmp_path)
    (tmp_path / "installe-1").write_text(preparer.empreinte(preparer.EXECUTION))
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("rien à lancer"))
    assert preparer.installer_dependances(preparer.EXECUTION) is False


def test_une_dependance_changee_se_reinstalle() -> None:
    assert preparer.empreinte(preparer.EXECUTION) != preparer.empreinte(preparer.DEVELOPPEMENT)


def test_un_rapport_absent_compte_un_echec(tmp_path: Path) -> None:
    """Une série qui meurt avant d'écrire son rapport n'est jamais prise pour une réussite."""
    assert essais.lire_rapport("morte", tmp_path / "absent.xml").echecs == 1


def test_la_conclusion_echoue_si_une_etape_echoue(capsys: pytest.CaptureFixture[str]) -> None:
    releve = essais.Releve([essais.Bilan("a", 1, passes=3), essais.Bilan("b", 1, passes=1, echecs=1, sautes=2)])
    assert releve.conclure() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 1 failed, 2 skipped in 0s"


@pytest.mark.parametrize(
    ("sortie", "passes", "echecs", "sautes", "phrase"),
    [
        ("", 0, 0, 1, "non vérifié"),
        ('{"dependencies": [{"name": "a", "skip_reason": "absente"}]}', 0, 0, 1, "non vérifié : 1 dépendances sur 1"),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', 1, 0, 0, ""),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}]}', 0, 1, 0, "a 1 : CVE-1"),
    ],
)
def test_une_faille_non_verifiee_est_sautee_jamais_passee(
    sortie: str, passes: int, echecs: int, sautes: int, phrase: str
) -> None:
    bilan, dite = essais.lire_audit(sortie)
    assert (bilan.passes, bilan.echecs, bilan.sautes) == (passes, echecs, sautes)
    assert dite.startswith(phrase)


def test_ce_que_la_file_d_a_cote_a_dit_se_lit_a_la_fin_d_un_bloc(capsys: pytest.CaptureFixture[str]) -> None:
    a_cote, releve = essais.Releve(is_a_cote=True), essais.Releve()
    a_cote.relire("une faute", "sh", "-c", "echo la ligne fautive; exit 3")
    assert capsys.readouterr().out == ""
    releve.reprendre(a_cote)
    assert "la ligne fautive" in capsys.readouterr().out
    assert releve.conclure() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped in 0s"

"""La page publique du registre, le fichier, la commande et le vérificateur indépendant."""

import ast
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from consultations.models import Avis
from participation.registre import declencheurs
from participation.registre.actions import inscrire
from participation.registre.models import Entree, Sel
from tests import fabriques

pytestmark = pytest.mark.django_db
RACINE = Path(__file__).parents[2]
OUTIL = RACINE / "outils" / "verifier_registre.py"


@pytest.fixture
def avis() -> Avis:
    """Deux actes d'une consultation, un d'une autre."""
    avis = fabriques.avis(depose_par=fabriques.utilisateur(nom_usage="Habitante du Mont-Liébaut"))
    dossier = avis.saisine.consultation_id
    inscrire(acte="saisine_transmise", objet=avis.saisine, dossier=dossier, now=avis.saisine.transmise_le)
    inscrire(acte="avis_depose", objet=avis, dossier=dossier, now=avis.inscrit_le)
    autre = fabriques.saisine()
    inscrire(acte="saisine_transmise", objet=autre, dossier=autre.consultation_id, now=autre.transmise_le)
    return avis


def jsonl(client: Client) -> str:
    return client.get("/registre.jsonl").content.decode()


def verifier_seul(texte: str, dossier: Path, *arguments: str) -> tuple[int, str]:
    """Le vérificateur lancé comme chez un inconnu : sans Django, sans nos modules, dans un dossier vide."""
    (dossier / "registre.jsonl").write_text(texte, encoding="utf-8")
    commande = [sys.executable, "-I", str(OUTIL), "registre.jsonl", *arguments]
    fini = subprocess.run(commande, cwd=dossier, env={}, capture_output=True, text=True, check=False)
    return fini.returncode, fini.stdout


def test_la_page_montre_la_tete_les_actes_et_personne(client: Client, avis: Avis) -> None:
    page = client.get("/registre/").content.decode().replace("<wbr>", "")
    tete = Entree.objects.get(n=3)
    assert "n° 3" in page
    assert f"3:{tete.empreinte}" in page
    assert "Avis déposé" in page
    assert "Mont-Liébaut" not in page
    assert "depose_par" not in page


def test_la_page_se_filtre_par_consultation(client: Client, avis: Avis) -> None:
    page = client.get("/registre/", {"dossier": str(avis.saisine.consultation_id)}).content.decode()
    assert "2\u00a0actes" in page
    assert "3\u00a0actes" in client.get("/registre/").content.decode()


@pytest.mark.parametrize("recherche", ["?dossier=rien", "?dossier=%00", "?dossier=" + "9" * 5000])
def test_un_filtre_absurde_rend_404(client: Client, recherche: str) -> None:
    assert client.get(f"/registre/{recherche}").status_code == 404


@pytest.mark.parametrize("numero", ["0", "-1", "999999999999", "abc", "%00"])
def test_une_page_absurde_ne_casse_rien(client: Client, avis: Avis, numero: str) -> None:
    assert client.get(f"/registre/?page={numero}").status_code == 200


def test_la_page_ne_fait_pas_plus_de_requetes_avec_vingt_actes(client: Client, avis: Avis) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as peu:
        client.get("/registre/")
    for _ in range(30):
        inscrire(acte="avis_depose", objet=avis, dossier=None, now=avis.inscrit_le)
    with CaptureQueriesContext(connection) as beaucoup:
        assert "Page 1 sur 2" in client.get("/registre/").content.decode()
    assert len(beaucoup) == len(peu)


def test_le_fichier_donne_tout_sauf_les_sels(client: Client, avis: Avis) -> None:
    texte = jsonl(client)
    lignes = [json.loads(ligne) for ligne in texte.splitlines()]
    assert [ligne["n"] for ligne in lignes] == [1, 2, 3]
    assert set(lignes[0]) == {
        "n", "instant", "inscrit_le", "acte", "objet", "objet_id", "dossier", "contenu", "precedent", "empreinte",
    }  # fmt: skip
    assert not any(sel in texte for sel in Sel.objects.values_list("valeur", flat=True))


def test_le_verificateur_independant_confirme_un_registre_intact(client: Client, avis: Avis, tmp_path: Path) -> None:
    texte = jsonl(client)
    tete = json.loads(texte.splitlines()[-1])
    assert verifier_seul(texte, tmp_path, "--tete", f"3:{tete['empreinte']}") == (
        0,
        "3 entrées. Le registre est intact.\n",
    )


def test_le_verificateur_independant_voit_chaque_octet_change(client: Client, avis: Avis) -> None:
    """Chaque caractère de chaque ligne, l'un après l'autre : aucun changement ne passe."""
    sys.path.insert(0, str(OUTIL.parent))
    try:
        from verifier_registre import constats  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    lignes = jsonl(client).splitlines()
    for rang, ligne in enumerate(lignes):
        for place, lettre in enumerate(ligne):
            autre = ligne[:place] + ("1" if lettre != "1" else "2") + ligne[place + 1 :]
            tete = (3, json.loads(lignes[-1])["empreinte"])
            assert list(constats([*lignes[:rang], autre, *lignes[rang + 1 :]], tete)), (rang, place)


@pytest.mark.parametrize("geste", ["coupe", "saute", "double", "inverse", "vide"])
def test_le_verificateur_independant_voit_une_ligne_de_moins_ou_de_trop(
    client: Client, avis: Avis, tmp_path: Path, geste: str
) -> None:
    a, b, c = jsonl(client).splitlines(keepends=True)
    faux = {"coupe": [a, b], "saute": [a, c], "double": [a, b, b, c], "inverse": [b, a, c], "vide": []}[geste]
    code, dit = verifier_seul("".join(faux), tmp_path, "--tete", f"3:{json.loads(c)['empreinte']}")
    assert code == 1
    assert "ALTÉRÉ" in dit


def test_le_verificateur_n_emploie_que_la_bibliotheque_standard() -> None:
    arbre = ast.parse(OUTIL.read_text())
    importes = {n.names[0].name for n in ast.walk(arbre) if isinstance(n, ast.Import)}
    importes |= {n.module or "" for n in ast.walk(arbre) if isinstance(n, ast.ImportFrom)}
    assert {nom.split(".")[0] for nom in importes} <= sys.stdlib_module_names


def test_la_commande_sort_avec_zero_puis_avec_un_en_nommant(client: Client, avis: Avis, tmp_path: Path) -> None:
    garde = tmp_path / "garde.jsonl"
    garde.write_text(jsonl(client))
    tete = Entree.objects.get(n=3)
    sortie = StringIO()
    call_command("verifier_registre", tete=f"3:{tete.empreinte}", jsonl=str(garde), stdout=sortie)
    assert "Le registre est intact." in sortie.getvalue()
    declencheurs.retirer(connection)
    Avis.objects.update(texte="Non.")
    with pytest.raises(SystemExit) as fin:
        call_command("verifier_registre", stdout=sortie)
    assert fin.value.code == 1
    assert f"ALTÉRÉ  consultations.Avis {avis.pk}" in sortie.getvalue()


@pytest.mark.parametrize("options", [{"tete": "douze"}, {"jsonl": "/rien/du/tout"}])
def test_la_commande_refuse_une_option_illisible(options: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("verifier_registre", **options)

"""La commande `importer_territoire` : rejouable, bavarde, tout ou rien."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from participation.territoires.models import Ambition, Commune, ContratDeVille, Enjeu, Epci, Quartier, Terme

DONNEES = Path(__file__).parents[2] / "participation" / "demo" / "donnees" / "territoire.json"
pytestmark = pytest.mark.django_db


def importer(fichier: Path) -> str:
    sortie = io.StringIO()
    call_command("importer_territoire", str(fichier), stdout=sortie)
    return sortie.getvalue()


def photo() -> dict[str, list[Any]]:
    """Tout le territoire, hors date d'import."""
    modeles = (Commune, Quartier, ContratDeVille, Enjeu, Ambition, Terme)
    lignes = {m.__name__: list(m.objects.order_by("pk").values()) for m in modeles}
    return lignes | {"communes": list(Quartier.communes.through.objects.order_by("pk").values())}


@pytest.fixture
def territoire() -> str:
    return importer(DONNEES)


def test_l_import_cree_l_agglomeration_ses_cent_communes_et_son_contrat(territoire: str) -> None:
    epci = Epci.objects.get()
    assert (epci.sigle, epci.siren, epci.nb_quartiers, epci.nb_communes) == ("CABBALR", "200072460", 25, 19)
    assert epci.nom_court == "Béthune-Bruay, Artois-Lys Romane"
    assert Commune.objects.count() == 100
    assert Enjeu.objects.filter(is_transversal=False).count() == 3
    assert Enjeu.objects.filter(is_transversal=True).count() == 3
    assert Ambition.objects.count() == 10
    assert "créé      quartier Mont-Liébaut" in territoire
    assert "quartier sans nom (QIC, Divion)" in territoire


def test_rien_n_est_invente(territoire: str) -> None:
    assert not Quartier.objects.exclude(code=None).exists()
    assert Quartier.objects.get(slug="rue-de-lille").type == "INCONNU"
    assert Commune.objects.get(nom="Beuvry").is_concernee is None
    assert Epci.objects.get().siret == ""


def test_deux_fois_le_meme_fichier_donne_les_memes_lignes(territoire: str) -> None:
    avant = photo()
    sortie = importer(DONNEES)
    assert photo() == avant
    assert "0 créé, 0 changé" in sortie


def test_ce_qui_change_est_dit(territoire: str, tmp_path: Path) -> None:
    contenu = json.loads(DONNEES.read_text())
    contenu["communes"][0]["population"] = 25_300
    (tmp_path / "t.json").write_text(json.dumps(contenu))
    assert "changé    commune Béthune : population : 25224 → 25300" in importer(tmp_path / "t.json")
    assert Commune.objects.get(nom="Béthune").population == 25_300


def test_un_fait_absent_n_efface_pas_un_fait_connu(territoire: str, tmp_path: Path) -> None:
    contenu = {"communes": [{"nom": "Béthune", "code_insee": "62119", "population": None}]}
    (tmp_path / "t.json").write_text(json.dumps(contenu))
    importer(tmp_path / "t.json")
    assert Commune.objects.get(nom="Béthune").population == 25_224


def test_la_liste_officielle_complete_les_quartiers_sans_les_doubler(territoire: str, tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(
        "code_qp;lib_qp;insee_com\nQN06299M;Mont Liébaut;62119\nQN06298M;Ailleurs;59350\nQN06297M;Nouveau;62178\n"
    )
    sortie = importer(tmp_path / "q.csv")
    mont = Quartier.objects.get(slug="mont-liebaut")
    assert (mont.code, mont.type, mont.nom) == ("QN06299M", "QPV", "Mont-Liébaut")
    assert Quartier.objects.count() == 5
    assert "ignoré    quartier Ailleurs (ligne 3) : hors de l'agglomération : 59350" in sortie
    avant = photo()
    assert "0 créé, 0 changé, 2 inchangés, 1 ignoré" in importer(tmp_path / "q.csv")
    assert photo() == avant


def test_un_type_inconnu_ne_remplace_pas_un_type_connu(territoire: str, tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("nom;commune\nMont-Liébaut;Béthune\n")
    assert "type QPV déjà connu, gardé" in importer(tmp_path / "q.csv")
    assert Quartier.objects.get(slug="mont-liebaut").type == "QPV"


def test_le_contour_d_un_geojson_est_garde(territoire: str, tmp_path: Path) -> None:
    carre = [[[2.6, 50.5], [2.7, 50.5], [2.7, 50.6], [2.6, 50.5]]]
    element = {
        "type": "Feature",
        "properties": {"nom": "Le Centre", "commune": "Bruay-la-Buissière"},
        "geometry": {"type": "Polygon", "coordinates": carre},
    }
    (tmp_path / "q").write_text(json.dumps({"type": "FeatureCollection", "features": [element]}))
    assert "changé    quartier Le Centre : contour GeoJSON" in importer(tmp_path / "q")
    contour = Quartier.objects.get(slug="le-centre").contour
    assert contour is not None
    assert contour["coordinates"] == carre


def test_un_fichier_faux_n_ecrit_rien_et_sort_avec_un(tmp_path: Path) -> None:
    contenu = json.loads(DONNEES.read_text())
    contenu["communes_epci"][-1]["code_insee"] = "6272"
    (tmp_path / "t.json").write_text(json.dumps(contenu))
    with pytest.raises(CommandError, match=r"(?s)Rien n'est importé.*communes_epci, n° 100") as refus:
        importer(tmp_path / "t.json")
    assert refus.value.returncode == 1
    assert not Epci.objects.exists()
    assert not Commune.objects.exists()


def test_le_fichier_d_une_autre_agglomeration_est_refuse_en_entier(territoire: str, tmp_path: Path) -> None:
    autre = {"epci": {"nom": "Autre", "siren": "999999999"}, "communes": [{"nom": "Z", "code_insee": "01001"}]}
    (tmp_path / "t.json").write_text(json.dumps(autre))
    with pytest.raises(CommandError, match="Cette plateforme est celle de"):
        importer(tmp_path / "t.json")
    assert not Commune.objects.filter(nom="Z").exists()


def test_des_quartiers_sans_commune_connue_sont_refuses(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("nom;commune\nPont;Exemple\n")
    with pytest.raises(CommandError, match="Importez d'abord"):
        importer(tmp_path / "q.csv")


def test_un_refus_en_cours_de_route_ne_laisse_rien(tmp_path: Path) -> None:
    contenu = {"epci": {"nom": "Exemple"}, "quartiers": [{"nom": "Pont", "commune": "Nulle part"}]}
    (tmp_path / "t.json").write_text(json.dumps(contenu))
    with pytest.raises(CommandError, match="Aucune commune"):
        importer(tmp_path / "t.json")
    assert not Epci.objects.exists()


def test_un_fichier_absent_est_dit(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Fichier illisible"):
        importer(tmp_path / "absent.json")

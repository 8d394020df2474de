"""La lecture d'un fichier de territoire : pure, sans base."""

import json
from pathlib import Path
from typing import Any

import pytest

from participation.territoires.imports import FichierFaux, lire

DONNEES = Path(__file__).parents[2] / "participation" / "demo" / "donnees" / "territoire.json"


def geojson(**proprietes: Any) -> bytes:
    carre = [[[2.6, 50.5], [2.7, 50.5], [2.7, 50.6], [2.6, 50.5]]]
    element = {"type": "Feature", "properties": proprietes, "geometry": {"type": "Polygon", "coordinates": carre}}
    return json.dumps({"type": "FeatureCollection", "features": [element]}).encode()


def test_le_fichier_donne_se_lit_en_entier() -> None:
    lu = lire(DONNEES.read_bytes())
    assert len(lu.communes) == 100
    assert [q.nom for q in lu.quartiers] == ["Mont-Liébaut", "Le Centre", "Rue de Lille", "Cité des Provinces"]
    assert lu.contrat is not None
    assert sum(a.montant_2024 or 0 for e in lu.contrat.enjeux for a in e.ambitions) + 648_465 == 6_286_281


def test_une_commune_seulement_probable_reste_a_confirmer() -> None:
    par_nom = {c.nom: c for c in lire(DONNEES.read_bytes()).communes}
    assert par_nom["Béthune"].is_concernee is True
    assert par_nom["Beuvry"].is_concernee is None
    assert par_nom["Rombly"].is_concernee is None


def test_un_quartier_sans_nom_est_ecarte_et_le_dit() -> None:
    pourquoi = [p for _, p in lire(DONNEES.read_bytes()).ecartes if "sans nom" in p]
    assert len(pourquoi) == 3
    assert "QIC, Divion" in pourquoi[1]


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_un_tableau_se_reconnait_quels_que_soient_separateur_et_encodage(encodage: str, separateur: str) -> None:
    lignes = [["code_qp", "lib_qp", "insee_com", "lib_com"], ["QN06201M", "Cité fleurie", "62119", "Béthune"]]
    texte = "\r\n".join(separateur.join(ligne) for ligne in lignes)
    (quartier,) = lire(texte.encode(encodage)).quartiers
    assert (quartier.code, quartier.nom, quartier.communes) == ("QN06201M", "Cité fleurie", ("62119",))
    assert quartier.type == "QPV"


def test_un_quartier_sur_deux_lignes_ou_deux_communes_n_en_fait_qu_un() -> None:
    texte = "code;nom;insee\nQN06201M;Cité;62119\nQN06201M;Cité;62126\nQN06202M;Pont;62119, 62178\n"
    cite, pont = lire(texte.encode()).quartiers
    assert cite.communes == ("62119", "62126")
    assert pont.communes == ("62119", "62178")


@pytest.mark.parametrize(
    ("dit", "attendu"),
    [("QPV", "QPV"), ("qic", "QIC"), ("Quartier d’intérêt communautaire", "QIC"), ("ZUS", "INCONNU"), ("", "INCONNU")],
)
def test_le_type_ecrit_est_compris_et_jamais_devine(dit: str, attendu: str) -> None:
    (quartier,) = lire(f"nom;commune;type\nCité;Béthune;{dit}\n".encode()).quartiers
    assert quartier.type == attendu


def test_un_code_de_2015_ne_dit_pas_le_type_d_aujourd_hui() -> None:
    (quartier,) = lire(b"code;nom;insee\nQP062001;Pont;62119\n").quartiers
    assert quartier.type == "INCONNU"


def test_le_contour_d_un_geojson_est_garde_tel_quel() -> None:
    (quartier,) = lire(geojson(code_qp="QN06201M", lib_qp="Cité", insee_com="62119")).quartiers
    assert quartier.contour is not None
    assert quartier.contour["type"] == "Polygon"
    assert quartier.contour["coordinates"][0][0] == [2.6, 50.5]


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (b"\x00\x01\x02\xff", "texte lisible"),
        (b'{"epci": {"nom": "Exemp', "mal formé"),
        (b'{"autre": 1}', "Aucune des parties attendues"),
        (b"[1, 2]", "objet"),
        (b"code;population\n1;2\n", "nom du quartier"),
        (b"code;nom\n1;Pont\n", "commune"),
        (b"nom;commune\nPont;Exemple;en trop\n", "3 cases pour 2 colonnes"),
        (b"nom;commune\n", "Aucun quartier"),
        (b'{"communes": [{"nom": "X", "code_insee": "abc"}]}', "code INSEE"),
        (b'{"communes": [{"nom": "X", "code_insee": "62001", "population": "beaucoup"}]}', "nombre entier"),
        (b'{"contrat": {"nom": "C", "date_signature": "9 juillet"}}', "AAAA-MM-JJ"),
        (b'{"epci": {"nom": "X", "vocabulaire": {"truc": "y"}}}', "pas un mot connu"),
        (b'{"epci": {"nom": "X\\u0000"}}', "illisible"),
        (b"code;nom;insee\nQN06201M;Pont;62119\nQN06201M;Gare;62119\n", "déjà celui de « Pont »"),
        (
            b'{"type":"FeatureCollection","features":[{"properties":{"nom":"P","insee":"62119"},'
            b'"geometry":{"type":"Polygon","coordinates":[[[682000.1,7048000.2],[682001,7048001],[1,2]]]}}]}',
            "WGS 84",
        ),
    ],
)
def test_un_fichier_faux_est_refuse_par_une_phrase_claire(octets: bytes, phrase: str) -> None:
    with pytest.raises(FichierFaux) as refus:
        lire(octets)
    assert phrase in str(refus.value)


def test_toutes_les_fautes_sont_dites_d_un_coup() -> None:
    communes = [{"nom": "A", "code_insee": "?"}, {"nom": "", "code_insee": "62001"}, {"nom": "C"}]
    with pytest.raises(FichierFaux) as refus:
        lire(json.dumps({"communes": communes}).encode())
    assert [ou for ou, _ in refus.value.fautes] == ["communes, n° 1", "communes, n° 2", "communes, n° 3"]

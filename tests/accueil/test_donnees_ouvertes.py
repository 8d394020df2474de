"""L'archive de toutes les données ouvertes, ses schémas, et ce qu'elle ne dit jamais (règle 20)."""

import csv
import io
import json
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from consultations.etats import Sens
from consultations.models import Consultation
from participation.accueil.donnees import JEUX
from tests import fabriques
from tests.fabriques import TRANSMISE_LE

pytestmark = pytest.mark.django_db
PENDANT = TRANSMISE_LE + timedelta(days=90)
FORMES = {"integer": r"-?\d+", "date": r"\d{4}-\d{2}-\d{2}", "boolean": "true|false", "string": ".*"}


@pytest.fixture(autouse=True)
def pendant(settings: Settings) -> None:
    settings.MAINTENANT = PENDANT


@pytest.fixture
def publique() -> Consultation:
    """Une délibération et ses observations, un silence à venir, une non saisie, une sans objet."""
    fabriques.epci(siret="20007246000013", nom_plateforme="Paroles d'essai")
    de = fabriques.consultation(slug="publique")
    fabriques.avis(
        fabriques.saisine(consultation_=de, instance_=fabriques.conseil_municipal()), sens=Sens.FAVORABLE_RESERVES,
        date_seance=date(2025, 8, 20), pour=12, contre=3, abstention=0, observations=["=1+1", "Et l'axe 4 ?"],
    )  # fmt: skip
    fabriques.saisine(consultation_=de)
    fabriques.saisine(consultation_=de, remise=False)
    fabriques.saisine(consultation_=de, is_sans_objet=True, motif_sans_objet="Conseil non installé.")
    return de


def ouvrir(client: Client) -> dict[str, bytes]:
    """Les fichiers de l'archive."""
    reponse = client.get("/donnees-ouvertes.zip")
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(reponse.content)) as archive:
        assert archive.testzip() is None
        return {nom: archive.read(nom) for nom in archive.namelist()}


def test_l_archive_contient_chaque_jeu_son_schema_le_registre_et_le_mode_d_emploi(
    client: Client, publique: Consultation
) -> None:
    fichiers = ouvrir(client)
    voulus = {f"{jeu}.{extension}" for jeu in JEUX for extension in ("csv", "json")}
    assert set(fichiers) == voulus | {f"schemas/{jeu}.json" for jeu in JEUX} | {
        "LISEZMOI.md",
        "datapackage.json",
        "registre.jsonl",
    }
    lisezmoi = fichiers["LISEZMOI.md"].decode()
    for mots in ("Paroles d'essai", "Licence Ouverte 2.0", "REPUTE_FAVORABLE", "| SECTION_REF |", "/donnees-ouvertes/"):
        assert mots in lisezmoi
    paquet = json.loads(fichiers["datapackage.json"])
    assert {r["path"] for r in paquet["resources"]} | {r["schema"] for r in paquet["resources"]} <= set(fichiers)
    assert fichiers["registre.jsonl"] == client.get("/registre.jsonl").content


def test_memes_donnees_memes_octets(client: Client, publique: Consultation, settings: Settings) -> None:
    premiers = client.get("/donnees-ouvertes.zip").content
    settings.MAINTENANT = PENDANT + timedelta(hours=2)
    assert client.get("/donnees-ouvertes.zip").content == premiers


def fautes(schema: dict[str, Any], lignes: list[dict[str, str]]) -> list[str]:
    """Ce que le schéma reproche aux lignes d'un CSV : colonnes, valeurs exigées, valeurs admises, types."""
    champs = schema["fields"]
    trouvees = [] if all(list(li) == [c["name"] for c in champs] for li in lignes) else ["les colonnes diffèrent"]
    for ligne in lignes:
        for champ in champs:
            valeur, contraintes = ligne[champ["name"]], champ["constraints"]
            vide = valeur == ""
            if (vide and contraintes["required"]) or (not vide and valeur not in contraintes.get("enum", [valeur])):
                trouvees.append(f"{champ['name']} : « {valeur} »")
            if not vide and not re.fullmatch(FORMES[champ["type"]], valeur, flags=re.S):
                trouvees.append(f"{champ['name']} n'est pas {champ['type']} : « {valeur} »")
    return trouvees


@pytest.mark.parametrize("nom", JEUX)
def test_chaque_ligne_suit_le_schema_publie(client: Client, publique: Consultation, nom: str) -> None:
    schema = client.get(f"/schemas/{nom}.json").json()
    assert schema["path"].endswith(f"/schemas/{nom}.json")
    assert schema["licenses"][0]["title"] == "Licence Ouverte 2.0"
    assert all(len(champ["description"]) > 5 for champ in schema["fields"])
    texte = client.get(f"/donnees-ouvertes/{nom}.csv").content.decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    assert lignes
    assert fautes(schema, lignes) == []
    assert len(client.get(f"/donnees-ouvertes/{nom}.json").json()) == len(lignes)
    assert client.get(f"/donnees-ouvertes/{nom}.ods").status_code == 200


def test_le_controle_du_schema_voit_ce_qu_il_cherche(client: Client) -> None:
    schema = client.get("/schemas/avis.json").json()
    faux = {c["name"]: "" for c in schema["fields"]} | {"AVIS_SENS": "OUI", "ECHEANCE": "30/10/2025"}
    assert {f.partition(" ")[0] for f in fautes(schema, [faux])} >= {"CONSULTATION_ID", "AVIS_SENS", "ECHEANCE"}


def test_ni_projet_reserve_ni_preparation_ni_avis_cache_dans_l_archive(
    client: Client, publique: Consultation, settings: Settings
) -> None:
    """Règle 20 : 404 ailleurs, absent ici ; un avis à la clôture dit REPONDU, puis se lit."""
    reserve = fabriques.consultation(slug="reservee", visibilite_projet="instances")
    fabriques.consultation(slug="en-preparation", transmise=False)
    cache = fabriques.consultation(slug="a-la-cloture", visibilite_avis="cloture")
    for de in (reserve, cache):
        fabriques.avis(fabriques.saisine(consultation_=de), sens=Sens.DEFAVORABLE, observations=["CANARI"])
    fabriques.projet_avis(fabriques.saisine(consultation_=publique), texte="CANARI", observations=["CANARI"])
    tout = b"".join(ouvrir(client).values())
    for interdit in (b"reservee", b"en-preparation", b"CANARI"):
        assert interdit not in tout, interdit
    avis = json.loads(ouvrir(client)["avis.json"])
    assert [a["AVIS_SENS"] for a in avis if a["CONSULTATION_ID"] == "a-la-cloture"] == ["REPONDU"]
    client.force_login(fabriques.agent())  # l'archive est publique : un agent n'y lit rien de plus
    assert b"".join(ouvrir(client).values()) == tout
    settings.MAINTENANT = TRANSMISE_LE + timedelta(days=200)
    apres = b"".join(ouvrir(client).values())
    assert b"CANARI" in apres
    assert b"reservee" not in apres


def test_un_jeu_inconnu_n_existe_pas(client: Client) -> None:
    for adresse in ("/donnees-ouvertes/personnes.csv", "/schemas/personnes.json", "/donnees-ouvertes/avis.xml"):
        assert client.get(adresse).status_code == 404

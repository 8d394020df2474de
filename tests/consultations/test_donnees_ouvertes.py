"""Les données ouvertes d'une consultation : mêmes lignes dans chaque format, règle 20, aucune formule (S10)."""

import csv
import io
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from odfdo import Document
from pytest_django import Settings

from consultations.etats import Sens
from consultations.jeux import AVIS, DELIBERATIONS, OBSERVATIONS
from consultations.models import Complement, Consultation
from participation.comptes.models import Utilisateur
from tests import fabriques
from tests.fabriques import TRANSMISE_LE

pytestmark = pytest.mark.django_db
PENDANT = TRANSMISE_LE + timedelta(days=90)
APRES = TRANSMISE_LE + timedelta(days=200)
FICHIERS = (
    "avis.csv", "avis.json", "avis.ods", "observations.csv", "observations.json", "observations.ods",
    "deliberations.csv",
)  # fmt: skip
PIEGES = ("=HYPERLINK(1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "\t=1+1", "+33 3 21 00 00 00", "-5 %", "Deux\nlignes\x0b.")


@pytest.fixture(autouse=True)
def pendant(settings: Settings) -> None:
    """Le délai court : les avis sont reçus, la borne n'est pas passée."""
    settings.MAINTENANT = PENDANT


def lire(client: Client, consultation: Consultation, nom: str) -> Any:
    return client.get(f"/consultations/{consultation.slug}/{nom}")


def lignes(client: Client, consultation: Consultation, nom: str) -> list[dict[str, str]]:
    """Les lignes d'un fichier, chaque case en texte, quel que soit le format."""
    reponse = lire(client, consultation, nom)
    assert reponse.status_code == 200, nom
    if nom.endswith("json"):
        return [{c: str(v) for c, v in ligne.items()} for ligne in json.loads(reponse.content)]
    if nom.endswith("csv"):
        texte = reponse.content.decode("utf-8-sig")
    else:
        texte = Document(io.BytesIO(reponse.content)).body.get_table(0).to_csv()
    return list(csv.DictReader(io.StringIO(texte), delimiter=";" if nom.endswith("csv") else ","))


def avec_un_avis(**champs: Any) -> Consultation:
    """Une consultation, la délibération d'une commune, ses observations."""
    de = fabriques.consultation(**champs)
    fabriques.avis(
        fabriques.saisine(consultation_=de, instance_=fabriques.conseil_municipal()), sens=Sens.DEFAVORABLE,
        date_legale=date(2025, 8, 20), date_seance=date(2025, 8, 20), pour=12, contre=3, abstention=0,
        observations=["Secret : 31 ou 32 projets ?", "Et l'axe 4 ?"],
    )  # fmt: skip
    return de


def test_une_ligne_par_observation_et_les_colonnes_du_contrat(client: Client) -> None:
    de = avec_un_avis()
    lues = json.loads(lire(client, de, "observations.json").content)
    assert [tuple(ligne) for ligne in lues] == [OBSERVATIONS.noms] * 2
    assert OBSERVATIONS.noms == (*AVIS.noms, "SECTION_REF", "TEXTE", "SUITE", "SUITE_MOTIF", "INSTANCES_NB")
    assert [ligne["TEXTE"] for ligne in lues] == ["Secret : 31 ou 32 projets ?", "Et l'axe 4 ?"]
    assert {(ligne["AVIS_SENS"], ligne["SUITE"], ligne["SUITE_MOTIF"]) for ligne in lues} == {("DEFAVORABLE", "", "")}


def test_une_observation_dit_la_partie_qu_elle_vise(client: Client) -> None:
    saisine = fabriques.saisine()
    avis = fabriques.avis(saisine)
    avis.observations.create(ordre=1, nature="question", texte="Là.", section=saisine.version.sections.get(ancre="2"))
    (ligne,) = lignes(client, saisine.consultation, "observations.json")
    assert ligne["SECTION_REF"] == "2"


@pytest.mark.parametrize("jeu", ["avis", "observations"])
def test_les_trois_formats_disent_la_meme_chose(client: Client, jeu: str) -> None:
    de = avec_un_avis()
    attendu = lignes(client, de, f"{jeu}.json")
    assert attendu
    assert lignes(client, de, f"{jeu}.csv") == lignes(client, de, f"{jeu}.ods") == attendu


@pytest.mark.parametrize("nom", ["avis.ods", "observations.ods"])
def test_memes_donnees_memes_octets(client: Client, nom: str, settings: Settings) -> None:
    de = avec_un_avis()
    premier = lire(client, de, nom).content
    settings.MAINTENANT = PENDANT + timedelta(hours=3)
    assert lire(client, de, nom).content == premier


def test_les_deliberations_des_communes_suivent_le_scdl(client: Client, now: datetime) -> None:
    de = avec_un_avis()
    fabriques.avis(fabriques.saisine(consultation_=de))  # un conseil citoyen ne délibère pas
    (avant,) = lignes(client, de, "deliberations.csv")
    assert tuple(avant) == DELIBERATIONS.noms
    assert len(DELIBERATIONS.noms) == 17
    assert (avant["DELIB_DATE"], avant["DELIB_ID"], avant["PREF_DATE"]) == ("2025-08-20", "", "")
    assert [avant[f"VOTE_{n}"] for n in ("REEL", "POUR", "CONTRE", "ABSTENTION")] == ["15", "12", "3", "0"]
    assert avant["COLL_NOM"].startswith("Commune d'essai")
    avis = de.saisines.get(instance__type="CONSEIL_MUNICIPAL").avis.get()
    Complement.objects.create(avis=avis, deliberation="2025-09-12", inscrit_le=now)
    Complement.objects.create(avis=avis, prefecture_le=date(2025, 9, 1), inscrit_le=now)
    (apres,) = lignes(client, de, "deliberations.csv")
    assert (apres["DELIB_ID"], apres["PREF_DATE"]) == ("2025-09-12", "2025-09-01")


@pytest.mark.parametrize("nom", FICHIERS)
def test_un_avis_publie_a_la_cloture_ne_dit_que_repondu(client: Client, nom: str, settings: Settings) -> None:
    """Règle 20, dans chaque format : la ligne dit REPONDU, sans observation ni délibération ; puis tout se lit."""
    de = avec_un_avis(visibilite_avis="cloture")
    sens = [ligne.get("AVIS_SENS") for ligne in lignes(client, de, nom)]
    assert sens == (["REPONDU"] if nom.startswith("avis") else [])
    settings.MAINTENANT = APRES
    assert len(lignes(client, de, nom)) == (2 if nom.startswith("observations") else 1)


@pytest.mark.parametrize("nom", FICHIERS)
def test_un_projet_reserve_ou_en_preparation_n_a_pas_de_donnees(client: Client, nom: str) -> None:
    """404 pour tous, sauf l'instance consultée et l'équipe quand le projet leur est réservé."""
    reserve, preparee = avec_un_avis(visibilite_projet="instances"), fabriques.consultation(transmise=False)
    membre: Utilisateur = fabriques.mandat(reserve.saisines.get().instance).utilisateur
    assert [lire(client, de, nom).status_code for de in (reserve, preparee)] == [404, 404]
    client.force_login(membre)
    assert [lire(client, de, nom).status_code for de in (reserve, preparee)] == [200, 404]


def test_aucun_texte_ne_devient_une_formule_et_les_nombres_restent_lisibles(client: Client) -> None:
    de = fabriques.consultation()
    fabriques.avis(fabriques.saisine(consultation_=de), observations=list(PIEGES))
    mot_pour_mot = [ligne["TEXTE"] for ligne in lignes(client, de, "observations.json")]
    assert mot_pour_mot == list(PIEGES)
    for nom in ("observations.csv", "observations.ods"):
        textes = [ligne["TEXTE"] for ligne in lignes(client, de, nom)]
        assert all(texte.startswith("'") for texte in textes[:4]), nom
        assert textes[4:6] == ["+33 3 21 00 00 00", "-5 %"], nom
    assert b"table:formula" not in lire(client, de, "observations.ods").content

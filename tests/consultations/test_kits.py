"""Les kits : ce que la mairie reprend, ce que le conseil imprime, et le carré qui ne donne aucun droit."""

import io
import zipfile
from datetime import date, timedelta

import pikepdf
import pytest
from django.test import Client
from pytest_django import Settings

from consultations.etats import Sens, Visibilite
from consultations.kit_conseil import en_deux_pages, raccourcir, sans_balises
from consultations.models import Saisine
from consultations.papier import jeton_du_papier, saisine_du_papier
from consultations.permissions import can_lire_avis
from participation.common import pdf
from participation.rapports.models import Section
from participation.territoires.models import Instance
from tests import fabriques
from tests.fabriques import TRANSMISE_LE, UN_JOUR

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
PENDANT = TRANSMISE_LE + 60 * UN_JOUR
CACHE, OUVERT = Visibilite.Avis.A_LA_CLOTURE, Visibilite.Avis.AU_DEPOT


@pytest.fixture(autouse=True)
def pendant(settings: Settings) -> None:
    settings.MAINTENANT = PENDANT
    fabriques.epci(nom="Agglomération d’essai")


def commune_et_conseil(visibilite: str = OUVERT) -> tuple[Saisine, Saisine]:
    """Une commune et le conseil citoyen d'un de ses quartiers, consultés ensemble."""
    quartier = fabriques.quartier()
    de = fabriques.consultation(
        visibilite_avis=visibilite, arrete_le=date(2025, 6, 24), deliberation="2025-71", publie_le=date(2025, 6, 27)
    )
    commune = fabriques.conseil_municipal(nom="Ville d’essai", quartiers=[quartier])
    conseil = fabriques.instance(nom="Conseil des Tilleuls", quartiers=[quartier])
    return (
        fabriques.saisine(consultation_=de, instance_=commune),
        fabriques.saisine(consultation_=de, instance_=conseil),
    )


def adresse(saisine: Saisine, page: str) -> str:
    return f"{saisine.get_absolute_url()}{page}"


def texte_odt(octets: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return archive.read("content.xml").decode().replace("\u00a0", " ")


def entrer(saisine: Saisine) -> Client:
    client = Client()
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    return client


# --- règle 19 ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("qui", "avant"),
    [("sa commune", True), ("une autre commune", False), ("agent", False), ("conseil", True), ("commune finie", False)],
)
def test_la_commune_lit_l_avis_de_ses_conseils_citoyens_des_leur_depot(qui: str, avant: bool) -> None:
    commune, conseil = commune_et_conseil(CACHE)
    fabriques.avis(conseil, recu_le=PENDANT)
    autre = fabriques.saisine(consultation_=conseil.consultation, instance_=fabriques.conseil_municipal())
    personne = {
        "sa commune": lambda: fabriques.mandat(commune.instance, role="SECRETARIAT").utilisateur,
        "une autre commune": lambda: fabriques.mandat(autre.instance).utilisateur,
        "agent": fabriques.agent,
        "conseil": lambda: fabriques.mandat(conseil.instance).utilisateur,
        "commune finie": lambda: fabriques.mandat(commune.instance, au=PENDANT).utilisateur,
    }[qui]()
    assert can_lire_avis(personne, conseil, PENDANT) is avant
    assert can_lire_avis(personne, conseil, conseil.borne) is True


def test_le_conseil_ne_lit_pas_l_avis_cache_de_sa_commune() -> None:
    commune, conseil = commune_et_conseil(CACHE)
    fabriques.avis(commune, recu_le=PENDANT)
    assert not can_lire_avis(fabriques.mandat(conseil.instance).utilisateur, commune, PENDANT)


def test_une_commune_retiree_de_la_consultation_ne_lit_plus_avant_les_autres() -> None:
    commune, conseil = commune_et_conseil(CACHE)
    personne = fabriques.mandat(commune.instance).utilisateur
    Saisine.objects.filter(pk=commune.pk).update(retiree_le=PENDANT)
    assert not can_lire_avis(personne, conseil, PENDANT)


# --- le kit de la mairie ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("visibilite", [OUVERT, CACHE])
def test_le_modele_vise_les_textes_la_deliberation_et_l_avis_du_conseil_de_la_commune(visibilite: str) -> None:
    commune, conseil = commune_et_conseil(visibilite)
    avis = fabriques.avis(
        conseil, sens=Sens.FAVORABLE_RESERVES, texte="Nos réserves.", observations=["Et l’axe 4 ?"], recu_le=PENDANT
    )
    lu = texte_odt(entrer(commune).get(adresse(commune, "kit.odt")).content)
    for dit in (
        "L. 1111-2", "décret n° 2015-1118 du 3 septembre 2015", "n° 2025-71 du mardi 24 juin 2025",
        commune.version.empreinte, f"Conseil des Tilleuls, avis n° {avis.numero}", "favorable avec réserves",
        "Nos réserves.", "Et l’axe 4 ?", "NE SE PRONONCE PAS", "DONNE un avis défavorable", "À COMPLÉTER",
        "Ville d’essai", "jeudi 30 octobre 2025",
    ):  # fmt: skip
        assert dit in lu, dit


def test_l_agent_n_y_lit_pas_un_avis_encore_cache() -> None:
    commune, conseil = commune_et_conseil(CACHE)
    fabriques.avis(conseil, sens=Sens.DEFAVORABLE, texte="SECRET", observations=["SECRET"], recu_le=PENDANT)
    client = Client()
    client.force_login(fabriques.agent())
    for page in ("kit.odt", "kit/"):
        octets = client.get(adresse(commune, page)).content
        lu = texte_odt(octets) if page == "kit.odt" else octets.decode()
        assert "SECRET" not in lu
        assert "avis « défavorable »" not in lu


def test_les_memes_donnees_donnent_les_memes_octets(settings: Settings) -> None:
    commune, conseil = commune_et_conseil()
    client = entrer(commune)
    premier = client.get(adresse(commune, "kit.odt")).content
    settings.MAINTENANT = PENDANT + timedelta(days=2, seconds=3)
    assert client.get(adresse(commune, "kit.odt")).content == premier
    fabriques.avis(conseil, recu_le=PENDANT)
    assert client.get(adresse(commune, "kit.odt")).content != premier


def test_un_silence_est_vise_comme_repute_et_une_attente_a_completer(settings: Settings) -> None:
    commune, conseil = commune_et_conseil()
    client = entrer(commune)
    assert "À COMPLÉTER : Vu l’avis de Conseil des Tilleuls" in texte_odt(
        client.get(adresse(commune, "kit.odt")).content
    )
    settings.MAINTENANT = conseil.borne
    assert "Vu l’avis réputé favorable : Conseil des Tilleuls" in texte_odt(
        client.get(adresse(commune, "kit.odt")).content
    )


def test_la_page_du_kit_mene_a_l_avis_du_conseil() -> None:
    commune, conseil = commune_et_conseil(CACHE)
    avis = fabriques.avis(conseil, recu_le=PENDANT)
    client = entrer(commune)
    assert avis.get_absolute_url() in client.get(adresse(commune, "kit/")).content.decode()
    assert client.get(avis.get_absolute_url()).status_code == 200
    assert "Le kit de la mairie" in client.get(commune.get_absolute_url()).content.decode()


def test_chacun_son_kit() -> None:
    commune, conseil = commune_et_conseil()
    assert entrer(commune).get(adresse(commune, "kit.pdf")).status_code == 404
    assert entrer(conseil).get(adresse(conseil, "kit.odt")).status_code == 404
    assert entrer(commune).get(adresse(conseil, "kit.pdf")).status_code == 404


# --- le kit du conseil ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("longueur", [20, 4000])
def test_le_kit_du_conseil_a_huit_pages_balisees_quel_que_soit_le_rapport(longueur: int) -> None:
    version = fabriques.version(sections=0)
    for n in range(34):
        texte = (
            {"en_clair": "Un mot. " * (longueur // 8)} if n % 2 else {"texte": "| a | b |\nUn mot. " * (longueur // 8)}
        )
        fabriques.section(version, numero=f"{n}", titre=f"Partie {n}, son titre assez long pour deux lignes", **texte)
    de = fabriques.consultation(version=fabriques.version_figee(version_=version))
    saisine = fabriques.saisine(consultation_=de)
    reponse = entrer(saisine).get(adresse(saisine, "kit.pdf"))
    if reponse.status_code == 503:
        pytest.skip("pango manque sur cette machine")
    with pikepdf.open(io.BytesIO(reponse.content)) as lu:
        assert len(lu.pages) == 8
        assert lu.Root.MarkInfo.Marked


def test_un_texte_raccourci_perd_ses_tableaux_et_finit_une_phrase_ou_le_dit() -> None:
    assert sans_balises("# Titre\n| a | b |\n- **Gras** et *penché*") == "Gras et penché"
    assert raccourcir("Une phrase entière. Une autre qui dépasse de beaucoup.", 30) == "Une phrase entière."
    assert raccourcir("Une longue phrase sans aucun point avant la coupe voulue", 30) == "Une longue phrase sans …"
    assert raccourcir("Court.", 30) == "Court."


def test_les_deux_pages_se_partagent_toutes_les_parties_dans_l_ordre() -> None:
    sections = [Section(titre=f"P{n}", texte="mot " * 500, en_clair="Clair." if n == 3 else "") for n in range(40)]
    gauche, droite = en_deux_pages(sections)
    assert [p.section for p in (*gauche, *droite)] == sections
    assert abs(len(gauche) - len(droite)) <= 2
    assert [p.section.titre for p in (*gauche, *droite) if p.is_claire] == ["P3"]


# --- le carré ---------------------------------------------------------------------------------------------------------
def test_le_carre_nomme_l_instance_et_la_version_et_ouvre_la_bonne_saisie_a_l_agent_seul() -> None:
    saisine = fabriques.saisine(instance_=fabriques.instance(nom="Conseil des Tilleuls"))
    fabriques.projet_avis(saisine, texte="BROUILLON SECRET", observations=["BROUILLON SECRET"])
    lien = f"/gestion/papier/{jeton_du_papier(saisine)}/"
    assert saisine_du_papier(jeton_du_papier(saisine)) == saisine
    assert Client().get(lien).status_code == 302
    assert Client().get(lien)["Location"].startswith("/compte/login/")
    assert entrer(saisine).get(lien).status_code == 404
    client = Client()
    client.force_login(fabriques.agent())
    page = client.get(client.get(lien)["Location"]).content.decode()
    assert "Papier reconnu" in page
    assert "Conseil des Tilleuls" in page
    assert "BROUILLON" not in page


@pytest.mark.parametrize("jeton", ["forge", "AAAA.BBBB", "%00", "é"])
def test_un_carre_forge_n_ouvre_rien(jeton: str) -> None:
    client = Client()
    client.force_login(fabriques.agent())
    assert client.get(f"/gestion/papier/{jeton}/").status_code == 404


def test_un_vieux_papier_mene_a_la_fiche_de_l_ancienne_saisine() -> None:
    saisine = fabriques.saisine()
    jeton = jeton_du_papier(saisine)
    Saisine.objects.filter(pk=saisine.pk).update(remplacee_le=PENDANT)
    client = Client()
    client.force_login(fabriques.agent())
    assert client.get(f"/gestion/papier/{jeton}/")["Location"] == saisine.get_absolute_url()


def test_les_deux_noms_de_pango_absent_disent_503(monkeypatch: pytest.MonkeyPatch) -> None:
    saisine = fabriques.saisine(instance_=fabriques.instance(Instance.Type.AUTRE))

    def absent(**_: object) -> None:
        raise pdf.PdfIndisponible("Ce serveur ne sait pas faire de PDF.", attente=3600)

    monkeypatch.setattr(pdf, "rendre", absent)
    reponse = entrer(saisine).get(adresse(saisine, "kit.pdf"))
    assert reponse.status_code == 503
    assert reponse["Retry-After"] == "3600"

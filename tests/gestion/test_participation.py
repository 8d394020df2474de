"""Partir de la consultation de l'an dernier ; voir qui répond et qui se tait, année après année."""

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from consultations.etats import Sens
from consultations.models import Consultation
from consultations.queries_participation import participation
from participation.gestion.modele import JAMAIS_REPRIS, annee_suivante, partir_de
from tests import fabriques
from tests.fabriques import TRANSMISE_LE

pytestmark = pytest.mark.django_db
PENDANT = TRANSMISE_LE + timedelta(days=90)
APRES = TRANSMISE_LE + timedelta(days=200)
CREER = "/gestion/consultations/nouvelle/"


@pytest.fixture(autouse=True)
def pendant(settings: Settings) -> None:
    settings.MAINTENANT = PENDANT


# --- l'an dernier comme modèle
def test_les_instances_le_cadre_et_les_visibilites_se_reprennent_ni_les_dates_ni_le_texte(client: Client) -> None:
    passee = fabriques.consultation(
        titre="Rapport 2024", visibilite_avis="cloture", visibilite_projet="instances", arrete_le=date(2025, 6, 24),
        deliberation="2025-71", qui_decide="Le conseil communautaire, en décembre.",
    )  # fmt: skip
    saisie = fabriques.saisine(consultation_=passee).instance
    retiree = fabriques.saisine(consultation_=passee, retiree_le=PENDANT).instance
    partenaire, nouvelle = (
        fabriques.instance(is_partenaire=True),
        fabriques.instance(nom="Toute neuve", creee_le=PENDANT),
    )
    modele = partir_de(passee)
    assert modele.valeurs["titre"] == "Rapport 2025"
    assert modele.valeurs["instances"] == [str(saisie.pk)]
    assert (modele.valeurs["visibilite_avis"], modele.valeurs["visibilite_projet"]) == ("cloture", "instances")
    assert modele.valeurs["qui_decide"] == "Le conseil communautaire, en décembre."
    assert set(modele.valeurs) & set(JAMAIS_REPRIS) == set()
    assert nouvelle in modele.nouvelles
    assert {retiree, partenaire} & set(modele.nouvelles) == set()
    client.force_login(fabriques.agent())
    page = client.get(CREER, {"modele": passee.slug}).content.decode()
    assert f'value="{saisie.pk}" id="id_instances" checked' in page or f'value="{saisie.pk}" checked' in page
    assert f'value="{nouvelle.pk}" checked' not in page
    assert "Inscrites depuis, et pas cochées : Toute neuve." in page
    assert "2025-71" not in page
    assert f"?modele={passee.slug}" in client.get(CREER).content.decode()


@pytest.mark.parametrize("adresse", ["absente", "\x00", "../.."])
def test_un_modele_inconnu_n_existe_pas(client: Client, adresse: str) -> None:
    client.force_login(fabriques.agent())
    assert client.get(CREER, {"modele": adresse}).status_code == 404


@pytest.mark.une_base
@pytest.mark.parametrize(
    ("titre", "attendu"),
    [
        ("Rapport 2024", "Rapport 2025"),
        ("Rapport", "Rapport"),
        ("2024 et 2025", "2024 et 2025"),
        ("n° 120249", "n° 120249"),
    ],
)
def test_le_titre_prend_l_annee_suivante_s_il_n_en_nomme_qu_une(titre: str, attendu: str) -> None:
    assert annee_suivante(titre) == attendu


# --- qui répond, qui se tait
def trois_annees() -> list[Consultation]:
    """Trois consultations passées, de la plus ancienne à la plus récente."""
    return [
        fabriques.consultation(
            slug=f"annee-{n}", version=fabriques.version_figee(rapport_=fabriques.rapport(annee=2022 + n, titre="R"))
        )
        for n in range(3)
    ]


def test_chaque_instance_se_lit_d_une_annee_a_l_autre() -> None:
    annees = trois_annees()
    muette, reprise, nouvelle = (fabriques.instance(nom=nom) for nom in ("Muette", "Reprise", "Nouvelle"))
    for de in annees:
        fabriques.saisine(consultation_=de, instance_=muette)
    for de in annees[:2]:
        fabriques.saisine(consultation_=de, instance_=reprise)
    fabriques.avis(fabriques.saisine(consultation_=annees[2], instance_=reprise), sens=Sens.FAVORABLE)
    fabriques.saisine(consultation_=annees[2], instance_=nouvelle, remise=False)
    tableau = participation(Consultation.objects.select_related("version__rapport"), APRES)
    assert tableau.consultations == annees
    lignes = {ligne.instance.nom: ligne for ligne in tableau.lignes}
    assert [c.etat for c in lignes["Muette"].cases] == ["REPUTE_FAVORABLE"] * 3
    assert [c.etat for c in lignes["Nouvelle"].cases] == [None, None, "NON_SAISIE"]
    comptes = {nom: (li.reponses, li.demandes, li.silences_de_suite) for nom, li in lignes.items()}
    assert comptes == {"Muette": (0, 3, 3), "Reprise": (1, 3, 0), "Nouvelle": (0, 0, 0)}
    assert [ligne.instance.nom for ligne in tableau.a_joindre] == ["Muette"]


def test_le_public_ne_lit_ni_les_reservees_ni_un_sens_cache_et_le_bureau_lit_tout(client: Client) -> None:
    """Règle 20 : REPONDU jusqu'à la clôture ; un projet réservé n'est qu'au bureau."""
    cachee = fabriques.consultation(visibilite_avis="cloture")
    fabriques.avis(
        fabriques.saisine(consultation_=cachee, instance_=fabriques.instance(nom="Visible")), sens=Sens.DEFAVORABLE
    )
    reservee = fabriques.consultation(visibilite_projet="instances")
    fabriques.saisine(consultation_=reservee, instance_=fabriques.instance(nom="RESERVEE"))
    publique = client.get("/consultations/participation/").content.decode()
    assert "A répondu" in publique
    assert "Visible" in publique
    for cache in ("RESERVEE", "Défavorable"):
        assert cache not in publique
    client.force_login(fabriques.agent())
    assert "RESERVEE" in client.get("/gestion/participation/").content.decode()
    assert "RESERVEE" not in client.get("/consultations/participation/").content.decode()


def test_aucune_consultation_ne_prend_l_adresse_de_cette_page(client: Client) -> None:
    client.force_login(fabriques.agent())
    reponse = client.post(CREER, {"titre": "Participation", "slug": "participation"})
    assert reponse.status_code == 422
    assert "sert déjà au site" in reponse.content.decode()

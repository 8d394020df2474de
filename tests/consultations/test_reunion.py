"""Le mode réunion (règles 15, 16, 20, 21) : une personne tape, le conseil demande, rejoint, compte, propose, dépose."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from consultations.actions.depot import deposer_avis, proposer_depot
from consultations.actions.projet import enregistrer_projet
from consultations.models import Avis, Observation, ProjetAvis, Ralliement, Saisine
from consultations.rules import compte_publiable
from consultations.saisies import SaisieProjet
from participation.common.errors import RefusMetier
from participation.comptes.models import Mandat, Utilisateur
from participation.registre.actions import verifier
from participation.territoires.models import Instance
from tests import fabriques
from tests.fabriques import TRANSMISE_LE
from tests.outillage.documents import mots_serres, texte_du_pdf

pytestmark = pytest.mark.django_db
NOW = TRANSMISE_LE + timedelta(days=10)
REUNION = {
    "reunion_total": "1", "observations_total": "1", "sens": "FAVORABLE_RESERVES", "mode_adoption": "MAIN_LEVEE",
    "habitants_presents": "1", "femmes": "8", "hommes": "6", "moins_25": "3", "pour": "11", "contre": "1",
    "abstention": "2", "date_seance": "2025-07-08", "minoritaire": "Une voisine veut attendre.",
    "redacteur": "Habitante du Mont-Liébaut", "observation-1-texte": "Quel est le bon nombre ?",
    "observation-1-nature": "question",
}  # fmt: skip


@pytest.fixture
def saisine(settings: Settings) -> Saisine:
    """La saisine ouverte d'un conseil citoyen."""
    settings.MAINTENANT = NOW
    fabriques.epci()
    return fabriques.saisine()


@pytest.fixture
def membre(saisine: Saisine) -> Utilisateur:
    """Un mandat en cours de ce conseil."""
    return fabriques.mandat(saisine.instance, role=Mandat.Role.MEMBRE).utilisateur


def adresse(saisine: Saisine, nom: str = "reunion") -> str:
    return reverse(f"consultations:{nom}", args=[saisine.consultation.slug, saisine.pk])


def poster(client: Client, saisine: Saisine, **champs: Any) -> Any:
    v = ProjetAvis.objects.filter(saisine=saisine).values_list("v", flat=True).first() or 0
    return client.post(adresse(saisine), {"v": v, "etape": "reunion"} | REUNION | champs)


def deposer(saisine: Saisine, par: Utilisateur) -> Avis:
    projet = ProjetAvis.objects.get(saisine=saisine)
    return deposer_avis(
        saisine=saisine, cle=uuid4(), projet_v=projet.v, remplace=None, par=par, recu_le=NOW, now=NOW
    )  # fmt: skip


@pytest.mark.parametrize(("compte", "publie"), [(None, ""), (0, "moins de 5"), (4, "moins de 5"), (5, "5"), (12, "12")])
def test_un_compte_sous_cinq_ne_se_publie_pas(compte: int | None, publie: str) -> None:
    assert compte_publiable(compte) == publie


def test_une_demande_s_ajoute_et_la_page_la_relit(saisine: Saisine, membre: Utilisateur, client: Client) -> None:
    client.force_login(membre)
    reponse = poster(client, saisine, suite="ajouter")
    assert reponse.status_code == 303
    assert reponse["Location"] == f"{adresse(saisine)}#demandes"
    page = client.get(adresse(saisine)).content.decode()
    assert "Notre réunion du 8 juillet" in page
    assert "Quel est le bon nombre ?" in page
    assert 'name="observation-2-texte"' in page
    ouverte = client.get(f"{adresse(saisine)}?modifier=1").content.decode()
    assert 'id="observation-1-texte"' in ouverte
    decochee = poster(client, saisine, suite="relire", habitants_presents="", **{"observation-1-texte": "Autre."})
    assert decochee["Location"] == adresse(saisine, "avis_deposer")


def test_la_reunion_deposee_dit_tout_et_ne_nomme_personne(
    saisine: Saisine, membre: Utilisateur, client: Client
) -> None:
    client.force_login(membre)
    poster(client, saisine, suite="relire")
    relecture = client.get(adresse(saisine, "avis_deposer")).content.decode()
    avis = deposer(saisine, membre)
    page = client.get(avis.get_absolute_url()).content.decode()
    for montre in (relecture, page):
        for mot in ("Vote à main levée.", "Collèges présents", "habitants", "Une voisine veut attendre.", "Pour", "11"):
            assert mot in montre.replace("\xa0", " ")
        assert "moins de 25 ans : moins de 5" in montre.replace("\xa0", " ").replace("\u202f", " ")
        assert "Habitante du Mont-Liébaut" not in montre
    assert (avis.femmes, avis.hommes, avis.moins_25) == ("8", "6", "moins de 5")
    assert avis.contenu_canonique()["reunion"]["moins_25"] == "moins de 5"
    assert [str(c) for c in verifier().constats] == []


def test_un_avis_sans_reunion_garde_son_empreinte_d_avant() -> None:
    avis = fabriques.avis()
    assert not {"reunion", "rejointes"} & set(avis.contenu_canonique())


def test_une_commune_vote_en_seance_et_n_a_pas_de_mode_reunion(saisine: Saisine, client: Client) -> None:
    communale = fabriques.saisine(instance_=fabriques.conseil_municipal())
    client.force_login(fabriques.mandat(communale.instance).utilisateur)
    assert client.get(adresse(communale)).status_code == 404
    assert client.get(adresse(communale, "feuille")).status_code == 404


def test_deux_appareils_se_rendent_les_deux_textes_de_la_reunion(
    saisine: Saisine, membre: Utilisateur, client: Client
) -> None:
    client.force_login(membre)
    assert poster(client, saisine).status_code == 303
    perdante = poster(client, saisine, v=0, minoritaire="Un second point de vue.")
    assert perdante.status_code == 409
    page = perdante.content.decode()
    assert "Un second point de vue." in page
    assert "Une voisine veut attendre." in page
    assert ProjetAvis.objects.get(saisine=saisine).minoritaire == "Une voisine veut attendre."


def test_la_feuille_a_signer_porte_le_texte_et_le_redacteur_et_ne_reste_pas_sur_le_serveur(
    saisine: Saisine, membre: Utilisateur, client: Client, settings: Settings
) -> None:
    client.force_login(membre)
    reponse = poster(client, saisine, suite="imprimer")
    assert reponse["Location"] == adresse(saisine, "feuille")
    avant = set((settings.VAR_DIR / "pdf").glob("*.pdf"))
    feuille = client.get(adresse(saisine, "feuille"))
    if feuille.status_code == 503:
        pytest.skip("les bibliothèques des PDF manquent sur cette machine")
    texte = mots_serres(texte_du_pdf(feuille.content))
    assert "Quelestlebonnombre" in texte.replace(" ", "")
    assert "HabitanteduMont-Liébaut" in texte.replace(" ", "")
    assert set((settings.VAR_DIR / "pdf").glob("*.pdf")) == avant


# --- nous demandons la même chose -------------------------------------------------------------------------------------
def autre_demande(saisine: Saisine, **champs: Any) -> Observation:
    """L'observation déposée d'une autre instance de la même consultation."""
    voisine = fabriques.saisine(consultation_=saisine.consultation)
    return fabriques.avis(voisine, observations=["Et l’axe 4 ?"], **champs).observations.get()


def test_un_conseil_rejoint_la_demande_d_un_autre_et_le_compte_se_lit_partout(
    saisine: Saisine, membre: Utilisateur, client: Client
) -> None:
    demande = autre_demande(saisine)
    client.force_login(membre)
    page = client.get(adresse(saisine)).content.decode()
    assert "Et l’axe 4 ?" in page
    poster(client, saisine, rejointes_total="1", rejoindre=str(demande.pk))
    avis = deposer(saisine, membre)
    assert avis.contenu_canonique()["rejointes"] == [str(demande.pk)]
    client.logout()
    assert "Demandé par 2 instances" in client.get(demande.avis.get_absolute_url()).content.decode()
    assert "Nous demandons la même chose que" in client.get(avis.get_absolute_url()).content.decode()
    base = f"/consultations/{saisine.consultation.slug}"
    lignes = {x["TEXTE"]: x["INSTANCES_NB"] for x in client.get(f"{base}/observations.json").json()}
    assert lignes == {"Et l’axe 4 ?": 2, "Quel est le bon nombre ?": 1}
    with ZipFile(BytesIO(client.get(f"{base}/annexe.odt").content)) as odt:
        annexe = odt.read("content.xml").decode()
    assert "Demandé par 2 instances." in annexe
    assert "Point de vue minoritaire" in annexe


def test_un_avis_remplace_ne_compte_plus(saisine: Saisine, membre: Utilisateur) -> None:
    demande = autre_demande(saisine)
    premier = fabriques.avis(saisine)
    Ralliement.objects.create(avis=premier, observation=demande)
    assert Observation.objects.comptees().get(pk=demande.pk).demandee_par == 2
    fabriques.avis(saisine, remplace=premier)
    assert Observation.objects.comptees().get(pk=demande.pk).demandee_par == 1


@pytest.mark.parametrize("ou", ["cachee", "ailleurs", "mienne"])
def test_on_ne_rejoint_que_la_demande_visible_d_une_autre_instance(
    saisine: Saisine, membre: Utilisateur, ou: str
) -> None:
    if ou == "cachee":
        saisine = fabriques.saisine(consultation_=fabriques.consultation(visibilite_avis="cloture"))
        membre = fabriques.mandat(saisine.instance).utilisateur
    demande = autre_demande(saisine if ou != "ailleurs" else fabriques.saisine())
    if ou == "mienne":
        demande = fabriques.avis(saisine, observations=["La nôtre."]).observations.get()
    with pytest.raises(RefusMetier, match="ne se rejoint pas"):
        enregistrer_projet(
            saisine=saisine, saisie=SaisieProjet(rejointes=(demande.pk,)), v=0, par=membre, now=NOW
        )  # fmt: skip


# --- deux personnes pour déposer --------------------------------------------------------------------------------------
def test_deux_personnes_l_une_propose_l_autre_depose(saisine: Saisine, membre: Utilisateur, client: Client) -> None:
    Instance.objects.update(qui_depose=Instance.QuiDepose.DEUX)
    saisine.instance.refresh_from_db()
    autre = fabriques.mandat(saisine.instance).utilisateur
    projet = fabriques.projet_pret(saisine)
    with pytest.raises(RefusMetier, match="deux personnes"):
        deposer(saisine, autre)
    client.force_login(membre)
    assert "Proposer le dépôt" in client.get(adresse(saisine, "avis_deposer")).content.decode()
    proposition = client.post(adresse(saisine, "avis_proposer"), {"projet_v": projet.v})
    assert proposition.status_code == 303
    assert "Vous l’avez proposé" in client.get(adresse(saisine, "avis_deposer")).content.decode()
    with pytest.raises(RefusMetier, match="deux personnes"):
        deposer(saisine, membre)
    enregistrer_projet(saisine=saisine, saisie=SaisieProjet(), v=projet.v, par=autre, now=NOW)  # rien n'a changé
    client.force_login(autre)
    assert "propose ce dépôt" in client.get(adresse(saisine, "avis_deposer")).content.decode()
    assert deposer(saisine, autre).depose_par == autre


def test_la_proposition_tombe_si_le_projet_change_ou_si_le_mandat_finit(saisine: Saisine, membre: Utilisateur) -> None:
    Instance.objects.update(qui_depose=Instance.QuiDepose.DEUX)
    saisine.instance.refresh_from_db()
    autre = fabriques.mandat(saisine.instance).utilisateur
    projet = fabriques.projet_pret(saisine)
    proposer_depot(saisine=saisine, projet_v=projet.v, par=membre, recu_le=NOW)
    change = enregistrer_projet(
        saisine=saisine, saisie=SaisieProjet(texte="Autre chose."), v=projet.v, par=autre, now=NOW
    )  # fmt: skip
    with pytest.raises(RefusMetier, match="deux personnes"):
        deposer(saisine, autre)
    with pytest.raises(RefusMetier, match="a changé"):
        proposer_depot(saisine=saisine, projet_v=projet.v, par=membre, recu_le=NOW)
    proposer_depot(saisine=saisine, projet_v=change.v, par=membre, recu_le=NOW)
    Mandat.objects.filter(utilisateur=membre).update(au=NOW)
    assert deposer(saisine, autre), "seule à avoir un mandat, elle dépose"

"""Le circuit, le contenu légal et le cadre, de la page de l'agent à la page publique (docs/domaine.md §1)."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from consultations.actions.contenu import renseigner_contenu
from consultations.models import Consultation, ContenuLegal
from consultations.saisies import SaisiePoint
from participation.common.errors import RefusMetier
from participation.comptes.models import Groupe
from participation.gestion.actions import preparer_transmission
from tests import fabriques
from tests.fabriques import TRANSMISE_LE

pytestmark = pytest.mark.django_db
BASE = "/gestion/consultations/en-cours/"


@pytest.fixture
def preparee() -> Consultation:
    fabriques.epci()
    return fabriques.consultation(transmise=False, slug="en-cours", version=fabriques.version())


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(fabriques.agent())
    return client


def test_un_agent_inscrit_puis_corrige_une_etape_par_la_page(agent: Client, preparee: Consultation) -> None:
    page = agent.get(f"{BASE}circuit/?etape=ARRETEE").content.decode()
    assert page.count("Cette étape n’est pas inscrite.") == 3
    saisie = {"date": "2025-06-24", "reference": "2025/062", "sous_prefecture_le": "2025-06-27", "publie_le": ""}
    assert agent.post(f"{BASE}circuit/?etape=ARRETEE", saisie).status_code == 303
    double = agent.post(f"{BASE}circuit/?etape=ARRETEE", saisie | {"reference": "2025/063"})
    assert double.status_code == 409
    assert "2025/063" in double.content.decode(), "le texte tapé est rendu"
    page = agent.get(f"{BASE}circuit/?etape=ARRETEE").content.decode()
    remplace = re.search(r'name="remplace" value="([0-9a-f-]{36})"', page)
    assert remplace
    juste = saisie | {"publie_le": "2025-06-27", "remplace": remplace[1]}
    assert agent.post(f"{BASE}circuit/?etape=ARRETEE", juste).status_code == 303
    page = agent.get(f"{BASE}circuit/").content.decode()
    assert "Recours possible jusqu’au mercredi 27 août 2025" in page
    assert preparee.etapes.count() == 2


def test_une_date_a_venir_est_refusee_et_la_saisie_rendue(agent: Client, preparee: Consultation) -> None:
    refus = agent.post(f"{BASE}circuit/?etape=COMMISSION", {"date": "2099-01-01", "avis": "Plutôt favorable"})
    assert refus.status_code == 422
    assert "Plutôt favorable" in refus.content.decode()


def test_ce_qui_manque_se_lit_avant_de_signer_sans_rien_bloquer(agent: Client, preparee: Consultation) -> None:
    preparee.instances.set([fabriques.instance()])
    prepare = preparer_transmission(consultation=preparee, par=fabriques.agent(), now=TRANSMISE_LE)
    for adresse in (f"{BASE}", f"/gestion/a-signer/{prepare.pk}/"):
        page = agent.get(adresse).content.decode()
        assert "Étapes pas inscrites" in page
        assert "Contenu légal du rapport non renseigné." in page
    renseigner_contenu(
        consultation=preparee, points={"DONNEES_PAR_SEXE": SaisiePoint("ABSENT", "", "Pas de chiffres cette année.")},
        par=fabriques.agent(), now=TRANSMISE_LE,
    )  # fmt: skip
    page = agent.get(BASE).content.decode()
    assert "Absents du rapport\u202f: les données par sexe." in page.replace("\u00a0:", "\u202f:")


def test_le_contenu_legal_se_remplit_puis_gele_a_la_transmission(agent: Client, preparee: Consultation) -> None:
    saisie = {
        "ACTIONS-presence": "PRESENT", "ACTIONS-ancre": "2",
        "DONNEES_PAR_SEXE-presence": "ABSENT", "DONNEES_PAR_SEXE-explication": "Pas de chiffres cette année.",
    }  # fmt: skip
    assert agent.post(f"{BASE}contenu/", saisie | {"ACTIONS-ancre": ""}).status_code == 422
    assert not ContenuLegal.objects.exists()
    assert agent.post(f"{BASE}contenu/", saisie).status_code == 303
    assert agent.post(f"{BASE}contenu/", saisie).status_code == 303, "rejouable"
    assert dict(preparee.contenus.values_list("code", "presence")) == {
        "ACTIONS": "PRESENT",
        "DONNEES_PAR_SEXE": "ABSENT",
    }
    preparee.transmise_le, preparee.transmise_par = TRANSMISE_LE, fabriques.signataire()
    preparee.save()
    agent.logout()
    page = agent.get("/consultations/en-cours/").content.decode()
    assert "Pas de chiffres cette année." in page
    assert page.count("Non renseigné") == 4
    for geste in (
        lambda: ContenuLegal.objects.update(presence="ABSENT", explication="Non."),
        lambda: ContenuLegal.objects.all()._raw_delete("default"),
        lambda: ContenuLegal.objects.create(
            consultation=preparee, code="EVOLUTION", presence="ABSENT", explication="Non.", renseigne_le=TRANSMISE_LE
        ),
    ):
        with pytest.raises(IntegrityError, match="transmise"), transaction.atomic():
            geste()
    with pytest.raises(RefusMetier) as refus:
        renseigner_contenu(consultation=preparee, points={}, par=fabriques.agent(), now=TRANSMISE_LE)
    assert refus.value.code == "conflit"


def test_un_point_change_le_texte_relu(preparee: Consultation) -> None:
    """On ne signe que ce qu'on a lu : l'acte préparé avant n'est plus celui qui attend."""
    par = fabriques.agent()
    premier = preparer_transmission(consultation=preparee, par=par, now=TRANSMISE_LE)
    points = {"ACTIONS": SaisiePoint("PRESENT", "1")}
    renseigner_contenu(consultation=preparee, points=points, par=par, now=TRANSMISE_LE)
    assert preparer_transmission(consultation=preparee, par=par, now=TRANSMISE_LE) != premier


@pytest.mark.parametrize("groupes", [(), (Groupe.ADMIN,), (Groupe.SIGNATAIRE,)])
def test_seul_un_agent_remplit_la_liste(preparee: Consultation, groupes: tuple[Groupe, ...]) -> None:
    with pytest.raises(RefusMetier) as refus:
        renseigner_contenu(consultation=preparee, points={}, par=fabriques.utilisateur(*groupes), now=TRANSMISE_LE)
    assert refus.value.code == "interdit"


def test_le_cadre_se_lit_en_premier_et_gele_a_la_transmission(client: Client) -> None:
    fabriques.epci()
    transmise = fabriques.consultation(peut_changer="Le texte.", ne_changera_pas="L'argent.", qui_decide="Le conseil.")
    page = client.get(transmise.get_absolute_url()).content.decode()
    assert page.index("Ce qui peut encore changer") < page.index("Ce qui ne changera pas") < page.index("Qui décide")
    assert page.index("Qui décide, et quand") < page.index('class="frise"')
    with pytest.raises(IntegrityError, match="transmise"), transaction.atomic():
        Consultation.objects.filter(pk=transmise.pk).update(qui_decide="Personne.")

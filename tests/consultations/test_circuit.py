"""Le circuit avant la transmission : chaque étape datée, dans l'ordre, corrigée par une nouvelle ligne (§1)."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from consultations import delais
from consultations.actions.circuit import inscrire_etape
from consultations.etats import EtapeCircuit
from consultations.models import Consultation, Etape
from consultations.saisies import SaisieEtape
from participation.common.dates import PARIS
from participation.common.errors import RefusMetier
from participation.comptes.models import Groupe, Utilisateur
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests import fabriques

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 6, 28, 10, 0, tzinfo=PARIS)
VISEE, COMMISSION, ARRETEE = EtapeCircuit.VISEE, EtapeCircuit.COMMISSION, EtapeCircuit.ARRETEE
DELIBERATION = SaisieEtape(
    date(2025, 6, 24), "2025/062", sous_prefecture_le=date(2025, 6, 26), publie_le=date(2025, 6, 27)
)


@pytest.fixture
def preparee() -> Consultation:
    return fabriques.consultation(transmise=False)


@pytest.fixture
def agent() -> Utilisateur:
    return fabriques.agent()


def refus(consultation: Consultation, etape: str, saisie: SaisieEtape, par: Utilisateur, **autres: object) -> str:
    with pytest.raises(RefusMetier) as lu:
        inscrire_etape(consultation=consultation, etape=etape, saisie=saisie, par=par, now=NOW, **autres)  # type: ignore[arg-type]
    return lu.value.code


def test_le_cas_de_reference_s_inscrit_etape_par_etape_au_registre(preparee: Consultation, agent: Utilisateur) -> None:
    for etape, saisie in (
        (VISEE, SaisieEtape(date(2025, 6, 10))),
        (COMMISSION, SaisieEtape(date(2025, 6, 16), avis="Favorable")),
        (ARRETEE, DELIBERATION),
    ):
        inscrire_etape(consultation=preparee, etape=etape, saisie=saisie, par=agent, now=NOW)
    entrees = Entree.objects.filter(dossier=preparee.pk)
    assert [e.acte for e in entrees] == ["etape_inscrite"] * 3
    arretee = preparee.etapes.get(code=ARRETEE)
    assert arretee.fin_de_recours == date(2025, 8, 27)
    assert (preparee.arrete_le, preparee.deliberation, preparee.publie_le) == (
        date(2025, 6, 24),
        "2025/062",
        date(2025, 6, 27),
    )
    assert agent.nom_usage not in str(arretee.contenu_canonique())
    assert verifier().is_intact


@pytest.mark.parametrize(
    ("recue", "publiee", "attendu"),
    [
        (date(2025, 6, 27), date(2025, 6, 25), date(2025, 8, 27)),
        (date(2025, 6, 25), date(2025, 6, 27), date(2025, 8, 27)),
        (date(2024, 12, 31), date(2024, 12, 31), date(2025, 2, 28)),
        (date(2023, 12, 29), date(2023, 12, 30), date(2024, 2, 29)),
        (None, date(2025, 6, 27), None),
        (date(2025, 6, 27), None, None),
    ],
)
def test_le_recours_finit_deux_mois_apres_la_plus_tardive_des_formalites(
    recue: date | None, publiee: date | None, attendu: date | None
) -> None:
    assert delais.fin_de_recours(recue, publiee) == attendu


def test_une_etape_se_corrige_par_une_nouvelle_ligne_jamais_en_place(
    preparee: Consultation, agent: Utilisateur
) -> None:
    fausse = inscrire_etape(
        consultation=preparee, etape=COMMISSION, saisie=SaisieEtape(date(2025, 6, 15)), par=agent, now=NOW
    )
    juste = SaisieEtape(date(2025, 6, 16), avis="Favorable")
    assert refus(preparee, COMMISSION, juste, agent) == "conflit"
    assert refus(preparee, COMMISSION, juste, agent, remplace=uuid4()) == "conflit"
    corrigee = inscrire_etape(
        consultation=preparee, etape=COMMISSION, saisie=juste, par=agent, now=NOW, remplace=fausse.pk
    )
    assert list(preparee.etapes.en_vigueur()) == [corrigee]
    assert corrigee.remplace == fausse
    assert Etape.objects.get(pk=fausse.pk).date == date(2025, 6, 15)
    encore = inscrire_etape(
        consultation=preparee, etape=COMMISSION, saisie=juste, par=agent, now=NOW, remplace=fausse.pk
    )
    assert encore == corrigee, "un double appui ne crée rien"
    assert Entree.objects.filter(acte="etape_inscrite").count() == 2


@pytest.mark.parametrize(
    ("etape", "saisie"),
    [
        (COMMISSION, SaisieEtape(date(2025, 6, 29))),
        (ARRETEE, SaisieEtape(date(2025, 6, 24), publie_le=date(2025, 6, 29))),
        (ARRETEE, SaisieEtape(date(2025, 6, 24), sous_prefecture_le=date(2025, 6, 23))),
        (ARRETEE, SaisieEtape(date(2025, 6, 15))),
        (VISEE, SaisieEtape(date(2025, 6, 17))),
        ("AMENDEE", SaisieEtape(date(2025, 6, 17))),
    ],
    ids=["à venir", "publiée demain", "reçue avant", "avant la commission", "visée après", "inconnue"],
)
def test_une_date_impossible_est_refusee(
    preparee: Consultation, agent: Utilisateur, etape: str, saisie: SaisieEtape
) -> None:
    inscrire_etape(consultation=preparee, etape=COMMISSION, saisie=SaisieEtape(date(2025, 6, 16)), par=agent, now=NOW)
    assert refus(preparee, etape, saisie, agent, remplace=None) in {"forme"}
    assert preparee.etapes.count() == 1


def test_une_etape_oubliee_s_inscrit_encore_si_sa_date_convient(preparee: Consultation, agent: Utilisateur) -> None:
    inscrire_etape(consultation=preparee, etape=ARRETEE, saisie=DELIBERATION, par=agent, now=NOW)
    inscrire_etape(consultation=preparee, etape=VISEE, saisie=SaisieEtape(date(2025, 6, 12)), par=agent, now=NOW)
    assert preparee.etapes.en_vigueur().count() == 2


def test_apres_la_transmission_le_circuit_est_ferme_par_l_action_et_par_la_base(agent: Utilisateur) -> None:
    transmise = fabriques.consultation()
    assert refus(transmise, ARRETEE, DELIBERATION, agent) == "conflit"
    with pytest.raises(IntegrityError, match="transmise"), transaction.atomic():
        Etape.objects.create(consultation=transmise, code=ARRETEE, date=date(2025, 6, 24), inscrite_le=NOW)


@pytest.mark.parametrize("qui", ["mandat", "admin", "signataire", "habitante"])
def test_seul_un_agent_inscrit_une_etape(preparee: Consultation, qui: str) -> None:
    par = {
        "mandat": fabriques.mandat().utilisateur,
        "admin": fabriques.utilisateur(Groupe.ADMIN, is_staff=True, is_superuser=True),
        "signataire": fabriques.utilisateur(Groupe.SIGNATAIRE),
        "habitante": fabriques.utilisateur(),
    }[qui]
    assert refus(preparee, ARRETEE, DELIBERATION, par) == "interdit"
    assert not Etape.objects.exists()


def test_une_etape_inscrite_ne_change_pas_et_ne_s_efface_pas(preparee: Consultation, agent: Utilisateur) -> None:
    etape = inscrire_etape(consultation=preparee, etape=ARRETEE, saisie=DELIBERATION, par=agent, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Etape.objects.filter(pk=etape.pk).update(date=etape.date - timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Etape.objects.filter(pk=etape.pk)._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        Etape.objects.create(consultation=preparee, code=ARRETEE, date=etape.date, inscrite_le=NOW)
    agent.delete()
    etape.refresh_from_db()
    assert etape.par is None

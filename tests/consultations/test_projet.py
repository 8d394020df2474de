"""Le projet d'avis : plusieurs mains, une version à la fois, lu des seuls mandats (règles 10, 21)."""

from datetime import date, datetime

import pytest

from consultations.actions.projet import OBSERVATIONS_MAX, TEXTE_MAX, enregistrer_projet
from consultations.etats import Sens
from consultations.models import ProjetAvis, Saisine
from consultations.permissions import can_lire_projet
from consultations.saisies import SaisieObservation, SaisieProjet, SaisieSeance
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from tests import fabriques

pytestmark = pytest.mark.django_db


@pytest.fixture
def saisine() -> Saisine:
    return fabriques.saisine(projet=False)


@pytest.fixture
def membre(saisine: Saisine) -> Utilisateur:
    return fabriques.mandat(instance_=saisine.instance).utilisateur


def enregistrer(saisine: Saisine, par: Utilisateur, now: datetime, v: int = 0, **saisie: object) -> ProjetAvis:
    return enregistrer_projet(saisine=saisine, saisie=SaisieProjet(**saisie), v=v, par=par, now=now)  # type: ignore[arg-type]


def test_chaque_etape_ne_change_que_ce_qu_elle_porte(saisine: Saisine, membre: Utilisateur, now: datetime) -> None:
    enregistrer(saisine, membre, now, sens=Sens.FAVORABLE, texte="Bien.")
    projet = enregistrer(saisine, membre, now, v=1, seance=SaisieSeance(date(2025, 9, 9), 10, 0, 1))
    assert (projet.v, projet.sens, projet.texte, projet.pour) == (2, Sens.FAVORABLE, "Bien.", 10)


def test_deux_mains_la_seconde_recoit_le_texte_de_la_premiere(
    saisine: Saisine, membre: Utilisateur, now: datetime
) -> None:
    enregistrer(saisine, membre, now, texte="Le texte de la première main.")
    with pytest.raises(RefusMetier) as refus:
        enregistrer(saisine, membre, now, v=0, texte="Le texte de la seconde.")
    assert refus.value.statut == 409
    assert refus.value.donnees["actuel"].texte == "Le texte de la première main."
    assert ProjetAvis.objects.get().texte == "Le texte de la première main."


def test_les_observations_gardent_leur_ordre_et_leur_partie(
    saisine: Saisine, membre: Utilisateur, now: datetime
) -> None:
    partie = saisine.version.sections.first()
    observations = (
        SaisieObservation(partie.ancre, "question", "Pourquoi ?"),
        SaisieObservation("", "ajout", "Et l'école."),
    )
    projet = enregistrer(saisine, membre, now, observations=observations)
    assert [(o.section, o.texte) for o in projet.observations.all()] == [(partie, "Pourquoi ?"), (None, "Et l'école.")]
    vide = enregistrer(saisine, membre, now, v=1, observations=())
    assert not vide.observations.exists()


@pytest.mark.parametrize(
    "saisie",
    [
        {"sens": "REPUTE_FAVORABLE"},
        {"sens": "PEUT_ETRE"},
        {"texte": "x" * (TEXTE_MAX + 1)},
        {"observations": (SaisieObservation("absente", "question", "?"),)},
        {"observations": (SaisieObservation("", "plainte", "?"),)},
        {"observations": (SaisieObservation("", "question", "  "),)},
        {"observations": (SaisieObservation("", "question", "?"),) * (OBSERVATIONS_MAX + 1)},
    ],
)
def test_une_valeur_hors_bornes_est_refusee_et_rien_ne_change(
    saisine: Saisine, membre: Utilisateur, now: datetime, saisie: dict[str, object]
) -> None:
    with pytest.raises(RefusMetier) as refus:
        enregistrer(saisine, membre, now, **saisie)
    assert refus.value.statut == 422
    assert not ProjetAvis.objects.exclude(v=0).exists()


def test_ni_agent_ni_administrateur_ni_autre_instance_ne_lit_le_projet(saisine: Saisine, now: datetime) -> None:
    autre = fabriques.mandat().utilisateur
    admin = fabriques.utilisateur(is_superuser=True, is_staff=True)
    for personne in (fabriques.agent(), fabriques.signataire(), admin, autre):
        assert not can_lire_projet(personne, saisine, now)
        with pytest.raises(RefusMetier) as refus:
            enregistrer(saisine, personne, now, texte="Intrusion")
        assert refus.value.statut == 404


def test_la_fin_du_mandat_coupe_le_droit_aussitot(saisine: Saisine, now: datetime) -> None:
    mandat = fabriques.mandat(instance_=saisine.instance, au=now)
    assert not can_lire_projet(mandat.utilisateur, saisine, now)

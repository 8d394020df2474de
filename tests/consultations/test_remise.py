"""La remise se prouve ; sinon le silence ne vaut rien (règle 6)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from consultations.actions.remise import accuser_reception, constater_remises, inscrire_remise
from consultations.models import PreuveRemise, Saisine
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.notifications.models import Envoi
from participation.registre.models import Entree
from tests import fabriques

pytestmark = pytest.mark.django_db
HEURE = timedelta(hours=1)


@pytest.fixture
def saisine() -> Saisine:
    return fabriques.saisine(remise=False)


def envoi(saisine: Saisine, etat: str, le: datetime | None) -> Envoi:
    return Envoi.objects.create(
        adresse=f"{etat}@essai.invalid",
        evenement="saisine",
        occurrence=str(saisine.pk),
        sujet="Votre avis est attendu",
        texte="…",
        objet="consultations.Saisine",
        objet_id=saisine.pk,
        etat=etat,
        envoye_le=le,
        cree_le=saisine.transmise_le,
        a_envoyer_le=saisine.transmise_le,
    )


def test_un_courriel_accepte_prouve_la_remise_a_sa_date_une_seule_fois(saisine: Saisine, now: datetime) -> None:
    accepte_le = saisine.transmise_le + HEURE
    envoi(saisine, Envoi.Etat.ENVOYE, accepte_le)
    assert constater_remises(now=now) == 1
    assert constater_remises(now=now) == 0
    preuve = PreuveRemise.objects.get()
    assert (preuve.moyen, preuve.remis_le) == (PreuveRemise.Moyen.COURRIEL, accepte_le)
    assert Entree.objects.get(acte="remise_prouvee").instant == accepte_le


@pytest.mark.parametrize("etat", [Envoi.Etat.A_ENVOYER, Envoi.Etat.PRIS, Envoi.Etat.ECHEC])
def test_un_courriel_en_file_ou_en_echec_ne_prouve_rien(saisine: Saisine, now: datetime, etat: str) -> None:
    envoi(saisine, etat, None)
    assert constater_remises(now=now) == 0


def test_la_connexion_d_un_mandat_prouve_la_remise(saisine: Saisine, now: datetime) -> None:
    fabriques.mandat(instance_=saisine.instance, par=fabriques.utilisateur(last_login=now - HEURE))
    assert constater_remises(now=now) == 1
    assert PreuveRemise.objects.get().remis_le == now - HEURE


@pytest.mark.parametrize("ecart", [-HEURE, timedelta(days=3650)])
def test_une_connexion_d_avant_la_transmission_ou_a_venir_ne_prouve_rien(
    saisine: Saisine, now: datetime, ecart: timedelta
) -> None:
    fabriques.mandat(instance_=saisine.instance, par=fabriques.utilisateur(last_login=saisine.transmise_le + ecart))
    assert constater_remises(now=now) == 0


def test_j_ai_bien_recu_ne_s_inscrit_qu_une_fois_et_demande_un_mandat(saisine: Saisine, now: datetime) -> None:
    membre = fabriques.mandat(instance_=saisine.instance).utilisateur
    assert accuser_reception(saisine=saisine, par=membre, now=now) == accuser_reception(
        saisine=saisine, par=membre, now=now + HEURE
    )
    assert PreuveRemise.objects.get().remis_le == now
    with pytest.raises(RefusMetier) as refus:
        accuser_reception(saisine=saisine, par=fabriques.agent(), now=now)
    assert refus.value.statut == 403


def saisir(saisine: Saisine, par: Utilisateur, now: datetime, **autres: Any) -> PreuveRemise:
    voulu = {"moyen": "RECEPISSE", "remis_le": now - HEURE, "note": "Récépissé gardé à l'accueil.", "piece": None}
    return inscrire_remise(saisine=saisine, par=par, now=now, **voulu | autres)


def test_un_agent_saisit_un_recepisse(saisine: Saisine, now: datetime) -> None:
    assert saisir(saisine, fabriques.agent(), now).remis_le == now - HEURE


@pytest.mark.parametrize(
    "autres",
    [
        {"moyen": "COURRIEL"},
        {"note": ""},
        {"remis_le": datetime.fromisoformat("2025-06-01T10:00+02:00")},
        {"remis_le": datetime.fromisoformat("2099-06-01T10:00+02:00")},
    ],
)
def test_un_recepisse_impossible_est_refuse(saisine: Saisine, now: datetime, autres: dict[str, Any]) -> None:
    with pytest.raises(RefusMetier) as refus:
        saisir(saisine, fabriques.agent(), now, **autres)
    assert refus.value.statut == 422
    assert not PreuveRemise.objects.exists()


def test_un_membre_ne_saisit_pas_de_recepisse(saisine: Saisine, now: datetime) -> None:
    membre = fabriques.mandat(instance_=saisine.instance).utilisateur
    with pytest.raises(RefusMetier) as refus:
        saisir(saisine, membre, now)
    assert refus.value.statut == 403

"""Transmettre fige, saisit et fait courir le délai ; seule une personne signataire le peut (règles 1, 2, 7, 8, 22)."""

from datetime import date, datetime

import pytest

from consultations import delais
from consultations.actions.preparation import creer_consultation
from consultations.actions.transmission import transmettre
from consultations.etats import Fondement
from consultations.models import Consultation, Saisine
from consultations.saisies import SaisieConsultation
from participation.common.dates import PARIS
from participation.common.errors import RefusMetier
from participation.notifications.models import Envoi
from participation.registre.models import Entree
from participation.territoires.models import Instance, Quartier
from tests import fabriques

pytestmark = pytest.mark.django_db
LE_30_JUIN = datetime(2025, 6, 30, 10, 0, tzinfo=PARIS)


def preparer(
    *instances: Instance, echeance: date | None = date(2025, 10, 30), le: datetime = LE_30_JUIN
) -> Consultation:
    saisie = SaisieConsultation(titre="Rapport 2024", slug="rapport-2024", echeance=echeance)
    return creer_consultation(
        saisie=saisie, version=fabriques.version(), instances=instances, par=fabriques.agent(), now=le
    )


def test_la_transmission_fige_saisit_inscrit_et_previent() -> None:
    instance = fabriques.instance(courriel="conseil@essai.invalid")
    membre = fabriques.mandat(instance_=instance, par=fabriques.utilisateur(email="p@essai.invalid")).utilisateur
    consultation = preparer(instance)
    saisines = transmettre(consultation=consultation, par=fabriques.signataire(), now=LE_30_JUIN)
    consultation.refresh_from_db()
    assert consultation.version.is_figee
    assert [(s.echeance, s.borne) for s in saisines] == [(date(2025, 10, 30), delais.borne(date(2025, 10, 30)))]
    assert set(Envoi.objects.values_list("adresse", flat=True)) == {"conseil@essai.invalid", membre.email}
    assert Entree.objects.filter(acte="saisine_transmise").count() == 1


def test_un_agent_ne_transmet_pas() -> None:
    consultation = preparer(fabriques.instance())
    with pytest.raises(RefusMetier) as refus:
        transmettre(consultation=consultation, par=fabriques.agent(), now=LE_30_JUIN)
    assert refus.value.statut == 403
    assert not Saisine.objects.exists()


def test_on_ne_transmet_qu_une_fois() -> None:
    consultation, signataire = preparer(fabriques.instance()), fabriques.signataire()
    transmettre(consultation=consultation, par=signataire, now=LE_30_JUIN)
    with pytest.raises(RefusMetier) as refus:
        transmettre(consultation=consultation, par=signataire, now=LE_30_JUIN)
    assert refus.value.statut == 409
    assert Saisine.objects.count() == 1


def test_sous_le_plancher_la_premiere_date_possible_est_dite() -> None:
    le_1er_octobre = datetime(2025, 10, 1, 9, 0, tzinfo=PARIS)
    with pytest.raises(RefusMetier, match="samedi 1er novembre 2025") as refus:
        preparer(fabriques.instance(), echeance=date(2025, 10, 31), le=le_1er_octobre)
    assert refus.value.statut == 422


def test_une_echeance_devenue_trop_courte_est_refusee_a_la_signature() -> None:
    consultation = preparer(fabriques.instance(), echeance=date(2025, 7, 30))
    with pytest.raises(RefusMetier, match="vendredi 1er août 2025"):
        transmettre(consultation=consultation, par=fabriques.signataire(), now=datetime(2025, 7, 1, 0, 0, tzinfo=PARIS))


def test_sans_echeance_la_consultation_prend_le_plancher() -> None:
    assert preparer(fabriques.instance(), echeance=None).echeance == date(2025, 7, 30)


def test_le_fondement_suit_les_quartiers_et_une_instance_non_installee_est_sans_objet() -> None:
    qpv, qic = fabriques.quartier(), fabriques.quartier(type=Quartier.Type.QIC)
    conseil, rural = fabriques.instance(), fabriques.instance()
    conseil.quartiers.set([qpv])
    rural.quartiers.set([qic])
    mairie = fabriques.conseil_municipal(commune=qpv.communes.get())
    absente = fabriques.instance(is_installee=False)
    partenaire = fabriques.instance(is_partenaire=True)
    consultation = preparer(conseil, rural, mairie, absente, partenaire)
    transmettre(consultation=consultation, par=fabriques.signataire(), now=LE_30_JUIN)
    fondements = dict(Saisine.objects.values_list("instance", "fondement"))
    assert fondements[conseil.pk] == fondements[mairie.pk] == Fondement.DECRET
    assert fondements[rural.pk] == Fondement.DELIBERATION
    assert fondements[partenaire.pk] == Fondement.PARTENAIRE
    assert Saisine.objects.get(instance=absente).is_sans_objet

"""Les actes préparés par un agent, signés par une personne signataire (règles 3 bis, 8, 9, 22)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from consultations import delais
from consultations.actions.actes import abandonner_acte, preparer_acte, signer_acte
from consultations.actions.proces_verbal import rappeler_proces_verbal
from consultations.etats import Etat, TypeActe
from consultations.models import Acte, ActePrepare, Avis, Consultation, Saisine
from consultations.queries import etats
from participation.common.dates import PARIS
from participation.common.errors import RefusMetier
from participation.notifications.models import Envoi
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests import fabriques, fabriques_actes

pytestmark = pytest.mark.django_db
MOTIF = "Le conseil municipal se réunit en novembre."


@pytest.fixture
def saisine() -> Saisine:
    return fabriques.saisine(instance_=fabriques.instance(courriel="conseil@essai.invalid"))


def preparer(de: Consultation, type: str, now: datetime, **autres: Any) -> ActePrepare:
    voulu: dict[str, Any] = {"parametres": {}, "motif": MOTIF, "fondement": "Délibération du 24 juin 2025"} | autres
    return preparer_acte(consultation=de, type=type, par=fabriques.agent(), now=now, **voulu)


def signer(de: Consultation, type: str, now: datetime, **autres: Any) -> Acte:
    return signer_acte(prepare=preparer(de, type, now, **autres), par=fabriques.signataire(), now=now)


def test_un_agent_prepare_et_ne_signe_pas(saisine: Saisine, now: datetime) -> None:
    prepare = preparer(saisine.consultation, TypeActe.REPORT, now, parametres={"echeance": "2025-12-15"})
    with pytest.raises(RefusMetier) as refus:
        signer_acte(prepare=prepare, par=fabriques.agent(), now=now)
    assert refus.value.statut == 403
    saisine.refresh_from_db()
    assert saisine.echeance == date(2025, 10, 30)


def test_un_report_repousse_la_borne_previent_et_s_inscrit_sans_toucher_la_saisine_scellee(
    saisine: Saisine, now: datetime
) -> None:
    acte = signer(saisine.consultation, TypeActe.REPORT, now, parametres={"echeance": "2025-12-15"})
    saisine.refresh_from_db()
    assert (saisine.echeance, saisine.borne) == (date(2025, 12, 15), delais.borne(date(2025, 12, 15)))
    assert saisine.echeance_initiale == date(2025, 10, 30)
    assert (acte.n, acte.effets["saisines"]) == (1, [str(saisine.pk)])
    assert Envoi.objects.filter(evenement="report", adresse="conseil@essai.invalid").count() == 1
    assert Entree.objects.filter(acte="acte_signe").count() == 1
    assert verifier().is_intact


@pytest.mark.parametrize("echeance", ["2025-10-30", "2025-10-29"])
def test_un_report_ne_raccourcit_jamais(saisine: Saisine, now: datetime, echeance: str) -> None:
    with pytest.raises(RefusMetier, match="plus de temps") as refus:
        signer(saisine.consultation, TypeActe.REPORT, now, parametres={"echeance": echeance})
    assert refus.value.statut == 422
    assert not Acte.objects.exists()


def test_apres_l_expiration_plus_de_report(saisine: Saisine) -> None:
    with pytest.raises(RefusMetier) as refus:
        signer(saisine.consultation, TypeActe.REPORT, saisine.borne, parametres={"echeance": "2025-12-15"})
    assert refus.value.statut == 409


def test_un_report_cite_la_decision_qui_l_autorise(saisine: Saisine, now: datetime) -> None:
    with pytest.raises(RefusMetier, match="délibération"):
        preparer(saisine.consultation, TypeActe.REPORT, now, fondement=" ")


def test_un_report_pour_une_seule_instance_laisse_les_autres(now: datetime) -> None:
    de = fabriques.consultation()
    une, autre = fabriques.saisine(consultation_=de), fabriques.saisine(consultation_=de)
    signer(de, TypeActe.REPORT, now, parametres={"echeance": "2025-12-15", "saisines": [str(une.pk)]})
    une.refresh_from_db()
    autre.refresh_from_db()
    assert (une.echeance, autre.echeance) == (date(2025, 12, 15), date(2025, 10, 30))


def test_un_acte_se_signe_une_fois_et_ne_change_plus(saisine: Saisine, now: datetime) -> None:
    prepare = preparer(saisine.consultation, TypeActe.REPORT, now, parametres={"echeance": "2025-12-15"})
    acte = signer_acte(prepare=prepare, par=fabriques.signataire(), now=now)
    with pytest.raises(RefusMetier) as refus:
        signer_acte(prepare=prepare, par=fabriques.signataire(), now=now)
    assert refus.value.statut == 409
    with pytest.raises(DatabaseError), transaction.atomic():
        Acte.objects.filter(pk=acte.pk).update(motif="Autre")


def test_un_acte_abandonne_ne_se_signe_plus(saisine: Saisine, now: datetime) -> None:
    prepare = preparer(saisine.consultation, TypeActe.REPORT, now, parametres={"echeance": "2025-12-15"})
    abandonner_acte(prepare=prepare, par=fabriques.agent(), now=now)
    with pytest.raises(RefusMetier) as refus:
        signer_acte(prepare=prepare, par=fabriques.signataire(), now=now)
    assert refus.value.statut == 409


def test_un_rectificatif_laisse_l_empreinte_et_previent_chacun_une_fois(saisine: Saisine, now: datetime) -> None:
    version = saisine.consultation.version
    acte = signer(
        saisine.consultation, TypeActe.RECTIFICATIF, now, parametres={"texte": "Lire « aménagement ».", "section": ""}
    )
    empreinte = version.empreinte
    version.refresh_from_db()
    assert version.empreinte == empreinte == acte.effets["empreinte"]
    assert Envoi.objects.filter(evenement="rectificatif").count() == 1


def test_apres_un_retrait_puis_une_annulation_un_rectificatif_ne_previent_que_qui_est_encore_saisi(
    saisine: Saisine, now: datetime
) -> None:
    autre = fabriques.saisine(
        consultation_=saisine.consultation, instance_=fabriques.instance(courriel="autre@exemple.invalid")
    )
    type(saisine.instance).objects.filter(pk=saisine.instance_id).update(courriel="saisie@exemple.invalid")
    for retiree in (autre, saisine):
        prepare = fabriques_actes.acte_prepare(
            saisine.consultation, TypeActe.RETRAIT, parametres={"saisines": [str(retiree.pk)]}
        )
        signer_acte(prepare=prepare, par=fabriques.signataire(), now=now)
        rectificatif = fabriques_actes.acte_prepare(saisine.consultation)
        if retiree == autre:
            signer_acte(prepare=rectificatif, par=fabriques.signataire(), now=now)
            assert set(Envoi.objects.filter(evenement="rectificatif").values_list("objet_id", flat=True)) == {
                saisine.pk
            }
            continue
        with pytest.raises(RefusMetier, match="Plus aucune instance") as refus:
            signer_acte(prepare=rectificatif, par=fabriques.signataire(), now=now)
        assert refus.value.code == "conflit"


def test_une_instance_retiree_ne_doit_plus_rien_et_son_silence_ne_vaut_rien(saisine: Saisine, now: datetime) -> None:
    signer(saisine.consultation, TypeActe.RETRAIT, now, parametres={"saisines": [str(saisine.pk)]})
    apres = etats(Saisine.objects.all(), saisine.borne).get()
    assert apres.etat == Etat.SANS_OBJET
    with pytest.raises(RefusMetier) as refus:
        signer(saisine.consultation, TypeActe.ANNULATION, saisine.borne)
    assert refus.value.statut == 422  # plus aucune instance n'est concernée


def test_le_proces_verbal_attend_la_derniere_echeance_puis_previent(saisine: Saisine) -> None:
    with pytest.raises(RefusMetier, match="encore répondre"):
        signer(saisine.consultation, TypeActe.PROCES_VERBAL, saisine.borne - timedelta(microseconds=1))
    assert not Envoi.objects.filter(evenement="cloture").exists()
    acte = signer(saisine.consultation, TypeActe.PROCES_VERBAL, saisine.borne)
    assert acte.effets == {"etats": {"REPUTE_FAVORABLE": 1}}
    assert Avis.objects.get().is_silence
    (envoi,) = Envoi.objects.filter(evenement="cloture")
    assert "Réputé favorable" in envoi.texte
    with pytest.raises(RefusMetier):
        signer(saisine.consultation, TypeActe.PROCES_VERBAL, saisine.borne)


def test_cinq_jours_ouvres_apres_l_echeance_les_signataires_sont_rappeles_une_fois(saisine: Saisine) -> None:
    fabriques.signataire(email="s@essai.invalid")
    avant, le_jour = datetime(2025, 11, 5, 23, tzinfo=PARIS), datetime(2025, 11, 6, 0, 1, tzinfo=PARIS)
    assert rappeler_proces_verbal(now=avant) == 0
    rappels = Envoi.objects.filter(evenement="rappel_proces_verbal", adresse="s@essai.invalid")
    rappeler_proces_verbal(now=le_jour)
    rappeler_proces_verbal(now=le_jour + timedelta(days=1))
    assert rappels.count() == 1
    assert saisine.consultation.actes.count() == 0

"""Deux gestes au même instant, sur une vraie base et par de vrais fils : un seul gagne, l'autre sait pourquoi."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from consultations.actions.correction import corriger_consultation
from consultations.actions.depot import deposer_avis
from consultations.actions.preparation import creer_consultation
from consultations.actions.transmission import transmettre
from consultations.empreintes import marque_de
from consultations.models import Avis, Consultation
from consultations.saisies import SaisieConsultation
from participation.common.errors import RefusMetier
from tests import fabriques
from tests.fabriques import TRANSMISE_LE, UN_JOUR

en_vrai = pytest.mark.django_db(transaction=True)
TOURS = 8


def ensemble(*gestes: Callable[[], object]) -> list[object]:
    """Ce que rend chaque geste, ou son refus ; tous partent au même signal."""
    depart = Barrier(len(gestes))

    def faire(geste: Callable[[], object]) -> object:
        try:
            depart.wait()
            return geste()
        except RefusMetier as refus:
            return refus
        finally:
            connection.close()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(faire, gestes))


@en_vrai
def test_un_double_appui_depose_une_fois_et_repond_deux_fois_oui() -> None:
    saisine = fabriques.saisine()
    par = fabriques.mandat(saisine.instance).utilisateur
    projet = saisine.projet
    type(projet).objects.filter(pk=projet.pk).update(sens="FAVORABLE", v=1)
    now, dernier = TRANSMISE_LE + UN_JOUR, None
    for tour in range(1, TOURS + 1):

        def deposer(cle: UUID, remplace: UUID | None = dernier) -> Avis:
            return deposer_avis(
                saisine=saisine, cle=cle, projet_v=1, remplace=remplace, par=par, recu_le=now, now=now
            )  # fmt: skip

        cle = uuid4()
        rendus = ensemble(*[partial(deposer, cle)] * 3)
        assert len({a.pk for a in rendus if isinstance(a, Avis)}) == 1, rendus
        assert all(isinstance(a, Avis) for a in rendus), rendus
        assert saisine.avis.count() == tour
        dernier = Avis.objects.get(cle=cle).pk


@en_vrai
def test_deux_membres_deposent_ensemble_cinquante_fois_un_seul_avis_et_l_autre_a_son_texte(settings: Settings) -> None:
    """Must show 1 : les deux requêtes partent au même signal ; la page du perdant porte le projet et l'avis gagnant."""
    settings.MAINTENANT = TRANSMISE_LE + 20 * UN_JOUR
    fabriques.epci()
    consultation = fabriques.consultation()
    instance = fabriques.instance()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(fabriques.mandat(instance).utilisateur)
    saisine = fabriques.saisine(consultation_=consultation, instance_=instance)
    fabriques.projet_pret(saisine, texte="Le texte du conseil.")
    adresse, remplace = f"/consultations/{consultation.slug}/saisines/{saisine.pk}/avis/", ""
    for tour in range(1, 51):
        corps = {"projet_v": "1", "remplace": remplace, "au_nom_de": "1"}
        gestes = [partial(client.post, adresse, corps | {"cle": str(uuid4())}) for client in clients]
        rendus: list[Any] = ensemble(*gestes)
        assert sorted(r.status_code for r in rendus) == [303, 409], tour
        perdant = next(r for r in rendus if r.status_code == 409).content.decode()
        assert perdant.count("Le texte du conseil.") == 2, "le projet, et l'avis en vigueur"
        assert saisine.avis.count() == tour
        assert saisine.avis.filter(remplacant__isnull=True).count() == 1
        remplace = str(saisine.avis.get(remplacant__isnull=True).pk)


@en_vrai
def test_deux_consultations_a_la_meme_adresse_une_seule_nait() -> None:
    agent, instance, version = fabriques.agent(), fabriques.instance(), fabriques.version_figee()
    for tour in range(TOURS):
        saisie = SaisieConsultation(titre="Course", slug=f"course-{tour}")

        def creer(saisie: SaisieConsultation = saisie) -> Consultation:
            return creer_consultation(saisie=saisie, version=version, instances=[instance], par=agent, now=TRANSMISE_LE)

        rendus = ensemble(creer, creer, creer)
        assert sum(isinstance(r, Consultation) for r in rendus) == 1
        assert {r.code for r in rendus if isinstance(r, RefusMetier)} == {"forme"}


@pytest.mark.django_db
def test_on_ne_signe_que_ce_qu_on_a_relu() -> None:
    instances = [fabriques.instance(), fabriques.instance()]
    preparee = fabriques.consultation(transmise=False, instances=instances, version=fabriques.version())
    agent, signataire = fabriques.agent(), fabriques.signataire()
    relu = marque_de(preparee)
    saisie = SaisieConsultation(titre=preparee.titre, slug=preparee.slug, echeance=preparee.echeance)
    corriger_consultation(
        consultation=preparee, saisie=saisie, version=preparee.version, instances=instances[:1], par=agent,
        now=TRANSMISE_LE,
    )  # fmt: skip
    with pytest.raises(RefusMetier, match="a changé depuis votre relecture"):
        transmettre(consultation=preparee, par=signataire, now=TRANSMISE_LE, vu=relu)
    preparee.refresh_from_db()
    assert preparee.transmise_le is None
    assert len(transmettre(consultation=preparee, par=signataire, now=TRANSMISE_LE, vu=marque_de(preparee))) == 1


@pytest.mark.django_db
def test_un_texte_corrige_apres_la_relecture_n_est_pas_signe() -> None:
    preparee = fabriques.consultation(transmise=False, instances=[fabriques.instance()], version=fabriques.version())
    relu = marque_de(preparee)
    type(preparee.version).objects.filter(pk=preparee.version_id).update(v=9)
    with pytest.raises(RefusMetier, match="a changé depuis votre relecture"):
        transmettre(consultation=preparee, par=fabriques.signataire(), now=TRANSMISE_LE, vu=relu)


@pytest.mark.django_db
def test_une_consultation_corrigee_apres_la_preparation_ne_se_signe_pas_et_se_prepare_de_nouveau(
    client: Client,
) -> None:
    preparee = fabriques.consultation(
        transmise=False, instances=[fabriques.instance()], version=fabriques.version(), echeance=None
    )
    Consultation.objects.filter(pk=preparee.pk).update(echeance="2090-01-01")
    client.force_login(fabriques.signataire())
    transmettre_a = f"/gestion/consultations/{preparee.slug}/transmettre/"
    acte = client.post(transmettre_a)["Location"]
    Consultation.objects.filter(pk=preparee.pk).update(echeance="2090-02-01")
    refus = client.post(acte, {"relu": "on"})
    assert refus.status_code == 409
    assert "changé" in refus.content.decode()
    neuf = client.post(transmettre_a)["Location"]
    assert neuf != acte
    assert client.post(neuf, {"relu": "on"}).status_code == 303

"""Déposer : à temps, une fois, sur le texte relu, en disant ce qu'on remplace (règles 1, 4, 10, 12, 13, 15, 16)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from consultations.actions.depot import deposer_avis
from consultations.etats import Sens
from consultations.models import Avis, Saisine
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.notifications.models import Envoi
from participation.registre.models import Entree
from tests import fabriques

MS = timedelta(milliseconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def saisine() -> Saisine:
    saisine = fabriques.saisine()
    fabriques.projet_pret(saisine, observations=["Le tableau compte 32 projets."])
    return saisine


@pytest.fixture
def membre(saisine: Saisine) -> Utilisateur:
    return fabriques.mandat(instance_=saisine.instance, par=fabriques.utilisateur(email="m@essai.invalid")).utilisateur


def deposer(saisine: Saisine, par: Utilisateur, recu_le: datetime, **autres: Any) -> Avis:
    voulu = {"cle": uuid4(), "projet_v": 1, "remplace": None, "now": recu_le} | autres
    return deposer_avis(saisine=saisine, par=par, recu_le=recu_le, **voulu)


def test_une_milliseconde_avant_minuit_passe_et_minuit_ne_passe_pas(saisine: Saisine, membre: Utilisateur) -> None:
    with pytest.raises(RefusMetier, match="jeudi 30 octobre 2025 à minuit") as refus:
        deposer(saisine, membre, saisine.borne)
    assert (refus.value.code, refus.value.statut) == ("delai_clos", 409)
    assert not Avis.objects.exists()
    assert deposer(saisine, membre, saisine.borne - MS).recu_le == saisine.borne - MS


def test_un_depot_arrive_a_temps_vaut_meme_inscrit_apres(saisine: Saisine, membre: Utilisateur) -> None:
    avis = deposer(saisine, membre, saisine.borne - MS, now=saisine.borne + timedelta(hours=1))
    assert avis.inscrit_le > saisine.borne > avis.recu_le  # type: ignore[operator]


def test_la_meme_cle_rend_le_meme_avis(saisine: Saisine, membre: Utilisateur, now: datetime) -> None:
    cle = uuid4()
    premier = deposer(saisine, membre, now, cle=cle)
    assert deposer(saisine, membre, now + MS, cle=cle) == premier
    assert Avis.objects.count() == 1
    assert Entree.objects.filter(acte="avis_depose").count() == 1


def test_l_avis_publie_est_le_projet_relu_mot_pour_mot(saisine: Saisine, membre: Utilisateur, now: datetime) -> None:
    avis = deposer(saisine, membre, now)
    assert (avis.texte, avis.sens) == ("Nous sommes d'accord.", Sens.FAVORABLE)
    assert [o.texte for o in avis.observations.all()] == ["Le tableau compte 32 projets."]


def test_un_projet_modifie_depuis_la_relecture_n_est_pas_depose(
    saisine: Saisine, membre: Utilisateur, now: datetime
) -> None:
    with pytest.raises(RefusMetier) as refus:
        deposer(saisine, membre, now, projet_v=0)
    assert refus.value.code == "conflit"
    assert refus.value.donnees["actuel"].texte == "Nous sommes d'accord."


def test_un_second_depot_qui_ne_dit_pas_ce_qu_il_remplace_est_un_conflit(
    saisine: Saisine, membre: Utilisateur, now: datetime
) -> None:
    premier = deposer(saisine, membre, now)
    with pytest.raises(RefusMetier) as refus:
        deposer(saisine, membre, now + MS)
    assert refus.value.donnees["en_vigueur"] == premier


def test_la_version_2_remplace_celle_qui_a_ete_vue(saisine: Saisine, membre: Utilisateur, now: datetime) -> None:
    premier = deposer(saisine, membre, now)
    second = deposer(saisine, membre, now + MS, remplace=premier.pk)
    assert (second.version, second.remplace) == (2, premier)
    assert list(saisine.avis.en_vigueur()) == [second]


def test_sans_mandat_en_cours_agent_ou_administrateur_personne_ne_depose(saisine: Saisine, now: datetime) -> None:
    finie = fabriques.mandat(instance_=saisine.instance, au=now - MS).utilisateur
    for personne in (fabriques.agent(), fabriques.utilisateur(is_superuser=True, is_staff=True), finie):
        with pytest.raises(RefusMetier) as refus:
            deposer(saisine, personne, now)
        assert refus.value.statut == 404
    assert not Avis.objects.exists()


def test_une_commune_dit_la_date_du_vote_et_ses_voix(now: datetime) -> None:
    commune = fabriques.saisine(instance_=fabriques.conseil_municipal())
    fabriques.projet_avis(commune, sens=Sens.FAVORABLE, v=1)
    maire = fabriques.mandat(instance_=commune.instance).utilisateur
    with pytest.raises(RefusMetier, match="date du vote") as refus:
        deposer(commune, maire, now)
    assert refus.value.statut == 422
    fabriques.projet_avis(commune, date_seance=date(2025, 9, 10), pour=20, contre=0, abstention=0)
    assert deposer(commune, maire, now).date_legale == date(2025, 9, 10)


def test_une_seance_a_venir_n_est_pas_une_seance(saisine: Saisine, membre: Utilisateur, now: datetime) -> None:
    fabriques.projet_avis(saisine, date_seance=date(2025, 9, 16))
    with pytest.raises(RefusMetier, match="à venir"):
        deposer(saisine, membre, now)


def test_des_reserves_sans_un_mot_sont_refusees(saisine: Saisine, membre: Utilisateur, now: datetime) -> None:
    projet = fabriques.projet_avis(saisine, sens=Sens.FAVORABLE_RESERVES, texte=" ")
    projet.observations.all().delete()
    with pytest.raises(RefusMetier, match="au moins une phrase"):
        deposer(saisine, membre, now)


def test_l_accuse_attend_dans_la_boite_avec_numero_empreinte_et_tete(
    saisine: Saisine, membre: Utilisateur, now: datetime
) -> None:
    fabriques.epci(service="Service des quartiers", telephone_contact="01 99 00 00 00")
    avis = deposer(saisine, membre, now)
    envoi = Envoi.objects.get(evenement="accuse", adresse="m@essai.invalid")
    entree = Entree.objects.get(acte="avis_depose")
    for preuve in (
        avis.numero,
        avis.empreinte,
        entree.empreinte,
        f"entrée n° {entree.n}",
        "Service des quartiers",
        "01 99 00 00 00",
    ):
        assert preuve in envoi.texte


def test_un_avis_ne_change_plus_meme_par_la_base(saisine: Saisine, membre: Utilisateur, now: datetime) -> None:
    from django.db import DatabaseError, transaction

    avis = deposer(saisine, membre, now)
    for geste in (
        lambda: Avis.objects.filter(pk=avis.pk).update(texte="Autre chose"),
        lambda: Avis.objects.filter(pk=avis.pk)._raw_delete(using="default"),
        lambda: avis.observations.update(texte="Autre chose"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()

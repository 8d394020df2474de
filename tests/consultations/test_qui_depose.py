"""Qui dépose l'avis est un réglage de l'instance (règle 16) ; écrire le projet reste ouvert à tout mandat."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from consultations.actions.demande import demander_du_temps
from consultations.models import Avis, Saisine
from consultations.permissions import can_deposer_avis, can_lire_projet
from participation.comptes.models import Mandat
from participation.territoires.models import Instance
from tests import fabriques
from tests.fabriques import TRANSMISE_LE

pytestmark = pytest.mark.django_db
NOW = TRANSMISE_LE + timedelta(days=10)
Role = Mandat.Role


@pytest.fixture
def saisine(settings: Settings) -> Saisine:
    """Une saisine ouverte, projet prêt, d'une instance qui réserve le dépôt à sa présidence."""
    settings.MAINTENANT = NOW
    fabriques.epci()
    prete = fabriques.saisine()
    fabriques.projet_pret(prete)
    Instance.objects.update(qui_depose=Instance.QuiDepose.PRESIDENCE)
    prete.instance.refresh_from_db()
    return prete


@pytest.mark.parametrize(
    ("role", "depose"),
    [(Role.PRESIDENCE, True), (Role.SECRETARIAT, True), (Role.MEMBRE, False), (Role.SUPPLEANCE, False)],
)
def test_presidence_seule_ferme_le_depot_aux_membres_pas_le_projet(saisine: Saisine, role: str, depose: bool) -> None:
    fabriques.mandat(saisine.instance)
    personne = fabriques.mandat(saisine.instance, role=role).utilisateur
    assert can_deposer_avis(personne, saisine, NOW) is depose
    assert can_lire_projet(personne, saisine, NOW)
    saisine.instance.qui_depose = Instance.QuiDepose.MEMBRES
    assert can_deposer_avis(personne, saisine, NOW)


def test_sans_presidence_en_cours_tout_mandat_depose(saisine: Saisine) -> None:
    finie = fabriques.mandat(saisine.instance, au=NOW)
    membre = fabriques.mandat(saisine.instance, role=Role.MEMBRE).utilisateur
    assert can_deposer_avis(membre, saisine, NOW)
    assert not can_deposer_avis(membre, saisine, NOW - timedelta(seconds=1))
    assert not can_deposer_avis(finie.utilisateur, saisine, NOW)


def test_la_page_le_dit_et_le_depot_est_refuse(saisine: Saisine, client: Client) -> None:
    fabriques.mandat(saisine.instance)
    membre = fabriques.mandat(saisine.instance, role=Role.MEMBRE).utilisateur
    client.force_login(membre)
    adresse = reverse("consultations:avis_deposer", args=[saisine.consultation.slug, saisine.pk])
    page = client.get(adresse)
    assert page.status_code == 200
    assert "la présidence seule dépose" in page.content.decode()
    assert "Déposer l’avis" not in page.content.decode()
    projet = saisine.projet
    corps = {"cle": str(uuid4()), "projet_v": projet.v, "remplace": "", "au_nom_de": "1"}
    assert client.post(adresse, corps).status_code == 403
    assert not Avis.objects.exists()
    demander_du_temps(saisine=saisine, par=membre, now=NOW)  # demander du temps reste à tous

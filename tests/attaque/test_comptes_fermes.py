"""Un compte fermé l'est partout, tout de suite : ses sessions, ses droits, ses courriels."""

import pytest
from django.test import Client

from consultations.actions.annonces import annoncer
from participation.comptes.actions import donner_groupe
from participation.comptes.models import Groupe, Utilisateur
from participation.notifications.models import Envoi
from tests import fabriques
from tests.comptes.outils import entrer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("adresse", ["/compte/", "/gestion/", "/admin/", "/compte/sessions/"])
def test_la_session_d_un_compte_ferme_est_coupee_a_la_requete_suivante(client: Client, adresse: str) -> None:
    entrer(client, "agent@exemple.invalid", garder=True)
    compte = Utilisateur.objects.get()
    for groupe in (Groupe.AGENT, Groupe.ADMIN):
        donner_groupe(compte=compte, groupe=groupe, par=None, now=fabriques.TRANSMISE_LE)
    assert client.get(adresse).status_code == 200
    Utilisateur.objects.update(is_active=False)
    reponse = client.get(adresse)
    assert (reponse.status_code, reponse["Location"].startswith("/compte/login/")) == (302, True)


def test_un_compte_ferme_ne_recoit_plus_les_accuses_de_son_instance() -> None:
    saisine = fabriques.saisine()
    fermee = fabriques.mandat(saisine.instance, par=fabriques.utilisateur(is_active=False)).utilisateur
    ouverte = fabriques.mandat(saisine.instance).utilisateur
    annoncer(
        instance=saisine.instance, evenement="accuse", occurrence="1", message=("Sujet", "Défavorable"), objet=saisine,
        now=saisine.transmise_le,
    )  # fmt: skip
    adresses = set(Envoi.objects.values_list("adresse", flat=True))
    assert ouverte.email in adresses
    assert fermee.email not in adresses

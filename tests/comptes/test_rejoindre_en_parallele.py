"""Ensemble : une lettre n'ouvre qu'un appareil, une liste envoyée deux fois ne nomme personne deux fois."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client

from participation.comptes.models import Mandat, Utilisateur
from participation.comptes.views import rejoindre
from participation.notifications.models import Envoi
from tests.comptes.lettres import donner_la_lettre, sans_courriel
from tests.fabriques import agent, epci, instance

pytestmark = pytest.mark.django_db(transaction=True)
ENSEMBLE = 8


def tous_ensemble(geste: Callable[[], int], combien: int = ENSEMBLE) -> list[int]:
    """Le statut de chaque requête, parties au même signal."""
    depart = Barrier(combien)

    def une(_: int) -> int:
        try:
            depart.wait()
            return geste()
        finally:
            connection.close()

    with ThreadPoolExecutor(combien) as fils:
        return sorted(fils.map(une, range(combien)))


def test_une_lettre_photographiee_huit_fois_ensemble_n_ouvre_qu_un_appareil() -> None:
    code = donner_la_lettre(sans_courriel())
    statuts = tous_ensemble(lambda: Client().post("/lettre/", {"code": code}).status_code)
    assert statuts == [303] + [409] * (ENSEMBLE - 1)
    assert UserSession.objects.count() == 1


def test_les_essais_faux_envoyes_ensemble_sont_tous_comptes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejoindre, "PAR_ADRESSE", 3)
    monkeypatch.setattr(rejoindre, "FENETRE", 10**9)
    statuts = tous_ensemble(lambda: Client().post("/lettre/", {"code": "ABCDEFGH22"}).status_code)
    assert statuts == [422] * 3 + [429] * (ENSEMBLE - 3)


def test_la_meme_liste_envoyee_deux_fois_ensemble_ne_double_personne() -> None:
    epci()
    instance(slug="conseil")
    par = agent()
    texte = "instance;nom;courriel;role\nconseil;Voisine;v@exemple.invalid;membre\nconseil;Voisin;;membre"

    def envoyer() -> int:
        client = Client()
        client.force_login(par)
        return client.post("/gestion/mandats/importer/", {"texte": texte}).status_code

    assert tous_ensemble(envoyer, 3) == [303] * 3
    assert (Mandat.objects.count(), Envoi.objects.count(), Utilisateur.objects.count()) == (2, 1, 3)

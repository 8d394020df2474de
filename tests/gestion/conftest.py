"""Le bureau vu par un agent, une personne signataire, et les autres."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import Settings

from participation.comptes.models import Groupe
from tests import fabriques

QUAND = datetime(2025, 9, 15, 10, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def heure(settings: Settings, db: None) -> datetime:
    """Une heure immobile : lundi 15 septembre 2025, 10 h."""
    settings.MAINTENANT = QUAND
    return QUAND


@pytest.fixture
def agent() -> Client:
    """Un navigateur où une personne du groupe agent est entrée."""
    client = Client()
    client.force_login(fabriques.agent(nom_usage="Agente d'essai"))
    return client


@pytest.fixture
def signataire() -> Client:
    """Un navigateur où une personne signataire, et rien d'autre, est entrée."""
    client = Client()
    client.force_login(fabriques.utilisateur(Groupe.SIGNATAIRE))
    return client

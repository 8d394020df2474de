"""Ce que partagent les essais des pages publiques."""

import json

import pytest

from participation.territoires.models import Quartier
from tests.accueil.pages import AUTRE, importer


@pytest.fixture
def quartier(db: None) -> Quartier:
    """Un quartier d'une agglomération qui n'est pas celle de la démonstration."""
    importer(json.dumps(AUTRE).encode())
    return Quartier.objects.get(slug="les-tilleuls")

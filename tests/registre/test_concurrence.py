"""Huit processus inscrivent ensemble : une seule chaîne, sans fourche, sans trou, sur les deux bases (R7)."""

import json

import pytest

from tests.outillage.processus import Dossier

PROCESSUS, PAR_PROCESSUS = 8, 25
PREPARER = """
from participation.rapports.models import Rapport, Version
from datetime import datetime, UTC
r = Rapport.objects.create(annee=2024, titre="Rapport")
Version.objects.create(rapport=r, numero=1, creee_le=datetime.now(UTC))
"""
INSCRIRE = f"""
import sys
from datetime import datetime, UTC
from django.db import transaction
from participation.rapports.models import Version
from participation.registre.actions import inscrire
version = Version.objects.get()
for tour in range({PAR_PROCESSUS}):
    try:
        with transaction.atomic():
            inscrire(acte="essai", objet=version, dossier=None, now=datetime.now(UTC))
            if tour % 5 == 4:
                raise ValueError("un acte qui échoue ne laisse pas de trou")
    except ValueError:
        pass
"""
LIRE = """
import json
from participation.registre.actions import verifier
from participation.registre.models import Entree
bilan = verifier()
print(json.dumps({"n": list(Entree.objects.values_list("n", flat=True)), "constats": [str(c) for c in bilan.constats],
                  "precedents": len(set(Entree.objects.values_list("precedent", flat=True)))}))
"""


@pytest.mark.processus
def test_huit_processus_ecrivent_une_seule_chaine(dossier_reel: Dossier) -> None:
    dossier_reel.python(PREPARER)
    dossier_reel.ensemble(PROCESSUS, INSCRIRE)
    lu = json.loads(dossier_reel.python(LIRE))
    attendu = PROCESSUS * PAR_PROCESSUS * 4 // 5
    assert lu["n"] == list(range(1, attendu + 1)), "ni trou, ni double"
    assert lu["precedents"] == attendu, "aucune fourche"
    assert lu["constats"] == []

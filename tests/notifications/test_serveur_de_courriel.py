"""Un vrai serveur SMTP, quatre processus qui vident la même boîte : chaque courriel arrive une fois et une seule."""

from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes

import pytest

from tests.outillage.processus import Dossier
from tests.outillage.puits import BoiteAuxLettres, boite_aux_lettres

MESSAGES, PROCESSUS = 40, 4
POSTER = f"""
from participation.common.dates import maintenant
from participation.notifications.actions import poster
for i in range({MESSAGES}):
    poster(adresse=f"instance-{{i}}@exemple.invalid", destinataire=None, evenement="saisine", occurrence="1",
           sujet="Le rapport 2024 attend votre avis", texte="Répondez avant le 30 octobre.", now=maintenant())
"""
VIDER = """
from participation.common.dates import maintenant
from participation.notifications.actions import vider_la_boite
for _ in range(20):
    vider_la_boite(now=maintenant())
"""
ETATS = """
from collections import Counter
from participation.notifications.models import Envoi
print(dict(Counter(Envoi.objects.values_list("etat", flat=True))), Envoi.objects.filter(envoye_le=None).count())
"""


@pytest.fixture
def facteur() -> Iterator[BoiteAuxLettres]:
    with boite_aux_lettres() as boite:
        yield boite


@pytest.mark.processus
def test_quatre_processus_envoient_chaque_courriel_une_fois(dossier_reel: Dossier, facteur: BoiteAuxLettres) -> None:
    dossier = dossier_reel.avec(EMAIL_URL=f"smtp://127.0.0.1:{facteur.server_address[1]}")
    dossier.python(POSTER)
    ouvriers = [dossier.lancer("shell", "--verbosity=0", "-c", VIDER) for _ in range(PROCESSUS)]
    for ouvrier in ouvriers:
        sortie, _ = ouvrier.communicate(timeout=120)
        assert ouvrier.returncode == 0, sortie
    messages = [message_from_bytes(recu) for recu in facteur.recus]
    assert Counter(m["To"] for m in messages) == {f"instance-{i}@exemple.invalid": 1 for i in range(MESSAGES)}
    assert len({m["Message-ID"] for m in messages}) == MESSAGES
    assert {m["Auto-Submitted"] for m in messages} == {"auto-generated"}
    assert dossier.python(ETATS) == f"{{'envoye': {MESSAGES}}} 0"


ESSAYER = """
from django.db.models import Sum
from participation.common.dates import maintenant
from participation.notifications.actions import vider_la_boite
from participation.notifications.models import Envoi
try:
    vider_la_boite(now=maintenant())
except OSError as erreur:
    print(type(erreur).__name__, Envoi.objects.filter(etat="a_envoyer").aggregate(essais=Sum("essais")))
"""


@pytest.mark.processus
def test_un_serveur_absent_laisse_tout_dans_la_boite_sans_compter_d_essai(dossier_reel: Dossier) -> None:
    dossier = dossier_reel.avec(EMAIL_URL="smtp://127.0.0.1:1")
    dossier.python(POSTER)
    assert dossier.python(ESSAYER) == "ConnectionRefusedError {'essais': 0}"
    assert dossier.python(ETATS) == f"{{'a_envoyer': {MESSAGES}}} {MESSAGES}"

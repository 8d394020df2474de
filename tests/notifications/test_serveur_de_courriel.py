"""Un vrai serveur SMTP, quatre processus qui vident la même boîte : chaque courriel arrive une fois et une seule."""

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes

import pytest

from tests.outillage.processus import Dossier

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


class Facteur(socketserver.StreamRequestHandler):
    """Un serveur SMTP minimal : accepte tout et garde les messages."""

    server: "BoiteAuxLettres"

    def dire(self, ligne: str) -> None:
        self.wfile.write(ligne.encode() + b"\r\n")

    def handle(self) -> None:
        self.dire("220 essai")
        while ligne := self.rfile.readline():
            verbe = ligne[:4].upper()
            if verbe == b"DATA":
                self.dire("354 allez-y")
                self.server.garder(self.lire_le_message())
                self.dire("250 accepté")
            elif verbe == b"QUIT":
                self.dire("221 au revoir")
                return
            else:
                self.dire("250 essai")

    def lire_le_message(self) -> bytes:
        lignes = []
        while (ligne := self.rfile.readline()) not in (b".\r\n", b""):
            lignes.append(ligne)
        return b"".join(lignes)


class BoiteAuxLettres(socketserver.ThreadingTCPServer):
    """Les messages reçus."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Facteur)
        self.recus: list[bytes] = []
        self._verrou = threading.Lock()

    def garder(self, message: bytes) -> None:
        with self._verrou:
            self.recus.append(message)


@pytest.fixture
def facteur() -> Iterator[BoiteAuxLettres]:
    with BoiteAuxLettres() as boite:
        fil = threading.Thread(target=boite.serve_forever, daemon=True)
        fil.start()
        yield boite
        boite.shutdown()
        fil.join()


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

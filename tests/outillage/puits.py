"""Un vrai serveur SMTP, local, qui garde ce qu'il reçoit : de quoi compter les courriels vraiment partis."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Facteur(socketserver.StreamRequestHandler):
    """Un serveur SMTP minimal : accepte tout et garde les messages."""

    server: "BoiteAuxLettres"

    def dire(self, ligne: str) -> None:
        self.wfile.write(ligne.encode() + b"\r\n")

    def handle(self) -> None:
        self.server.connexions += 1
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
    """Les messages reçus, et le nombre de connexions."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Facteur)
        self.recus: list[bytes] = []
        self.connexions = 0
        self._verrou = threading.Lock()

    def garder(self, message: bytes) -> None:
        with self._verrou:
            self.recus.append(message)


@contextmanager
def boite_aux_lettres() -> Iterator[BoiteAuxLettres]:
    """Le serveur, ouvert le temps du bloc ; son port est `server_address[1]`."""
    with BoiteAuxLettres() as boite:
        fil = threading.Thread(target=boite.serve_forever, args=(0.02,), daemon=True)
        fil.start()
        yield boite
        boite.shutdown()
        fil.join()

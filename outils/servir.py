"""Sert le site : migre, prépare les fichiers statiques, charge la démonstration si la base est vide, puis écoute.

Un seul processus, HTTP + WebSocket + horloge (celle-ci vit dans le lifespan ASGI). Ctrl-C arrête tout proprement.
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
APPLICATION = "participation.config.asgi:application"
ARRET_SECONDES = 5
TRAME_MAX = 64 * 1024


def arguments_uvicorn(*, port: int, hote: str = "127.0.0.1") -> list[str]:
    """La ligne de commande du serveur : la même ici, en production et dans les essais."""
    return [
        APPLICATION, "--host", hote, "--port", str(port), "--ws", "websockets-sansio", "--ws-max-size", str(TRAME_MAX),
        "--lifespan", "on", "--timeout-graceful-shutdown", str(ARRET_SECONDES), "--no-server-header",
        "--no-proxy-headers", "--no-access-log",
    ]  # fmt: skip


def _fichiers(dossiers: list[Path]) -> Iterator[Path]:
    for dossier in dossiers:
        yield from sorted(f for f in dossier.rglob("*") if f.is_file())


def rassembler_les_statiques() -> None:
    """collectstatic, seulement si un fichier a changé depuis la dernière fois (dates, tailles, dépendances)."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.STORAGES["staticfiles"]["BACKEND"].startswith("django."):
        return  # STATIQUES_DIRECTS : servis sans être rassemblés
    somme = hashlib.sha256((RACINE / "requirements.txt").read_bytes())
    for fichier in _fichiers([Path(d) for d in settings.STATICFILES_DIRS]):
        etat = fichier.stat()
        somme.update(f"{fichier}{etat.st_mtime_ns}{etat.st_size}".encode())
    temoin = settings.VAR_DIR / "statiques"
    if temoin.exists() and temoin.read_text() == somme.hexdigest():
        return
    call_command("collectstatic", "--noinput", "--clear", verbosity=0)
    temoin.write_text(somme.hexdigest())


def charger_la_demonstration() -> None:
    """Si la base est vide, ou si le chargement précédent a été interrompu."""
    from django.conf import settings
    from django.core.management import call_command

    from participation.territoires.models import Epci

    en_cours = settings.VAR_DIR / "demonstration-en-cours"
    if not settings.DEMO or (Epci.objects.exists() and not en_cours.exists()):
        return
    print("· Je charge la démonstration.", flush=True)
    en_cours.touch()
    call_command("demo")
    en_cours.unlink()


def mettre_en_place() -> None:
    """Base à jour, statiques à jour, démonstration chargée. Rejouable."""
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    rassembler_les_statiques()
    charger_la_demonstration()
    for connexion in connections.all():
        connexion.close()
        if hasattr(connexion, "close_pool"):
            connexion.close_pool()


def main() -> None:
    """`make run`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.config.settings")
    os.environ.setdefault("DEMO", "1")
    mettre_en_place()
    from django.conf import settings
    from uvicorn.main import main as uvicorn

    print(f"· Le site est prêt : http://{settings.HOST}:{settings.PORT} (Ctrl-C pour arrêter)", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn(arguments_uvicorn(port=settings.PORT, hote=settings.HOST), standalone_mode=False)
    print("· Arrêté proprement.", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(RACINE))
    main()

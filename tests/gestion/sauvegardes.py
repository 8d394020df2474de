"""Ce que les essais de sauvegarde partagent : un contenu, l'état d'un dossier, des archives faites à la main."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from participation.gestion.sauvegarde.archive import LONGUEUR_SCEAU, MARQUE
from tests.outillage.processus import Dossier

UN_RAPPORT = """
from datetime import datetime, UTC
from participation.rapports.models import Rapport, Version
from participation.registre.actions import inscrire
r = Rapport.objects.create(annee=2024, titre="Rapport")
v = Version.objects.create(rapport=r, numero=1, creee_le=datetime.now(UTC))
inscrire(acte="essai", objet=v, dossier=None, now=datetime.now(UTC))
"""
RELIRE = """
import json
from participation.pieces.models import PieceJointe
from participation.registre.actions import verifier
from participation.registre.models import Entree
print(json.dumps({"n": list(Entree.objects.order_by("n").values_list("n", flat=True)),
                  "constats": [str(c) for c in verifier().constats],
                  "pieces": {str(p.pk): [p.fichier.name, p.empreinte] for p in PieceJointe.objects.all()}}))
"""
ALTERER = """
from django.db import connection
from participation.registre import declencheurs
declencheurs.retirer(connection)
connection.cursor().execute("UPDATE registre_entree SET acte = 'faux' WHERE n = 1")
"""
ETAT = """
import hashlib, json
from django.apps import apps
from django.core import serializers
from participation.registre.queries import lignes
ecartes = {"sessions.Session", "usersessions.UserSession", "contenttypes.ContentType", "auth.Permission"}
sortie = {m._meta.label: hashlib.sha256(serializers.serialize("json", m._base_manager.order_by("pk")).encode())
          .hexdigest() for m in apps.get_models(include_auto_created=True) if m._meta.label not in ecartes}
print(json.dumps([sortie, list(lignes())]))
"""


def etat(dossier: Dossier) -> Any:
    """Tout ce que dit la base : une empreinte par modèle, le registre ligne à ligne."""
    return json.loads(dossier.python(ETAT))


def fichiers(dossier: Path) -> list[str]:
    """Les chemins des fichiers sous ce dossier."""
    return sorted(f.relative_to(dossier).as_posix() for f in dossier.rglob("*") if f.is_file())


def sceller(tar: bytes) -> bytes:
    """Ce tar et le sceau qui va avec : n'importe qui sait en faire un, il ne protège que de l'accident."""
    return tar + MARQUE + hashlib.sha256(tar).hexdigest().encode() + b"\n"


def refaire(
    archive: Path, changer: Callable[[dict[str, Any]], None], renommer: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Récrit une archive dont le manifeste et les noms sont changés, sceau compris."""
    octets = archive.read_bytes()[:-LONGUEUR_SCEAU]
    neuf = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(octets)) as ancien, tarfile.open(fileobj=neuf, mode="w") as tar:
        for membre in ancien:
            flux = ancien.extractfile(membre)
            assert flux
            lu = flux.read()
            if membre.name == "manifeste.json":
                manifeste = json.loads(lu)
                changer(manifeste)
                lu = json.dumps(manifeste).encode()
            membre.name, membre.size = renommer.get(membre.name, membre.name), len(lu)
            tar.addfile(membre, io.BytesIO(lu))
    archive.write_bytes(sceller(neuf.getvalue()))

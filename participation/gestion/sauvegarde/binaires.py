"""pg_dump et pg_restore : les trouver, les lancer, relire une copie entière."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from participation.gestion.sauvegarde.manifeste import SauvegardeRefusee

DEBIAN = Path("/usr/lib/postgresql")
COPIE = re.compile(rb'COPY "?public"?\."?(\w+)"? \(([^)]*)\) FROM stdin;\n')
REGISTRE = "registre_entree"


def dossier_des_binaires() -> str:
    """Le dossier de pg_dump : la version du serveur sous Debian, sinon la suivante, sinon celui du PATH."""
    voulue: int = connection.pg_version // 10000  # type: ignore[attr-defined]
    presentes = sorted(int(p.parts[-2]) for p in DEBIAN.glob("*/bin") if (p / "pg_dump").exists() and is_majeure(p))
    for version in presentes:
        if version >= voulue:
            return str(DEBIAN / str(version) / "bin")
    if trouve := shutil.which("pg_dump"):
        return str(Path(trouve).parent)
    raise SauvegardeRefusee(f"Il manque pg_dump {voulue}. Sous Debian : apt-get install postgresql-client-{voulue}")


def is_majeure(dossier: Path) -> bool:
    """Vrai pour `15/bin`, faux pour `9.6/bin`, trop ancien."""
    return dossier.parts[-2].isdigit()


def _environnement() -> dict[str, str]:
    """La connexion passe par l'environnement : une ligne de commande se lit par tous les comptes de la machine."""
    reglages = connection.settings_dict
    noms = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    return dict(os.environ) | {noms[cle]: str(reglages[cle]) for cle in noms if reglages.get(cle)}


def lancer(programme: str, *arguments: str) -> None:
    """Lance pg_dump ou pg_restore jusqu'au bout. Lève SauvegardeRefusee, avec ce qu'il en dit."""
    commande = [str(Path(dossier_des_binaires()) / programme), *arguments]
    fini = subprocess.run(commande, env=_environnement(), capture_output=True, text=True, check=False)  # noqa: S603 : notre commande
    if fini.returncode:
        dit = fini.stderr.strip().splitlines() or [f"code {fini.returncode}"]
        raise SauvegardeRefusee(f"{programme} a échoué : {dit[0]}")


def relire_le_dump(fichier: Path) -> tuple[dict[str, int], tuple[int, str] | None]:
    """Fait relire toute la copie par pg_restore : (lignes par table, tête du registre). Aucune base n'est touchée."""
    commande = [str(Path(dossier_des_binaires()) / "pg_restore"), "--data-only", "--file=-", str(fichier)]
    comptes: dict[str, int] = {}
    tete: tuple[int, str] | None = None
    with subprocess.Popen(commande, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as lecture:  # noqa: S603 : notre commande
        table, colonnes = "", list[bytes]()
        for ligne in lecture.stdout or ():
            if debut := COPIE.fullmatch(ligne) if not table else None:
                table, colonnes = debut[1].decode(), debut[2].split(b", ")
                comptes[table] = 0
            elif table and ligne == b"\\.\n":
                table = ""
            elif table:
                comptes[table] += 1
                if table == REGISTRE:
                    valeurs = dict(zip(colonnes, ligne.rstrip(b"\n").split(b"\t"), strict=True))
                    tete = max(tete or (0, ""), (int(valeurs[b"n"]), valeurs[b"empreinte"].decode()))
    if lecture.returncode:
        raise SauvegardeRefusee("La copie de la base ne se relit pas : pg_restore la refuse.")
    return comptes, tete

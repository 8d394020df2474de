"""Le manifeste : ce que l'archive dit d'elle-même. Pur, sans base."""

import json
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
MANIFESTE = "manifeste.json"
MEDIAS = "medias/"
REGLAGES = ("horloge", "expediteur")  # fichiers de VAR_DIR qui disent l'état du site ; jamais le secret

# Traces techniques, vidées dans l'archive : une clé de session ouvre un compte, un code aussi ; les rétablir rouvrirait
# des appareils fermés depuis. Chacun se reconnecte.
TECHNIQUES = frozenset(
    {"django_session", "usersessions_usersession", "comptes_essaisdecode", "account_emailconfirmation"}
)


class SauvegardeRefusee(Exception):
    """La sauvegarde ou la restauration ne se fait pas ; le message est une phrase pour la personne."""


@dataclass(frozen=True)
class Fichier:
    """Un fichier de l'archive : sa taille en octets, son SHA-256 en hexadécimal."""

    taille: int
    sha256: str


@dataclass(frozen=True)
class Releve:
    """Ce qu'une base contient, lu dans un seul instantané. `tete` : (n, empreinte) de la dernière entrée."""

    comptes: dict[str, int]
    tete: tuple[int, str] | None
    migrations: list[str]
    medias: list[str]
    courriels_en_attente: int


@dataclass(frozen=True)
class Manifeste:
    """L'identité d'une archive. `instant` : heure réelle ; `heure_du_site` : décalée en démonstration."""

    version: str
    moteur: str
    instant: str
    heure_du_site: str
    comptes: dict[str, int]
    tete: tuple[int, str] | None
    migrations: list[str]
    courriels_en_attente: int
    fichiers: dict[str, Fichier]

    def en_octets(self) -> bytes:
        """Le JSON de l'archive, clés triées, lisible par une personne."""
        return json.dumps({"format": FORMAT} | asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def lire(octets: bytes) -> Manifeste:
    """Relit un manifeste, chaque type vérifié. Lève SauvegardeRefusee."""
    try:
        lu: Any = json.loads(octets)
        if lu["format"] != FORMAT:
            raise SauvegardeRefusee(f"Format d'archive inconnu : {lu['format']}. Cette version lit le format {FORMAT}.")
        tete = lu["tete"]
        return Manifeste(
            version=_mot(lu["version"]),
            moteur=_mot(lu["moteur"]),
            instant=_mot(lu["instant"]),
            heure_du_site=_mot(lu["heure_du_site"]),
            comptes={_mot(table): _nombre(n) for table, n in lu["comptes"].items()},
            tete=(_nombre(tete[0]), _mot(tete[1])) if tete else None,
            migrations=[_mot(m) for m in lu["migrations"]],
            courriels_en_attente=_nombre(lu["courriels_en_attente"]),
            fichiers={n: Fichier(_nombre(f["taille"]), _mot(f["sha256"])) for n, f in lu["fichiers"].items()},
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as erreur:
        raise SauvegardeRefusee("Le manifeste de l'archive ne se lit pas.") from erreur


def _mot(valeur: Any) -> str:
    if not isinstance(valeur, str):
        raise TypeError(valeur)
    return valeur


def _nombre(valeur: Any) -> int:
    if type(valeur) is not int or valeur < 0:
        raise TypeError(valeur)
    return valeur

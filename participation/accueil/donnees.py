"""Toutes les données ouvertes : ce qu'elles contiennent à un instant, et l'archive qui les réunit.

Mêmes données, mêmes octets : l'archive ne porte ni date de fabrication, ni ordre de hasard.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from uuid import UUID

from consultations import exports, jeux
from consultations.models import Avis, Consultation, Saisine
from consultations.queries import avis_des, consultations_visibles
from consultations.queries_ouvertes import saisines_a_publier
from participation.accueil.lisezmoi import lisezmoi
from participation.common.canonique import json_canonique
from participation.common.fichiers import octets
from participation.common.jeux import LICENCE, Jeu, Ligne
from participation.common.odt import EPOQUE
from participation.registre import queries as registre
from participation.territoires import jeux as territoire
from participation.territoires.models import Instance, Quartier
from participation.territoires.queries import identite

JEUX: dict[str, Jeu] = {
    jeu.nom: jeu
    for jeu in (
        jeux.CONSULTATIONS,
        jeux.AVIS,
        jeux.OBSERVATIONS,
        jeux.DELIBERATIONS,
        territoire.INSTANCES,
        territoire.QUARTIERS,
    )
}


class Ouvertes:
    """Les données que tout le monde peut lire à `now`. Chaque table n'est lue qu'une fois, et si on la demande."""

    def __init__(self, now: datetime, site: str) -> None:
        self.now, self.site = now, site

    @cached_property
    def de(self) -> exports.Contexte:
        """L'agglomération qui publie, et son site."""
        return exports.Contexte(siret=identite().siret, site=self.site)

    @cached_property
    def consultations(self) -> list[Consultation]:
        """Les consultations transmises et publiques (règle 20), de la plus ancienne à la plus récente."""
        return list(consultations_visibles(None, self.now).order_by("transmise_le", "slug"))

    @cached_property
    def saisines(self) -> list[Saisine]:
        """Leurs saisines en vigueur, annotées."""
        return saisines_a_publier(self.consultations, self.now)

    @cached_property
    def avis(self) -> dict[UUID, Avis]:
        """L'avis en vigueur de chacune."""
        return avis_des(self.saisines)

    def lignes(self, nom: str) -> list[Ligne]:
        """Les lignes d'un jeu. Lève KeyError s'il n'existe pas."""
        lire: dict[str, Callable[[], list[Ligne]]] = {
            "consultations": lambda: exports.lignes_des_consultations(self.consultations, self.de),
            "avis": lambda: exports.lignes_des_avis(self.saisines, self.avis, self.de),
            "observations": lambda: exports.lignes_des_observations(self.saisines, self.avis, self.de),
            "deliberations": lambda: exports.lignes_des_deliberations(self.saisines, self.avis, self.de),
            "instances": lambda: territoire.lignes_des_instances(_instances()),
            "quartiers": lambda: territoire.lignes_des_quartiers(_quartiers(), self.site),
        }
        return lire[nom]()


def _instances() -> list[Instance]:
    return list(Instance.objects.select_related("commune").prefetch_related("quartiers").order_by("type", "nom", "pk"))


def _quartiers() -> list[Quartier]:
    return list(Quartier.objects.defer("contour").prefetch_related("communes").order_by("nom", "pk"))


def archive(ouvertes: Ouvertes, nom_du_site: str) -> bytes:
    """Le zip de tout : chaque jeu en CSV et en JSON, son schéma, le registre, le mode d'emploi."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as zip_:
        for nom, contenu in sorted(_fichiers(ouvertes, nom_du_site)):
            fiche = zipfile.ZipInfo(nom, EPOQUE)
            fiche.compress_type = zipfile.ZIP_DEFLATED
            zip_.writestr(fiche, contenu)
    return sortie.getvalue()


def _fichiers(ouvertes: Ouvertes, nom_du_site: str) -> Iterator[tuple[str, bytes]]:
    yield "LISEZMOI.md", lisezmoi(JEUX.values(), nom_du_site, ouvertes.site).encode()
    yield "datapackage.json", _json(paquet(nom_du_site, ouvertes.site))
    yield "registre.jsonl", b"".join(json_canonique(ligne) + b"\n" for ligne in registre.lignes())
    for nom, jeu in JEUX.items():
        yield f"schemas/{nom}.json", _json(jeu.schema(ouvertes.site))
        lignes = ouvertes.lignes(nom)
        yield from ((f"{nom}.{extension}", octets(jeu, lignes, extension)) for extension in ("csv", "json"))


def paquet(nom_du_site: str, site: str) -> dict[str, object]:
    """La fiche de l'archive (Data Package, frictionlessdata.io) : ses fichiers et leurs schémas."""
    dialecte = {"delimiter": ";", "lineTerminator": "\r\n", "doubleQuote": True}
    return {
        "name": "donnees-ouvertes",
        "title": f"Les données ouvertes de {nom_du_site}",
        "homepage": f"{site}/donnees-ouvertes/",
        "licenses": [LICENCE],
        "resources": [
            {"name": n, "title": j.titre, "path": f"{n}.csv", "format": "csv", "encoding": "utf-8",
             "dialect": dialecte, "schema": f"schemas/{n}.json"}
            for n, j in JEUX.items()
        ],
    }  # fmt: skip


def _json(objet: object) -> bytes:
    return json.dumps(objet, ensure_ascii=False, indent=1).encode()

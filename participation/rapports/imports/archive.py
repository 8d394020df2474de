"""Ouvrir un docx ou un odt sans danger : bombe refusée avant de gonfler, XML sans entité ni profondeur folle."""

import io
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from participation.common.errors import RefusMetier

ENTREES_MAX = 2_000
GONFLE_MAX = 80_000_000
XML_MAX = 20_000_000
RAPPORT_MAX = 200
PROFONDEUR_MAX = 150
ELEMENTS_MAX = 400_000
ILLISIBLE = "Ce fichier est abîmé, ou n'est pas un document {format}. Ouvrez-le et enregistrez-le de nouveau."


def verifier_archive(octets: bytes, *, format: str, attendu: str) -> None:
    """Lève RefusMetier si ce n'est pas un document sain : mauvais zip, bombe, XML piégé. `attendu` est son corps."""
    illisible = RefusMetier("forme", ILLISIBLE.format(format=format))
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            entrees = archive.infolist()
            if attendu not in archive.namelist():
                raise illisible
            _peser(entrees)
            for entree in _parties_xml(entrees):
                _verifier_xml(archive.read(entree))
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as e:
        raise illisible from e


def _peser(entrees: list[zipfile.ZipInfo]) -> None:
    """Les tailles annoncées sont jugées avant de lire ; zipfile ne lit jamais plus que la taille annoncée."""
    gonfle = sum(e.file_size for e in entrees)
    trop_serre = any(e.file_size > 1_000_000 and e.file_size > RAPPORT_MAX * max(e.compress_size, 1) for e in entrees)
    xml = max((e.file_size for e in _parties_xml(entrees)), default=0)
    if len(entrees) > ENTREES_MAX or gonfle > GONFLE_MAX or xml > XML_MAX or trop_serre:
        raise RefusMetier("forme", "Ce fichier devient trop gros une fois ouvert. Enlevez des images, ou coupez-le.")


def _parties_xml(entrees: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    return (e for e in entrees if e.file_size and e.filename.lower().endswith((".xml", ".rels")))


def _verifier_xml(contenu: bytes) -> None:
    """Refuse toute déclaration de type (entités, fichiers du dehors) et les arbres démesurés, dans tout codage."""
    lecteur = expat.ParserCreate()
    etat = [0, 0]  # profondeur, éléments

    def ouvrir(_nom: str, _attributs: dict[str, str]) -> None:
        etat[0] += 1
        etat[1] += 1
        if etat[0] > PROFONDEUR_MAX or etat[1] > ELEMENTS_MAX:
            raise ValueError("arbre démesuré")

    def fermer(_nom: str) -> None:
        etat[0] -= 1

    def declaration(*_a: object) -> None:
        raise ValueError("déclaration de type interdite")

    lecteur.StartElementHandler, lecteur.EndElementHandler = ouvrir, fermer
    lecteur.StartDoctypeDeclHandler = declaration
    lecteur.Parse(contenu, True)

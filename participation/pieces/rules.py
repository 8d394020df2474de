"""Ce qu'est une pièce acceptable : type lu dans le contenu, jamais cru sur le nom. Pur, sans base (S11)."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

TAILLE_MAX = 10 * 1024 * 1024  # octets
PIXELS_MAX = 40_000_000
NOM_MAX = 160
ZIP_MEMBRES_MAX = 2_000
ZIP_OUVERT_MAX = 120 * 1024 * 1024  # octets, une fois gonflé
ZIP_RAPPORT_MAX = 150  # gonflé / comprimé
ENTETE_MAX = 64 * 1024  # octets lus d'un membre qui dit le type
ACCEPTES = "PDF, PNG, JPEG, ODT ou DOCX"
CONTENU_DOCX = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@dataclass(frozen=True)
class Genre:
    """Un type accepté."""

    mime: str
    suffixe: str


PDF = Genre("application/pdf", ".pdf")
PNG = Genre("image/png", ".png")
JPEG = Genre("image/jpeg", ".jpg")
ODT = Genre("application/vnd.oasis.opendocument.text", ".odt")
DOCX = Genre("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")


class PieceRefusee(ValueError):
    """La pièce n'est pas acceptable ; le message est une phrase pour l'usager."""


def reconnaitre(octets: bytes) -> Genre:
    """Le type d'une pièce, d'après ses octets. Lève PieceRefusee."""
    if not octets:
        raise PieceRefusee("Ce fichier est vide.")
    if octets.startswith(b"%PDF-"):
        return _pdf(octets)
    if octets.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if octets.startswith(b"\xff\xd8\xff"):
        return JPEG
    if octets.startswith(b"PK\x03\x04"):
        return _bureautique(octets)
    raise PieceRefusee(f"Ce type de fichier n'est pas accepté. Envoyez un fichier {ACCEPTES}.")


def _pdf(octets: bytes) -> Genre:
    if b"%%EOF" not in octets[-2048:]:
        raise PieceRefusee("Ce PDF est incomplet. Enregistrez-le de nouveau, puis renvoyez-le.")
    return PDF


def _bureautique(octets: bytes) -> Genre:
    """ODT ou DOCX, d'après le sommaire du zip : rien n'est gonflé, sauf l'en-tête qui dit le type."""
    try:
        with zipfile.ZipFile(BytesIO(octets)) as archive:
            borner_le_zip(archive, taille=len(octets))
            noms = set(archive.namelist())
            if "mimetype" in noms and _entete(archive, "mimetype").strip() == ODT.mime.encode():
                return ODT
            if "word/document.xml" in noms and CONTENU_DOCX in _entete(archive, "[Content_Types].xml"):
                return DOCX
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as erreur:
        if isinstance(erreur, PieceRefusee):
            raise
        raise PieceRefusee("Ce document est abîmé. Enregistrez-le de nouveau, puis renvoyez-le.") from erreur
    raise PieceRefusee(f"Cette archive n'est pas acceptée. Envoyez un fichier {ACCEPTES}.")


def borner_le_zip(archive: zipfile.ZipFile, *, taille: int) -> None:
    """Refuse une bombe, un membre chiffré, un chemin qui sort, des macros : d'après le sommaire, sans rien gonfler.

    Lève PieceRefusee. `taille` : octets de l'archive ; des membres qui se recouvrent la dépassent.
    """
    membres = archive.infolist()
    ouvert = sum(m.file_size for m in membres)
    comprime = sum(m.compress_size for m in membres)
    if len(membres) > ZIP_MEMBRES_MAX or ouvert > ZIP_OUVERT_MAX or comprime > taille:
        raise PieceRefusee("Ce document est trop gros une fois ouvert. Envoyez-le en PDF.")
    if any(m.file_size > 1024 * 1024 and m.file_size > ZIP_RAPPORT_MAX * max(m.compress_size, 1) for m in membres):
        raise PieceRefusee("Ce document est trop gros une fois ouvert. Envoyez-le en PDF.")
    if any(m.flag_bits & 0x1 for m in membres):
        raise PieceRefusee("Ce document est protégé par un mot de passe. Retirez-le, puis renvoyez le fichier.")
    if any(_is_dehors(m.filename) for m in membres):
        raise PieceRefusee("Ce document est abîmé. Enregistrez-le de nouveau, puis renvoyez-le.")
    if any(PurePosixPath(m.filename).name.lower().startswith("vbaproject") for m in membres):
        raise PieceRefusee("Ce document contient des macros. Envoyez-le en PDF.")


def _is_dehors(nom: str) -> bool:
    return nom.startswith(("/", "\\")) or ".." in PurePosixPath(nom.replace("\\", "/")).parts


def _entete(archive: zipfile.ZipFile, nom: str) -> bytes:
    with archive.open(nom) as membre:
        return membre.read(ENTETE_MAX)


def nettoyer_le_nom(nom: str, genre: Genre) -> str:
    """Le nom à montrer : sans chemin, sans caractère invisible ni inversion d'écriture, au suffixe du vrai type."""
    court = re.split(r"[/\\]", unicodedata.normalize("NFC", nom))[-1]
    visible = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " * (c.isspace()) for c in court)
    base = PurePosixPath(" ".join(visible.split()).strip(" .") or "piece").stem.strip(" .") or "piece"
    base = re.sub(r'[<>:"|?*;%]', "_", base)
    return base[: NOM_MAX - len(genre.suffixe)].rstrip(" .") + genre.suffixe

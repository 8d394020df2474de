"""S11 : type lu dans le contenu, taille bornée avant d'écrire, bombe refusée avant de gonfler, rien de caché gardé."""

import hashlib
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from participation.common.errors import RefusMetier
from participation.pieces.actions import ajouter_piece
from participation.pieces.models import PieceJointe
from participation.pieces.rules import CONTENU_DOCX, ODT, PDF, TAILLE_MAX, nettoyer_le_nom
from participation.pieces.service import servir

PDF_MINIMAL = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def deposer(nom: str, octets: bytes, now: datetime) -> PieceJointe:
    return ajouter_piece(fichier=SimpleUploadedFile(nom, octets), par=None, now=now)


def archive(membres: dict[str, bytes], methode: int = zipfile.ZIP_DEFLATED) -> bytes:
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w", methode) as z:
        for nom, octets in membres.items():
            z.writestr(nom, octets)
    return tampon.getvalue()


def odt(**autres: bytes) -> bytes:
    return archive({"mimetype": ODT.mime.encode(), "content.xml": b"<a/>"} | autres)


def docx(**autres: bytes) -> bytes:
    types = b"<Types>" + CONTENU_DOCX + b"</Types>"
    return archive({"[Content_Types].xml": types, "word/document.xml": b"<a/>"} | autres)


def photo(genre: str = "JPEG", cotes: tuple[int, int] = (40, 20)) -> bytes:
    tampon = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil de la présidente"
    exif[0x8825] = {1: "N", 2: (50.0, 31.0, 0.0)}  # lieu de la prise de vue
    Image.new("RGB", cotes, "#a02f1a").save(tampon, genre, exif=exif)
    return tampon.getvalue()


def nom_du_cas(valeur: object) -> str | None:
    """Un nom stable d'un ouvrier à l'autre : les octets d'une archive portent l'heure."""
    return "octets" if isinstance(valeur, bytes) else None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("nom", "octets", "mime"),
    [
        ("délibération.pdf", PDF_MINIMAL, "application/pdf"),
        ("note.odt", odt(), "application/vnd.oasis.opendocument.text"),
        ("note.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("photo.jpeg", photo(), "image/jpeg"),
        ("plan.png", photo("PNG"), "image/png"),
    ],
    ids=nom_du_cas,
)
def test_un_type_accepte_est_garde_avec_son_empreinte(nom: str, octets: bytes, mime: str, now: datetime) -> None:
    piece = deposer(nom, octets, now)
    garde = Path(piece.fichier.path).read_bytes()
    assert (piece.type_mime, piece.taille) == (mime, len(garde))
    assert piece.empreinte == hashlib.sha256(garde).hexdigest()
    assert Path(piece.fichier.path).stem == str(piece.pk), "le nom sur le disque n'est choisi par personne"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("nom", "octets"),
    [
        ("vide.pdf", b""),
        ("programme.pdf", b"MZ\x90\x00" + b"\x00" * 100),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("dessin.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("coupe.pdf", PDF_MINIMAL[:20]),
        ("coupee.jpg", photo()[:80]),
        ("coupee.png", photo("PNG")[:60]),
        ("archive.docx", archive({"a.txt": b"a"})),
        ("casse.odt", odt()[:40]),
        ("macros.docx", docx(**{"word/vbaProject.bin": b"x"})),
        ("dehors.odt", odt(**{"../../etc/passwd": b"x"})),
        ("vieux.gif", b"GIF89a" + b"\x00" * 20),
    ],
    ids=nom_du_cas,
)
def test_un_contenu_qui_ment_est_refuse_en_francais(nom: str, octets: bytes, now: datetime) -> None:
    with pytest.raises(RefusMetier) as refus:
        deposer(nom, octets, now)
    assert refus.value.statut == 422
    assert refus.value.phrase.endswith(".")
    assert not PieceJointe.objects.exists()


@pytest.mark.django_db
def test_une_bombe_est_refusee_sans_etre_gonflee(now: datetime) -> None:
    bombe = odt(**{"content2.xml": b"0" * 60_000_000})
    assert len(bombe) < 100_000
    with pytest.raises(RefusMetier, match="trop gros une fois ouvert"):
        deposer("bombe.odt", bombe, now)


@pytest.mark.django_db
def test_une_image_immense_est_refusee_avant_d_etre_ouverte(now: datetime) -> None:
    tampon = BytesIO()
    Image.new("1", (9_000, 9_000)).save(tampon, "PNG")
    with pytest.raises(RefusMetier, match="trop de pixels"):
        deposer("immense.png", tampon.getvalue(), now)


@pytest.mark.django_db
def test_dix_mo_passent_et_un_octet_de_plus_est_refuse_avant_d_ecrire(now: datetime) -> None:
    plein = PDF_MINIMAL + b" " * (TAILLE_MAX - len(PDF_MINIMAL) - 7) + b"\n%%EOF\n"
    assert deposer("plein.pdf", plein, now).taille == TAILLE_MAX
    avant = sorted((settings.MEDIA_ROOT / "pieces").iterdir())
    with pytest.raises(RefusMetier, match="trop lourd"):
        deposer("trop.pdf", plein + b" ", now)
    assert sorted((settings.MEDIA_ROOT / "pieces").iterdir()) == avant


@pytest.mark.django_db
def test_une_taille_annoncee_fausse_ne_trompe_pas(now: datetime) -> None:
    fichier = SimpleUploadedFile("menteur.pdf", PDF_MINIMAL + b" " * TAILLE_MAX)
    fichier.size = 10
    with pytest.raises(RefusMetier, match="trop lourd"):
        ajouter_piece(fichier=fichier, par=None, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize("genre", ["JPEG", "PNG"])
def test_le_lieu_et_l_appareil_sont_retires_des_photos(genre: str, now: datetime) -> None:
    piece = deposer("photo", photo(genre) + b"<script>cache derriere</script>", now)
    garde = Path(piece.fichier.path).read_bytes()
    assert not Image.open(BytesIO(garde)).getexif()
    assert b"Appareil" not in garde
    assert b"<script>" not in garde


@pytest.mark.parametrize(
    ("nom", "propre"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Documents\\avis signé.PDF", "avis signé.pdf"),
        ("avis\u202efdp.exe", "avisfdp.pdf"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("   ", "piece.pdf"),
        (".pdf", "pdf.pdf"),
        ('<img src=x onerror="1">.pdf', "_img src=x onerror=_1__.pdf"),
        ("é" * 300, "é" * 156 + ".pdf"),
        ("\u200b\u2066\ufeff.pdf", "pdf.pdf"),
    ],
)
def test_le_nom_est_nettoye(nom: str, propre: str) -> None:
    assert nettoyer_le_nom(nom, PDF) == propre


@pytest.mark.django_db
def test_une_piece_est_servie_en_telechargement(now: datetime) -> None:
    reponse = servir(deposer("délibération n° 3.pdf", PDF_MINIMAL, now))
    assert reponse.content == PDF_MINIMAL
    assert reponse["Content-Disposition"].startswith("attachment; filename*=utf-8''d%C3%A9lib")
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Security-Policy"] == "default-src 'none'; sandbox"

"""Les fichiers abîmés, piégés ou démesurés sont refusés avec une phrase ; les images sont vérifiées et redessinées."""

import base64
import io
import re
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from participation.rapports.imports import analyser, archive, images
from tests.rapports.fichiers import IMAGE, docx_brut, fichier, paragraphe_docx, png, refus, zipper

PETIT = "# Rapport 2024\n\nAvant.\n\n## 1. Un\n\nTexte.\n"


def test_une_image_portee_par_le_markdown_est_prise() -> None:
    donnees = base64.b64encode(png()).decode()
    analyse = analyser("r.md", f"# Un 2024\n\n## 1. A\n\n![Un mur](data:image/png;base64,{donnees})\n".encode())
    assert analyse.sections[0].texte == "![](image:image-1)"
    assert [(i.nom, i.type_mime, i.largeur, i.hauteur, i.alt) for i in analyse.images] == [
        ("image-1", "image/png", 40, 20, "Un mur")
    ]


def test_une_image_de_docx_est_prise_avec_sa_description() -> None:
    corps = paragraphe_docx("Titre", '<w:pStyle w:val="Titre1"/>') + f"<w:p>{IMAGE.format(alt='La place')}</w:p>"
    analyse = analyser("r.docx", docx_brut(paragraphe_docx("Rapport", '<w:pStyle w:val="Titre1"/>') + corps))
    assert analyse.sections[-1].texte == "![](image:image-1)"
    assert analyse.images[0].alt == "La place"


def test_une_image_perd_ses_donnees_cachees() -> None:
    sortie = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil-secret"
    Image.new("RGB", (30, 30), "red").save(sortie, "JPEG", exif=exif)
    assert b"Appareil-secret" in sortie.getvalue()
    album = images.Album()
    assert album.prendre(sortie.getvalue(), "") == "image-1"
    assert b"Appareil-secret" not in album.images[0].octets


@pytest.mark.parametrize("octets", [b"", b"pas une image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", png()[:40]])
def test_une_image_illisible_est_ecartee(octets: bytes) -> None:
    album = images.Album()
    assert album.prendre(octets, "x") == ""
    assert len(album.ecarts) == 1


def test_une_image_demesuree_est_ecartee_avant_d_etre_decodee() -> None:
    entete = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bloc = struct.pack(">I", 13) + b"IHDR" + entete + struct.pack(">I", zlib.crc32(b"IHDR" + entete))
    album = images.Album()
    assert album.prendre(b"\x89PNG\r\n\x1a\n" + bloc + png()[33:], "") == ""
    assert "trop grande" in str(album.ecarts[0])


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_une_archive_abimee_est_refusee(format: str) -> None:
    for octets in (b"PK\x03\x04 rien", b"du texte", zipper({"autre.xml": "<a/>"}), fichier(format, PETIT)[:-30]):
        assert f"document {format}" in refus(f"r.{format}", octets)


def corps_de(format: str) -> str:
    """Le nom de la partie principale."""
    return {"docx": "word/document.xml", "odt": "content.xml"}[format]


def avec(format: str, nom: str, contenu: bytes) -> bytes:
    """Le petit rapport, dont une partie est remplacée."""
    with zipfile.ZipFile(io.BytesIO(fichier(format, PETIT))) as source:
        parties: dict[str, str | bytes] = {n: source.read(n) for n in source.namelist()}
    return zipper(parties | {nom: contenu})


XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LOL = b'<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("format", ["docx", "odt"])
@pytest.mark.parametrize("declaration", [XXE, LOL, b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">'])
@pytest.mark.parametrize("codage", ["utf-8", "utf-16"])
@pytest.mark.parametrize("partie", ["corps", "styles"])
def test_un_xml_a_entites_est_refuse(format: str, declaration: bytes, codage: str, partie: str) -> None:
    entete = f'<?xml version="1.0" encoding="{codage}"?>'.encode() + declaration + b"<a>&x;</a>"
    nom = corps_de(format) if partie == "corps" else {"docx": "word/styles.xml", "odt": "styles.xml"}[format]
    assert "abîmé" in refus(f"r.{format}", avec(format, nom, entete.decode().encode(codage)))


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_un_xml_trop_profond_est_refuse(format: str) -> None:
    profond = b"<a>" * 100_000 + b"</a>" * 100_000
    assert refus(f"r.{format}", avec(format, corps_de(format), profond))


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_une_bombe_est_refusee_avant_de_gonfler(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bombe = avec(format, "media/zeros.bin", b"\0" * 30_000_000)
    assert len(bombe) < 100_000

    def interdit(*_a: object, **_k: object) -> None:
        raise AssertionError("le contenu a été lu")

    monkeypatch.setattr(archive.zipfile.ZipFile, "read", interdit)
    assert "trop gros" in refus(f"r.{format}", bombe)


def test_une_bombe_qui_ment_sur_sa_taille_n_est_pas_gonflee() -> None:
    octets = bytearray(avec("docx", "word/document.xml", b"<a>" + b" " * 5_000_000 + b"</a>"))
    for signature, decalage in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        for trouve in re.finditer(re.escape(signature), bytes(octets)):
            place = trouve.start() + decalage
            if struct.unpack_from("<I", octets, place)[0] > 4_000_000:
                struct.pack_into("<I", octets, place, 900_000)
    assert refus("r.docx", bytes(octets))


def test_trop_de_parties_dans_l_archive_est_refuse() -> None:
    parties: dict[str, str | bytes] = {f"f{n}.bin": "" for n in range(2_100)}
    assert refus("r.docx", zipper(parties | {"word/document.xml": "<a/>"}))

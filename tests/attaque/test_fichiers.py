"""Les fichiers : rien ne reste sur le disque d'un envoi refusé ou d'une pièce retirée, et rien de cité ne s'efface."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from consultations.models import PieceAvis, ProjetAvis, Saisine
from participation.pieces.models import PieceJointe
from tests import fabriques

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def saisine() -> Saisine:
    """Une saisine ouverte pour longtemps."""
    return fabriques.saisine(echeance=fabriques.ECHEANCE.replace(year=2090))


@pytest.fixture
def adresse(client: Client, saisine: Saisine) -> str:
    """L'adresse du projet, pour une personne mandatée, entrée."""
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    return f"/consultations/{saisine.consultation.slug}/saisines/{saisine.pk}/projet/"


def fichiers() -> set[Path]:
    """Ce qu'il y a sur le disque."""
    return set((Path(settings.MEDIA_ROOT) / "pieces").glob("*"))


def pdf(nom: str) -> SimpleUploadedFile:
    """Un petit PDF."""
    return SimpleUploadedFile(nom, PDF, "application/pdf")


def test_une_piece_refusee_ne_laisse_pas_les_precedentes_sur_le_disque(client: Client, adresse: str) -> None:
    avant = fichiers()
    mauvaise = SimpleUploadedFile("image.svg", b"<svg onload='alert(1)'/>")
    reponse = client.post(adresse, {"v": 0, "texte": "gardé", "pieces": [pdf("a.pdf"), mauvaise]})
    assert reponse.status_code == 422
    assert "gardé" in reponse.content.decode()
    assert fichiers() == avant
    assert not PieceJointe.objects.exists()


def test_un_acte_refuse_apres_l_ecriture_efface_ses_fichiers(client: Client, adresse: str) -> None:
    client.post(adresse, {"v": 0, "pieces": [pdf(f"{n}.pdf") for n in range(9)]})
    avant = fichiers()
    assert client.post(adresse, {"v": 1, "pieces": [pdf("dix.pdf"), pdf("onze.pdf")]}).status_code == 422
    assert fichiers() == avant


def test_une_piece_retiree_d_un_brouillon_s_efface(
    client: Client, adresse: str, saisine: Saisine, django_capture_on_commit_callbacks: object
) -> None:
    avant = fichiers()
    client.post(adresse, {"v": 0, "pieces": [pdf("a.pdf"), pdf("b.pdf")]})
    projet = ProjetAvis.objects.get(saisine=saisine)
    premiere, seconde = projet.pieces.order_by("nom")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert client.post(adresse, {"v": 1, "retirer": [str(premiere.pk)]}).status_code == 303
    assert list(PieceJointe.objects.all()) == [seconde]
    assert fichiers() == avant | {Path(seconde.fichier.path)}


def test_une_piece_deja_publiee_reste_quand_le_brouillon_la_retire(
    client: Client, adresse: str, saisine: Saisine, django_capture_on_commit_callbacks: object
) -> None:
    client.post(adresse, {"v": 0, "pieces": [pdf("a.pdf")]})
    piece = PieceJointe.objects.get()
    PieceAvis.objects.create(avis=fabriques.avis(saisine), piece=piece)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert client.post(adresse, {"v": 1, "retirer": [str(piece.pk)]}).status_code == 303
    assert not ProjetAvis.objects.get(saisine=saisine).pieces.exists()
    assert Path(PieceJointe.objects.get().fichier.path).exists()


def test_on_ne_retire_pas_la_piece_d_une_autre_instance(client: Client, adresse: str) -> None:
    autre = fabriques.saisine()
    etrangere = PieceJointe.objects.create(
        nom="a.pdf", type_mime="application/pdf", taille=1, empreinte="0" * 64, ajoutee_le=fabriques.TRANSMISE_LE,
        fichier="pieces/a.pdf",
    )  # fmt: skip
    autre.projet.pieces.add(etrangere)
    client.post(adresse, {"v": 0, "retirer": [str(etrangere.pk)]})
    assert list(autre.projet.pieces.all()) == [etrangere]

"""Saisir une preuve de remise : sans elle, le silence ne vaut pas accord (règle 6)."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from consultations.models import PreuveRemise, Saisine
from participation.pieces.models import PieceJointe
from participation.registre.models import Entree
from tests import fabriques
from tests.gestion.conftest import QUAND

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def non_saisie() -> Saisine:
    """Une saisine transmise le 1er septembre 2025, sans preuve."""
    echeance = (QUAND + timedelta(days=30)).date()
    consultation = fabriques.consultation(transmise_le=QUAND - timedelta(days=14), echeance=echeance)
    return fabriques.saisine(
        consultation_=consultation,
        transmise_le=consultation.transmise_le,
        echeance=echeance,
        remise=False,
        projet=False,
    )


def saisie(**autres: Any) -> dict[str, Any]:
    """Ce que le formulaire envoie, complet."""
    return {"moyen": "RECEPISSE", "jour": "2025-09-02", "heure": "14:05", "note": "Gardé à l'accueil."} | autres


def page(saisine: Saisine) -> str:
    """L'adresse du formulaire."""
    return f"/gestion/saisines/{saisine.pk}/remise/"


def test_un_agent_inscrit_un_recepisse_a_l_heure_de_paris(agent: Client) -> None:
    saisine = non_saisie()
    reponse = agent.post(page(saisine), saisie())
    assert (reponse.status_code, reponse["Location"]) == (303, f"/gestion/consultations/{saisine.consultation.slug}/")
    preuve = PreuveRemise.objects.get()
    assert preuve.remis_le.isoformat() == "2025-09-02T12:05:00+00:00"
    assert (preuve.moyen, preuve.note, preuve.inscrite_le) == ("RECEPISSE", "Gardé à l'accueil.", QUAND)
    assert Entree.objects.get().acte == "remise_prouvee"
    assert "Récépissé signé" in agent.get(page(saisine)).text


def test_la_piece_est_controlee_et_gardee_avec_la_preuve(agent: Client) -> None:
    saisine = non_saisie()
    fichier = SimpleUploadedFile("recepisse.png", PNG, content_type="image/png")
    assert agent.post(page(saisine), saisie(note="", piece=fichier)).status_code == 303
    assert PreuveRemise.objects.get().piece == PieceJointe.objects.get()


@pytest.mark.parametrize(
    "faux",
    [
        {"moyen": "COURRIEL"}, {"moyen": ""}, {"jour": ""}, {"heure": "25:00"}, {"jour": "2025-08-31"},
        {"jour": "0001-01-01"}, {"jour": "2025-09-16"}, {"note": ""}, {"note": "vu"}, {"note": "a" * 301},
    ],
)  # fmt: skip
def test_une_preuve_impossible_est_refusee_et_la_saisie_rendue(agent: Client, faux: dict[str, str]) -> None:
    saisine = non_saisie()
    reponse = agent.post(page(saisine), saisie() | faux)
    assert reponse.status_code == 422
    assert 'name="jour"' in reponse.text
    assert not PreuveRemise.objects.exists()
    assert not Entree.objects.exists()


def test_un_faux_document_est_refuse_sans_rien_garder(agent: Client) -> None:
    saisine = non_saisie()
    fichier = SimpleUploadedFile("recu.pdf", b"MZ\x90\x00", content_type="application/pdf")
    assert agent.post(page(saisine), saisie(piece=fichier)).status_code == 422
    assert not PieceJointe.objects.exists()
    assert not PreuveRemise.objects.exists()


def test_qui_signe_lit_la_page_mais_ne_saisit_pas(signataire: Client) -> None:
    saisine = non_saisie()
    assert signataire.get(page(saisine)).status_code == 200
    assert signataire.post(page(saisine), saisie()).status_code == 403
    assert not PreuveRemise.objects.exists()


def test_une_remise_a_moins_d_un_mois_de_l_echeance_alerte_et_propose_le_report_de_cette_instance(
    agent: Client,
) -> None:
    """Règle 6 : la preuve vaut ; l'agent est prévenu tout de suite, le report est prérempli pour elle seule."""
    saisine = non_saisie()
    assert agent.post(page(saisine), saisie(jour="2025-09-15", heure="09:30"))["Location"].startswith("/gestion/cons")
    assert "moins d’un mois de l’échéance" not in agent.get(page(saisine)).text
    limite = fabriques.saisine(
        consultation_=saisine.consultation, transmise_le=saisine.transmise_le, projet=False, remise=False,
        echeance=saisine.echeance - timedelta(days=1),
    )  # fmt: skip
    assert agent.post(page(limite), saisie(jour="2025-09-15", heure="09:30"))["Location"] == page(limite)
    report = f"/gestion/consultations/{saisine.consultation.slug}/actes/report/?instance={limite.instance.slug}"
    assert report in agent.get(page(limite)).text
    assert report in agent.get("/gestion/").text
    prerempli = agent.get(report).text
    assert re.search(f'value="{limite.pk}"[^>]*checked', prerempli)
    assert not re.search(f'value="{saisine.pk}"[^>]*checked', prerempli)
    assert 'value="2025-10-15"' in prerempli
    assert "moins d&#x27;un mois avant son échéance" in prerempli
    for lieu in (limite.get_absolute_url(), f"/consultations/{saisine.consultation.slug}/annexe.odt"):
        assert "à moins d'un mois de l'échéance" in lu(lieu), lieu
    assert limite.preuves.count() == 1


def test_une_preuve_plus_ancienne_eteint_l_alerte(agent: Client) -> None:
    saisine = non_saisie()
    fabriques.preuve_remise(saisine)
    saisine = Saisine.objects.get()
    assert agent.post(page(saisine), saisie(jour="2025-09-15", heure="10:00"))["Location"] != page(saisine)


def lu(adresse: str) -> str:
    """Le texte de la page, ou de l'ODT, apostrophes et espaces droites."""
    octets = b"".join(Client().get(adresse))
    if adresse.endswith(".odt"):
        octets = zipfile.ZipFile(io.BytesIO(octets)).read("content.xml")
    texte = octets.decode().replace("&#x27;", "'").replace("’", "'")
    return re.sub("[\xa0\u202f]", " ", texte)

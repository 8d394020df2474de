"""L'annexe dit ce qui est signé, ce qui est reçu à côté ; provisoire jusqu'au procès-verbal (règles 3 bis, 8, 11)."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from consultations.actions.actes import preparer_acte, signer_acte
from consultations.actions.reception import completer_avis
from consultations.annexe import composer
from consultations.etats import TypeActe
from consultations.models import Saisine
from consultations.queries import avis_des, saisines_completes
from consultations.queries_actes import contributions_des
from tests import fabriques, fabriques_actes

pytestmark = pytest.mark.django_db


@pytest.fixture
def saisine(settings: Settings) -> Saisine:
    """Close depuis un jour : un avis complété, une lettre tardive, un rectificatif signé."""
    de = fabriques.consultation(slug="essai")
    commune = fabriques.saisine(consultation_=de, instance_=fabriques.conseil_municipal())
    avis = fabriques.avis(commune, recu_le=commune.borne - timedelta(hours=7), canal="ACCUEIL", motif_saisie="Papier.")
    completer_avis(
        avis=avis, deliberation="2025-112", prefecture_le=date(2025, 9, 14), piece=None, par=fabriques.agent(),
        now=commune.borne,
    )  # fmt: skip
    muette = fabriques.saisine(consultation_=de)
    fabriques_actes.contribution(muette)
    signer(muette, TypeActe.RECTIFICATIF, muette.borne - timedelta(days=2), texte="Lire « aménagement ».", section="2")
    settings.MAINTENANT = muette.borne + timedelta(days=1)
    return muette


def signer(saisine: Saisine, type: str, now: datetime, **parametres: str) -> None:
    prepare = preparer_acte(
        consultation=saisine.consultation, type=type, parametres=parametres, motif="Une coquille.",
        par=fabriques.agent(), now=now,
    )  # fmt: skip
    signer_acte(prepare=prepare, par=fabriques.signataire(), now=now)


def odt() -> str:
    """Le texte de l'ODT."""
    octets = b"".join(Client().get("/consultations/essai/annexe.odt"))  # type: ignore[arg-type]
    return zipfile.ZipFile(io.BytesIO(octets)).read("content.xml").decode().replace("\xa0", " ").replace(" ", " ")


def feuille(saisine: Saisine, now: datetime) -> str:
    """Le HTML que le PDF imprime."""
    de = saisine.consultation
    saisines = saisines_completes(de, now)
    annexe = composer(
        de, saisines, avis_des(saisines), None, actes=list(de.actes.all()), contributions=contributions_des(de, now)
    )
    return render_to_string(
        "feuilles/annexe.html", {"annexe": annexe, "consultation": de, "epci": fabriques.epci(), "date_du_document": ""}
    )


def test_l_annexe_dit_les_contributions_les_rectificatifs_les_complements_et_les_actes(saisine: Saisine) -> None:
    for texte in (odt(), feuille(saisine, saisine.borne + timedelta(days=1)).replace("\xa0", " ")):
        for mot in ("Reçu hors délai", "Trop tard, mais non.", "2025-112", "Lire « aménagement ».", "Papier.", "n° 1"):
            assert mot in texte, mot


def test_elle_est_provisoire_jusqu_au_proces_verbal_seulement(saisine: Saisine) -> None:
    apres = saisine.borne + timedelta(days=1)
    for texte in (odt(), feuille(saisine, apres)):
        assert "Document provisoire" in texte
        assert "Vérification du courrier en cours" in texte
    signer(saisine, TypeActe.PROCES_VERBAL, apres)
    for texte in (odt(), feuille(saisine, apres)):
        assert "provisoire" not in texte
        assert "Vérification du courrier en cours" not in texte
        assert "Procès-verbal de clôture" in texte


def test_publies_a_la_cloture_les_textes_a_cote_attendent_aussi() -> None:
    """Règle 20 : une lettre reçue pendant le délai ne se lit pas avant."""
    de = fabriques.consultation(visibilite_avis="cloture")
    saisine = fabriques.saisine(consultation_=de)
    fabriques_actes.contribution(saisine, "COURRIER", recu_le=saisine.transmise_le)
    assert contributions_des(de, saisine.borne - timedelta(microseconds=1)) == []
    assert len(contributions_des(de, saisine.borne)) == 1

"""Un courriel revenu, par le bureau et par la relève : rien n'est réputé, rien n'est effacé (règle 6)."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from consultations.actions.remise import constater_remises
from consultations.actions.silence import acter_silences
from consultations.models import ConstatRetour, RetourCourriel, Saisine
from participation.notifications.models import Envoi
from participation.pieces.models import PieceJointe
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests import fabriques, fabriques_remise
from tests.gestion.conftest import QUAND
from tests.gestion.test_remise import lu

JOUR = timedelta(days=1)


@pytest.fixture
def saisine() -> Saisine:
    """Transmise le 1er septembre 2025 à 10 h, un courriel accepté."""
    transmise_le, echeance = QUAND - 14 * JOUR, (QUAND + 60 * JOUR).date()
    de = fabriques.consultation(slug="essai", transmise_le=transmise_le, echeance=echeance)
    faite = fabriques.saisine(
        consultation_=de, transmise_le=transmise_le, echeance=echeance, remise=False, projet=False
    )  # fmt: skip
    fabriques_remise.envoi_accepte(faite)
    return faite


def poster(agent: Client, saisine: Saisine, jour: str, **autres: Any) -> Any:
    envoi = Envoi.objects.get(objet_id=saisine.pk, evenement="saisine")
    corps = {"envoi": str(envoi.pk), "jour": jour, "heure": "09:00", "motif": "550, boîte inconnue."} | autres
    return agent.post(f"/gestion/saisines/{saisine.pk}/retour/", corps)


def test_un_retour_sous_72_h_alerte_le_bureau_et_l_instance_est_non_saisie(agent: Client, saisine: Saisine) -> None:
    constater_remises(now=QUAND)
    assert 'data-etat="attente"' in Client().get(saisine.get_absolute_url()).text
    fichier = SimpleUploadedFile("retour.png", fabriques.PIXEL, "image/png")
    assert poster(agent, saisine, "2025-09-03", piece=fichier).status_code == 303
    assert RetourCourriel.objects.get().piece == PieceJointe.objects.get()
    assert "courriel revenu le mercredi 3 septembre 2025" in agent.get("/gestion/").text.replace("\xa0", " ")
    fiche = lu(saisine.get_absolute_url())
    assert 'data-etat="nonsaisie"' in fiche
    assert "moins de 72 heures après son envoi : il ne prouve rien" in fiche
    assert "Courriel de transmission revenu" in fiche
    assert "Ne vaut plus : revenu" in agent.get(f"/gestion/saisines/{saisine.pk}/remise/").text.replace("\xa0", " ")


def test_un_retour_tardif_se_constate_avant_le_proces_verbal_et_le_silence_reste_au_registre(
    agent: Client, saisine: Saisine, settings: Settings
) -> None:
    acter_silences(now=saisine.borne)
    settings.MAINTENANT = saisine.borne + JOUR
    poster(agent, saisine, "2025-09-08")
    retour = RetourCourriel.objects.get()
    adresse = f"/gestion/retours/{retour.pk}/"
    assert adresse in agent.get("/gestion/").text
    assert '"AVIS_SENS": "REPUTE_FAVORABLE"' in lu("/consultations/essai/avis.json")
    assert agent.post(adresse, {"decision": "NON_REMISE", "motif": "non"}).status_code == 422
    motif = "La boîte est fermée depuis juin."
    assert agent.post(adresse, {"decision": "NON_REMISE", "motif": motif}).status_code == 303
    assert agent.post(adresse, {"decision": "REMISE_TIENT", "motif": motif}).status_code == 409
    silence = ConstatRetour.objects.get().silence
    assert silence is not None
    assert '"AVIS_SENS": "NON_SAISIE"' in lu("/consultations/essai/avis.json")
    for lieu in (saisine.get_absolute_url(), "/consultations/essai/annexe.odt"):
        texte = lu(lieu)
        assert motif in texte, lieu
        assert silence.numero in texte, lieu
        assert "Sans remise qui tienne, il ne vaut rien" in texte, lieu
    assert "Ce silence ne vaut plus" in lu(silence.get_absolute_url())
    assert adresse not in agent.get("/gestion/").text
    actes = set(Entree.objects.values_list("acte", flat=True))
    assert {"remise_prouvee", "silence_constate", "courriel_revenu", "retour_constate"} <= actes
    assert verifier().is_intact


def test_sans_motif_ou_sans_date_le_retour_est_refuse_et_la_saisie_rendue(agent: Client, saisine: Saisine) -> None:
    for faux in ({"motif": ""}, {"jour": ""}, {"heure": "25:00"}, {"envoi": str(saisine.pk)}):
        reponse = poster(agent, saisine, **{"jour": "2025-09-03"} | faux)
        assert reponse.status_code == 422
        assert 'name="motif"' in reponse.text
    assert poster(agent, saisine, "2025-09-16").status_code == 422
    assert not RetourCourriel.objects.exists()
    assert poster(agent, saisine, "2025-09-03").status_code == 303
    assert "n’attend de retour" in agent.get(f"/gestion/saisines/{saisine.pk}/retour/").text
    assert not PieceJointe.objects.exists()


def test_le_bureau_dit_quand_un_courriel_vaudra_remise_et_n_alerte_pas_avant(agent: Client, settings: Settings) -> None:
    settings.MAINTENANT = QUAND
    recente = fabriques.saisine(
        consultation_=fabriques.consultation(transmise_le=QUAND - JOUR), transmise_le=QUAND - JOUR, remise=False
    )
    fabriques_remise.envoi_accepte(recente)
    bureau = agent.get("/gestion/").text
    assert "aucune preuve de remise" not in bureau
    assert "preuve le" in bureau
    remise = agent.get(f"/gestion/saisines/{recente.pk}/remise/").text.replace("\xa0", " ")
    assert "Il vaudra remise le mercredi 17 septembre 2025" in remise


def releve(*arguments: str, entree: bytes = b"", monkeypatch: pytest.MonkeyPatch) -> str:
    sortie = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(entree)))
    call_command("relever_retours", *arguments, stdout=sortie)
    return sortie.getvalue()


def test_la_releve_lit_l_entree_standard_ou_un_dossier_et_se_rejoue(
    saisine: Saisine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    envoi = Envoi.objects.get()
    message = fabriques_remise.dsn(envoi, datetime.fromisoformat("2025-09-02T08:00+02:00"))
    assert "1 retour inscrit" in releve("-", entree=message, monkeypatch=monkeypatch)
    (tmp_path / "retour.eml").write_bytes(message)
    (tmp_path / "autre.eml").write_bytes(b"Subject: Bonjour\r\n\r\nCeci n'est pas un retour.")
    dite = releve(str(tmp_path), monkeypatch=monkeypatch)
    assert "0 retour inscrit, 1 déjà connu, 1 message ignoré" in dite
    assert RetourCourriel.objects.count() == 1
    acter_silences(now=saisine.borne)
    assert not saisine.avis.exists()

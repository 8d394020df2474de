"""Un avis reçu autrement, par HTTP : compte la réception, non la saisie (règles 11, 15, 16 ; « Must show » 1)."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.test import Client
from pytest_django import Settings

from consultations.actions.silence import acter_silences
from consultations.models import Avis, Complement, Contribution, Saisine
from participation.common.dates import PARIS
from participation.comptes.models import Groupe
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests import fabriques, fabriques_actes

QUATRE_JOURS_APRES = datetime(2025, 11, 3, 9, 0, tzinfo=PARIS)
MOTIF = "Papier remis à l'accueil, tamponné."


@pytest.fixture
def saisine(settings: Settings) -> Saisine:
    """Le délai est clos, le silence est inscrit, quatre jours ont passé."""
    faite = fabriques.saisine(consultation_=fabriques.consultation(slug="essai"))
    acter_silences(now=faite.borne)
    settings.MAINTENANT = QUATRE_JOURS_APRES
    return faite


def corps(**champs: Any) -> dict[str, Any]:
    """Le papier du dernier jour, 16 h 20 ; `piece=None` : sans preuve."""
    voulu: dict[str, Any] = {
        "cle": str(uuid4()), "canal": "ACCUEIL", "jour": "2025-10-30", "heure": "16:20", "sens": "DEFAVORABLE",
        "texte": "Nous ne voulons pas de ce projet.", "motif": MOTIF,
        "observation-1-nature": "question", "observation-1-section": "2", "observation-1-texte": "Et le 2 ?",
        "piece": SimpleUploadedFile("papier.png", fabriques.PIXEL, "image/png"),
    }  # fmt: skip
    return {nom: valeur for nom, valeur in (voulu | champs).items() if valeur is not None}


def poster(client: Client, saisine: Saisine, **champs: Any) -> Any:
    return client.post(f"/gestion/saisines/{saisine.pk}/avis-recu/", corps(**champs))


def ligne(saisine: Saisine) -> dict[str, Any]:
    (seule,) = json.loads(Client().get("/consultations/essai/avis.json").content)
    return dict(seule)


def test_un_papier_du_dernier_jour_saisi_quatre_jours_apres_se_dit_partout(agent: Client, saisine: Saisine) -> None:
    avant = list(Entree.objects.values_list("n", "empreinte"))
    assert poster(agent, saisine).status_code == 303
    avis = Avis.objects.get(canal="ACCUEIL")
    assert avis.remplace is not None
    assert avis.remplace.is_silence
    page = Client().get(avis.get_absolute_url()).text
    for mot in ("accueil", "jeudi 30 octobre 2025", "lundi 3 novembre 2025", MOTIF, "remplace un silence"):
        assert mot in page.replace("\xa0", " ").replace("&#x27;", "'").replace("’", "'"), mot
    lue = ligne(saisine)
    assert (lue["AVIS_SENS"], lue["RECEPTION_DATE"], lue["SAISI_LE"], lue["CANAL"], lue["OBS_NB"]) == (
        "DEFAVORABLE", "2025-10-30", "2025-11-03", "ACCUEIL", 1,
    )  # fmt: skip
    assert "1 réponse reçue sur 1 attendue" in Client().get("/consultations/essai/").text
    actes = list(Entree.objects.filter(acte__in=["silence_constate", "avis_recu"]).values_list("acte", flat=True))
    assert actes == ["silence_constate", "avis_recu"]
    assert list(Entree.objects.values_list("n", "empreinte"))[: len(avant)] == avant
    fiche = Client().get(saisine.get_absolute_url()).text
    assert "Avis reçu hors plateforme, saisi par un agent" in fiche
    assert "Silence réputé favorable inscrit" in fiche
    assert b"content.xml" in Client().get("/consultations/essai/annexe.odt").content
    assert verifier().is_intact


def test_un_papier_du_lendemain_est_une_contribution_et_le_silence_tient(agent: Client, saisine: Saisine) -> None:
    assert poster(agent, saisine, jour="2025-10-31", heure="00:00").status_code == 303
    assert Contribution.objects.get().type == "TARDIF"
    assert ligne(saisine)["AVIS_SENS"] == "REPUTE_FAVORABLE"
    for adresse in ("/consultations/essai/", "/consultations/essai/instances/", saisine.get_absolute_url()):
        page = Client().get(adresse).text
        assert "Reçu hors délai" in page, adresse
        assert "Réputé favorable" in page, adresse
    fiche = Client().get(saisine.get_absolute_url()).text
    assert "Nous ne voulons pas de ce projet." in fiche
    assert "papier.png" not in fiche
    assert "papier.png" in agent.get(saisine.get_absolute_url()).text


@pytest.mark.parametrize("manque", ["piece", "motif", "canal", "sens", "heure"])
def test_sans_preuve_ou_sans_motif_422_et_le_texte_reste(agent: Client, saisine: Saisine, manque: str) -> None:
    reponse = poster(agent, saisine, **{manque: None})
    assert reponse.status_code == 422
    assert "Nous ne voulons pas de ce projet." in reponse.text
    assert "Et le 2 ?" in reponse.text
    assert Avis.objects.count() == 1
    assert not Contribution.objects.exists()


def test_avant_d_envoyer_la_page_dit_ce_que_cela_vaudra(agent: Client, saisine: Saisine) -> None:
    for jour, heure, attendu in (
        ("2025-10-30", "23:59", "ce sera un avis"),
        ("2025-10-31", "00:00", "ce sera une contribution"),
    ):
        reponse = poster(agent, saisine, calculer="1", jour=jour, heure=heure, piece=None)
        assert reponse.status_code == 200
        assert attendu in reponse.text
        assert "Nous ne voulons pas de ce projet." in reponse.text
    assert "ce sera un courrier" in poster(agent, saisine, calculer="1", is_courrier="on", piece=None).text
    assert Avis.objects.count() == 1


def test_la_meme_cle_n_inscrit_qu_une_fois(agent: Client, saisine: Saisine) -> None:
    cle = str(uuid4())
    assert [poster(agent, saisine, cle=cle).status_code for _ in range(2)] == [303, 303]
    assert Avis.objects.count() == 2


def test_une_reponse_deja_deposee_ne_s_ecrase_que_si_l_agent_le_dit(agent: Client) -> None:
    saisine = fabriques.saisine()
    depose = fabriques.avis(saisine, recu_le=saisine.transmise_le + timedelta(days=5))
    refus = poster(agent, saisine, jour="2025-09-01", heure="10:00")
    assert refus.status_code == 409
    assert str(depose.pk) in refus.text
    assert "Nous ne voulons pas de ce projet." in refus.text
    assert poster(agent, saisine, jour="2025-09-01", heure="10:00", remplace=str(depose.pk)).status_code == 303


def test_un_papier_arrive_apres_une_nouvelle_transmission_mene_a_la_saisine_en_vigueur(
    agent: Client, saisine: Saisine
) -> None:
    Saisine.objects.filter(pk=saisine.pk).update(remplacee_le=datetime(2025, 10, 15, 9, 0, tzinfo=PARIS))
    neuve = fabriques.saisine(consultation_=saisine.consultation, instance_=saisine.instance, rang=2)
    lien = f'href="/gestion/saisines/{neuve.pk}/avis-recu/"'
    assert lien in agent.get(f"/gestion/saisines/{saisine.pk}/avis-recu/").text
    assert "saisine en vigueur" in poster(agent, saisine, calculer="1").text
    refus = poster(agent, saisine)
    assert refus.status_code == 409
    assert "transmis de nouveau le mercredi 15 octobre 2025" in refus.text
    assert lien in refus.text
    assert "Nous ne voulons pas de ce projet." in refus.text
    assert not Avis.objects.filter(canal="ACCUEIL").exists()
    assert poster(agent, neuve).status_code == 303


def test_la_lettre_d_un_maire_reste_une_lettre(agent: Client, settings: Settings) -> None:
    saisine = fabriques.saisine(instance_=fabriques.conseil_municipal())
    sans_vote = poster(agent, saisine, jour="2025-09-01", heure="10:00")
    assert sans_vote.status_code == 422
    assert "cochez" in sans_vote.text
    assert poster(agent, saisine, jour="2025-09-01", heure="10:00", is_courrier="on").status_code == 303
    page = Client().get(saisine.get_absolute_url()).text
    assert "Courrier sans délibération" in page
    assert "En attente" in page


def test_mairie_presidente_et_administrateur_ne_saisissent_jamais(saisine: Saisine) -> None:
    admin = fabriques.utilisateur(Groupe.ADMIN, is_superuser=True, is_staff=True)
    for personne in (fabriques.mandat(saisine.instance).utilisateur, admin):
        client = Client()
        client.force_login(personne)
        assert poster(client, saisine).status_code == 404
    client = Client()
    client.force_login(fabriques.utilisateur(Groupe.SIGNATAIRE))
    assert poster(client, saisine).status_code == 403
    assert Avis.objects.count() == 1


def test_l_administration_ne_touche_ni_avis_ni_contribution_ni_acte_meme_en_nombre(saisine: Saisine) -> None:
    """« Must show » 1 : les actions groupées de /admin/ comprises."""
    fabriques_actes.contribution(saisine)
    client = Client()
    client.force_login(fabriques.utilisateur(Groupe.ADMIN, is_superuser=True, is_staff=True))
    for modele in ("avis", "contribution", "acte", "acteprepare", "complement", "demandedetemps"):
        adresse = f"/admin/consultations/{modele}/"
        reponse = client.post(
            adresse, {"action": "delete_selected", "_selected_action": [str(Avis.objects.get().pk)], "post": "yes"}
        )
        assert reponse.status_code in (200, 302, 403, 404), modele
    assert (Avis.objects.count(), Contribution.objects.count()) == (1, 1)


def test_une_commune_complete_sa_deliberation_et_l_export_la_nomme(agent: Client) -> None:
    commune = fabriques.saisine(
        consultation_=fabriques.consultation(slug="essai"), instance_=fabriques.conseil_municipal()
    )
    avis = fabriques.avis(commune, recu_le=commune.transmise_le + timedelta(days=5))
    mairie = Client()
    mairie.force_login(fabriques.mandat(commune.instance).utilisateur)
    adresse = f"{avis.get_absolute_url()}complement/"
    assert adresse in mairie.get(avis.get_absolute_url()).text
    assert mairie.post(adresse, {}).status_code == 422
    document = SimpleUploadedFile("deliberation.png", fabriques.PIXEL, "image/png")
    rempli = {"deliberation": "2025-112", "prefecture_le": "2025-09-14", "piece": document}
    assert mairie.post(adresse, rempli).status_code == 303
    assert agent.get(adresse).status_code == 200
    assert ligne(commune)["DELIB_ID"] == "2025-112"
    page = Client().get(avis.get_absolute_url()).text
    assert "2025-112" in page
    piece = f"{avis.get_absolute_url()}pieces/{Complement.objects.get().piece_id}/"
    assert piece in page
    assert Client().get(piece).status_code == 200
    assert "2025-112" in Client().get(commune.get_absolute_url()).text
    empreinte = avis.empreinte
    avis.refresh_from_db()
    assert avis.empreinte == empreinte


def test_la_preuve_d_une_contribution_ne_se_change_ni_ne_s_efface(saisine: Saisine) -> None:
    piece = fabriques_actes.contribution(saisine).piece
    for geste in (lambda: piece.delete(), lambda: type(piece).objects.filter(pk=piece.pk).update(nom="autre.pdf")):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            geste()

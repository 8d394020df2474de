"""« À signer » et les actes de réparation, par HTTP : préparer (agent), signer (signataire), abandonner."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from consultations import delais
from consultations.models import Acte, ActePrepare, Consultation, DemandeDeTemps, Saisine
from participation.common.dates import PARIS
from participation.notifications.models import Envoi
from participation.registre.actions import verifier
from tests import fabriques

MOTIF = "Le conseil municipal se réunit en novembre."
REPORT = {"echeance": "2025-12-15", "fondement": "Délibération du 24 juin 2025", "motif": MOTIF}


@pytest.fixture
def saisine() -> Saisine:
    return fabriques.saisine(consultation_=fabriques.consultation(slug="essai"))


def preparer(agent: Client, acte: str, **corps: Any) -> Any:
    return agent.post(f"/gestion/consultations/essai/actes/{acte}/", corps)


def mots(page: str) -> int:
    """Les mots du contenu, hors replis."""
    contenu = re.search(r"<main.*?</main>", page, re.S)
    assert contenu
    nu = re.sub(r"<details.*?</details>", " ", contenu[0], flags=re.S)
    return len(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", nu)))


def test_un_report_se_prepare_se_relit_et_se_signe(agent: Client, signataire: Client, saisine: Saisine) -> None:
    reponse = preparer(agent, "report", **REPORT)
    assert reponse.status_code == 303
    lu = signataire.get(reponse["Location"])
    for libelle in ("Quoi", "À qui", "Jusqu’à quand", "Sans réponse", "Ce qui manque", "Préparé par"):
        assert f"<dt>{libelle}</dt>" in lu.text
    assert "lundi 15 décembre 2025" in lu.text
    assert "Délibération du 24 juin 2025" in lu.text
    assert mots(lu.text) <= 250
    (montre,) = lu.context["fiche"].courriels
    assert signataire.post(reponse["Location"], {"relu": "on"}).status_code == 303
    saisine.refresh_from_db()
    assert saisine.borne == delais.borne(date(2025, 12, 15))
    envoi = Envoi.objects.filter(evenement="report").get()
    assert (envoi.sujet, envoi.texte) == (montre.sujet, montre.texte)
    assert verifier().is_intact


@pytest.mark.parametrize(("echeance", "statut"), [("2025-10-30", 422), ("2025-10-29", 422), ("2025-10-31", 303)])
def test_un_raccourcissement_est_refuse_des_la_preparation(
    agent: Client, saisine: Saisine, echeance: str, statut: int
) -> None:
    reponse = preparer(agent, "report", **REPORT | {"echeance": echeance})
    assert reponse.status_code == statut
    assert ActePrepare.objects.exists() is (statut == 303)
    assert not Envoi.objects.exists()  # l'essai à blanc ne laisse rien
    if statut == 422:
        assert MOTIF in reponse.text


def test_apres_l_expiration_un_report_est_refuse(agent: Client, saisine: Saisine, settings: Settings) -> None:
    settings.MAINTENANT = saisine.borne
    assert preparer(agent, "report", **REPORT).status_code == 409
    assert not ActePrepare.objects.exists()


def test_expire_entre_la_preparation_et_la_signature_rien_ne_change(
    agent: Client, signataire: Client, saisine: Saisine, settings: Settings
) -> None:
    acte = preparer(agent, "report", **REPORT)["Location"]
    settings.MAINTENANT = saisine.borne
    reponse = signataire.post(acte, {"relu": "on"})
    assert reponse.status_code == 409
    saisine.refresh_from_db()
    assert saisine.echeance == date(2025, 10, 30)


def test_une_coquille_se_corrige_par_un_rectificatif(agent: Client, signataire: Client, saisine: Saisine) -> None:
    """« Must show » 4 : l'empreinte figée ne bouge pas, chacun est prévenu une fois."""
    empreinte = saisine.version.empreinte
    acte = preparer(agent, "rectificatif", section="2", texte="Lire « aménagement ».", motif="Une coquille.")
    assert acte.status_code == 303
    assert signataire.post(acte["Location"], {"relu": "on"}).status_code == 303
    assert signataire.post(acte["Location"], {"relu": "on"}).status_code == 409
    saisine.version.refresh_from_db()
    assert saisine.version.empreinte == empreinte
    assert Envoi.objects.filter(evenement="rectificatif").count() == 1
    for adresse in ("/consultations/essai/", "/consultations/essai/sections/2/"):
        assert "Lire « aménagement »." in Client().get(adresse).text.replace("\xa0", " "), adresse
    assert "Rectificatif" not in Client().get("/consultations/essai/sections/1/").text


def test_une_instance_se_retire_et_une_consultation_s_annule(
    agent: Client, signataire: Client, saisine: Saisine
) -> None:
    autre = fabriques.saisine(consultation_=saisine.consultation)
    retrait = preparer(agent, "retrait", saisines=[str(autre.pk)], motif="Elle est sortie du contrat.")
    signataire.post(retrait["Location"], {"relu": "on"})
    assert "Sans objet" in Client().get(autre.get_absolute_url()).text
    page = Client().get("/consultations/essai/").text
    assert "Elle est sortie du contrat." in page
    assert "est annulée" not in page
    annulation = preparer(agent, "annulation", motif="La délibération est retirée.")
    signataire.post(annulation["Location"], {"relu": "on"})
    page = Client().get("/consultations/essai/").text
    assert "Cette consultation est annulée" in page
    assert "La délibération est retirée." in page


def test_le_proces_verbal_dit_ses_comptes_et_eteint_la_verification(
    agent: Client, signataire: Client, saisine: Saisine, settings: Settings
) -> None:
    assert preparer(agent, "cloture", courrier="on").status_code == 422
    settings.MAINTENANT = saisine.borne
    assert "Vérification du courrier en cours" in Client().get("/consultations/essai/").text
    assert preparer(agent, "cloture").status_code == 422
    acte = preparer(agent, "cloture", courrier="on")
    assert acte.status_code == 303
    assert not Envoi.objects.filter(evenement="cloture").exists()
    lu = signataire.get(acte["Location"])
    assert "réputé favorable 1" in lu.text
    signataire.post(acte["Location"], {"relu": "on"})
    settings.MAINTENANT = saisine.borne + timedelta(seconds=1)
    assert Envoi.objects.filter(evenement="cloture").count() == 1
    for adresse in ("/consultations/essai/", "/consultations/essai/instances/", saisine.get_absolute_url()):
        assert "Vérification du courrier en cours" not in Client().get(adresse).text, adresse


def test_un_acte_abandonne_quitte_la_pile(agent: Client, signataire: Client, saisine: Saisine) -> None:
    acte = preparer(agent, "report", **REPORT)["Location"]
    assert acte in signataire.get("/gestion/a-signer/").text
    assert signataire.post(f"{acte}abandonner/").status_code == 403
    assert agent.post(f"{acte}abandonner/").status_code == 303
    assert acte not in signataire.get("/gestion/a-signer/").text
    assert signataire.post(acte, {"relu": "on"}).status_code == 409
    assert not Acte.objects.exists()


def test_plus_de_temps_se_demande_une_fois_et_arrive_prerempli_chez_l_agent(agent: Client, saisine: Saisine) -> None:
    mandat = Client()
    mandat.force_login(fabriques.mandat(saisine.instance).utilisateur)
    adresse = f"{saisine.get_absolute_url()}temps/"
    assert "Demander plus de temps" in mandat.get(saisine.get_absolute_url()).text
    assert agent.post(adresse).status_code == 403
    assert [mandat.post(adresse).status_code for _ in range(2)] == [303, 303]
    assert DemandeDeTemps.objects.count() == 1
    assert "Vous avez demandé plus de temps" in mandat.get(saisine.get_absolute_url()).text
    tache = next(t for t in agent.get("/gestion/").context["taches"] if "demande plus de temps" in t.titre)
    form = agent.get(tache.adresse).context["form"]
    assert form.initial["saisines"] == [str(saisine.pk)]
    assert str(saisine.instance) in form.initial["motif"]


def test_la_pile_et_un_acte_coutent_autant_a_deux_qu_a_vingt(agent: Client, saisine: Saisine) -> None:
    def grossir(combien: int) -> str:
        for _ in range(combien):
            fabriques.saisine(consultation_=saisine.consultation, projet=False)
            dernier = str(preparer(agent, "report", **REPORT)["Location"])
        return dernier

    comptes = []
    for combien in (2, 8):
        acte = grossir(combien)
        for adresse in ("/gestion/a-signer/", acte, "/gestion/"):
            agent.get(adresse)
            with CaptureQueriesContext(connection) as vues:
                agent.get(adresse)
            comptes.append(len(vues))
    assert comptes[:3] == comptes[3:]


def test_une_commune_sans_qpv_voit_la_deliberation_citee_et_un_partenaire_ne_doit_rien(
    agent: Client, settings: Settings
) -> None:
    """« Must show » 2 : le silence suit le fondement, jusque sur la page publique et l'annexe."""
    de = fabriques.consultation(slug="essai")
    qic = fabriques.saisine(consultation_=de, instance_=fabriques.conseil_municipal(), fondement="DELIBERATION")
    partenaire = fabriques.saisine(consultation_=de, fondement="PARTENAIRE")
    settings.MAINTENANT = qic.borne
    fiche = agent.get(preparer(agent, "cloture", courrier="on")["Location"]).context["fiche"]
    assert fiche.sans_reponse == [
        "1 instance : À défaut de réponse dans le délai imparti, l'avis est réputé favorable "
        "(délibération qui fixe la consultation)."
    ]
    assert len(fiche.courriels) == 1
    assert "son silence ne vaut rien" in Client().get(partenaire.get_absolute_url()).text


def test_une_transmission_du_1er_octobre(agent: Client, signataire: Client, settings: Settings) -> None:
    """« Must show » 3 : 01/10 → 31/10 refusée avec la première date ; 30/09 → 30/10 signée, avec l'alerte du 03/11."""
    for jour, echeance, statut, phrase in (
        (datetime(2025, 10, 1, 9, tzinfo=PARIS), "2025-10-31", 422, "samedi 1er novembre 2025"),
        (datetime(2025, 9, 30, 9, tzinfo=PARIS), "2025-10-30", 303, "lundi 3 novembre 2025"),
    ):
        settings.MAINTENANT = jour
        preparee = fabriques.consultation(
            transmise=False, version=fabriques.version(), instances=[fabriques.instance()], echeance=echeance
        )
        acte = agent.post(f"/gestion/consultations/{preparee.slug}/transmettre/")["Location"]
        assert phrase in signataire.get(acte).text
        assert signataire.post(acte, {"relu": "on"}).status_code == statut
        assert Consultation.objects.get(pk=preparee.pk).transmise_le == (jour if statut == 303 else None)

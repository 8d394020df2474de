"""Les réparations de bout en bout, par HTTP : ce qu'un papier, un retour, un report ou une coquille changent partout.

« Must show » 1 à 4 de la partie B. Les refus d'une saisie (sans preuve, sans motif, sans droit) sont dans
tests/gestion/test_avis_recu.py ; l'administration, dans tests/gestion/test_admin_actes.py.
"""

import smtplib
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from pytest_django import Settings

from consultations.actions.remise import constater_remises
from consultations.actions.silence import acter_silences
from consultations.etats import Fondement
from consultations.models import Acte, Avis, Consultation, Saisine
from participation.common.dates import PARIS
from participation.notifications.actions import vider_la_boite
from participation.notifications.models import Envoi
from participation.registre.actions import verifier
from participation.registre.models import Entree
from participation.territoires.models import Instance, Quartier
from tests import fabriques
from tests.outillage.documents import mots_serres
from tests.preuves.lectures import lignes_csv, lignes_json, lire, pdf

pytestmark = pytest.mark.django_db
DERNIER_JOUR_16H20 = {"jour": "2025-10-30", "heure": "16:20"}
MOTIF = "Papier remis à l'accueil, tamponné, rangé quatre jours."
TEXTE = "Nous ne voulons pas de ce projet."
SAISI_LE = datetime(2025, 11, 3, 9, 0, tzinfo=PARIS)
JOUR = timedelta(days=1)
DELIBERATION = "(délibération qui fixe la consultation)"
C = "/consultations/essai/"


@pytest.fixture
def agent() -> Client:
    """Un navigateur où une personne du groupe agent est entrée."""
    return entrer(fabriques.agent())


@pytest.fixture
def signataire() -> Client:
    """Un navigateur où une personne signataire est entrée."""
    return entrer(fabriques.signataire())


def entrer(personne: Any) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def papier(agent: Client, saisine: Saisine, **champs: Any) -> int:
    corps: dict[str, Any] = {
        "cle": str(uuid4()), "canal": "ACCUEIL", "sens": "DEFAVORABLE", "texte": TEXTE, "motif": MOTIF,
        "observation-1-nature": "question", "observation-1-section": "2", "observation-1-texte": "Et le 2 ?",
        "piece": SimpleUploadedFile("papier.png", fabriques.PIXEL, "image/png"),
    }  # fmt: skip
    return int(agent.post(f"/gestion/saisines/{saisine.pk}/avis-recu/", corps | champs).status_code)


def acte(agent: Client, signataire: Client, mot: str, **corps: Any) -> int:
    """Prépare puis signe ; rend le code de la préparation, ou de la signature si la préparation passe."""
    prepare = agent.post(f"/gestion{C}actes/{mot}/", corps)
    if prepare.status_code != 303:
        return int(prepare.status_code)
    return int(signataire.post(prepare["Location"], {"relu": "on"}).status_code)


@pytest.fixture
def muettes(settings: Settings) -> tuple[Saisine, Saisine]:
    """Deux conseils muets, leurs silences inscrits à l'échéance ; c'est quatre jours plus tard."""
    de = fabriques.consultation(slug="essai")
    deux = fabriques.saisine(consultation_=de), fabriques.saisine(consultation_=de)
    assert acter_silences(now=deux[0].borne) == 2
    settings.MAINTENANT = SAISI_LE
    return deux


# --- Must show 1
def test_un_papier_du_dernier_jour_16_h_20_saisi_quatre_jours_apres_se_dit_partout(
    agent: Client, muettes: tuple[Saisine, Saisine]
) -> None:
    saisine, autre = muettes
    avant = list(Entree.objects.values())
    assert papier(agent, saisine, **DERNIER_JOUR_16H20) == 303
    avis = Avis.objects.get(canal="ACCUEIL")
    recu, saisi = "jeudi 30 octobre 2025 à 16 h 20", "lundi 3 novembre 2025"
    for lieu in (avis.get_absolute_url(), saisine.get_absolute_url()):  # la page, la fiche de preuve
        page = lire(lieu)
        for mot in ("16 h 20", "30 octobre 2025", "3 novembre 2025", MOTIF):
            assert mot in page, (lieu, mot)
    fiche = lire(saisine.get_absolute_url())
    assert "Silence réputé favorable inscrit" in fiche
    assert "Avis reçu hors plateforme, saisi par un agent" in fiche
    for page in (lire(C), lire(f"{C}instances/")):
        assert 'data-etat="defavorable"' in page
    assert "1 réponse reçue sur 2 attendues. 1 sans réponse" in lire(C)
    for ligne in (lignes_csv()[str(saisine.instance)], lignes_json()[str(saisine.instance)]):
        dit = [str(ligne[c]) for c in ("AVIS_SENS", "RECEPTION_DATE", "SAISI_LE", "CANAL", "OBS_NB")]
        assert dit == ["DEFAVORABLE", "2025-10-30", "2025-11-03", "ACCUEIL", "1"]
    assert lignes_csv()[str(autre.instance)]["AVIS_SENS"] == "REPUTE_FAVORABLE"
    odt, feuille = lire(f"{C}annexe.odt"), pdf(f"{C}annexe.pdf")
    for mot in (TEXTE, "Et le 2 ?", MOTIF, recu, saisi, "1 avis exprimé", "1 silence réputé favorable"):
        assert mots_serres(mot) in feuille, mot
    for mot in (TEXTE, "Et le 2 ?", MOTIF, recu, saisi):
        assert mot in odt, mot
    apres = list(Entree.objects.values())
    assert apres[: len(avant)] == avant, "une entrée a été altérée"
    assert [e["acte"] for e in apres if e["objet_id"] in {avis.pk, avis.remplace_id}] == [
        "silence_constate",
        "avis_recu",
    ]
    registre = lire("/registre.jsonl")
    assert str(avis.pk) in registre
    assert str(avis.remplace_id) in registre
    assert verifier().is_intact


def test_le_cachet_du_lendemain_est_hors_delai_et_le_silence_tient_partout(
    agent: Client, muettes: tuple[Saisine, Saisine]
) -> None:
    saisine, _ = muettes
    assert papier(agent, saisine, jour="2025-10-31", heure="00:00") == 303
    assert lignes_csv()[str(saisine.instance)]["AVIS_SENS"] == "REPUTE_FAVORABLE"
    assert "0 réponse reçue sur 2 attendues. 2 sans réponse" in lire(C)
    for lieu in (C, f"{C}instances/", saisine.get_absolute_url(), f"{C}annexe.odt"):
        assert "Reçu hors délai" in lire(lieu), lieu
    assert mots_serres("Reçu hors délai") in pdf(f"{C}annexe.pdf")
    assert TEXTE in lire(saisine.get_absolute_url())
    assert not Avis.objects.filter(saisine=saisine).exclude(sens="REPUTE_FAVORABLE").exists()
    assert verifier().is_intact


# --- Must show 2
def test_le_silence_d_une_commune_qui_n_a_que_des_qic_cite_la_deliberation_et_un_partenaire_ne_doit_rien(
    agent: Client, signataire: Client, settings: Settings
) -> None:
    """De la transmission signée à l'annexe : le fondement vient du territoire, pas de la saisie (règle 7)."""
    settings.MAINTENANT = fabriques.TRANSMISE_LE
    qic = fabriques.conseil_municipal(quartiers=[fabriques.quartier(type=Quartier.Type.QIC)])
    qpv, partenaire = fabriques.conseil_municipal(), fabriques.instance(type=Instance.Type.AUTRE, is_partenaire=True)
    fabriques.consultation(
        transmise=False, slug="essai", version=fabriques.version(), instances=[qic, qpv, partenaire],
        deliberation="2025/CC078", arrete_le=date(2025, 6, 24),
    )  # fmt: skip
    prepare = agent.post(f"/gestion{C}transmettre/")["Location"]
    assert signataire.post(prepare, {"relu": "on"}).status_code == 303
    saisines = {s.instance_id: s for s in Saisine.objects.all()}
    for saisine in saisines.values():
        fabriques.preuve_remise(saisine)
    assert saisines[qic.pk].fondement == Fondement.DELIBERATION
    settings.MAINTENANT = saisines[qic.pk].borne + JOUR
    assert acter_silences(now=settings.MAINTENANT) == 2
    silences = {a.saisine.instance_id: a for a in Avis.objects.all()}
    assert set(silences) == {qic.pk, qpv.pk}
    decret = "(décret n° 2015-1118 du 3 septembre 2015)"
    for instance, dit, tu in ((qic, DELIBERATION, decret), (qpv, decret, DELIBERATION)):
        for lieu in (silences[instance.pk].get_absolute_url(), saisines[instance.pk].get_absolute_url()):
            page = lire(lieu)
            assert dit in page, lieu
            assert tu not in page, lieu
    assert DELIBERATION in lire(f"{C}annexe.odt")
    assert mots_serres(DELIBERATION) in pdf(f"{C}annexe.pdf")
    sens = {nom: ligne["AVIS_SENS"] for nom, ligne in lignes_csv().items()}
    assert sens == {str(qic): "REPUTE_FAVORABLE", str(qpv): "REPUTE_FAVORABLE", str(partenaire): "SANS_OBJET"}
    assert "son silence ne vaut rien" in lire(saisines[partenaire.pk].get_absolute_url())


class RefuseTout(BaseEmailBackend):
    """Un serveur qui refuse l'adresse pour toujours (550)."""

    def send_messages(self, email_messages: Any) -> int:
        """Refuse."""
        raise smtplib.SMTPRecipientsRefused({email_messages[0].to[0]: (550, b"inconnue")})


class AccepteTout(BaseEmailBackend):
    """Un serveur qui accepte (250)."""

    def send_messages(self, email_messages: Any) -> int:
        """Accepte."""
        return len(email_messages)


@pytest.mark.parametrize("sort", ["refuse", "revenu"])
def test_un_corps_dont_l_envoi_est_refuse_ou_revient_n_est_jamais_repute(
    agent: Client, signataire: Client, settings: Settings, sort: str
) -> None:
    """Avant l'échéance, après elle, après l'inscription des silences, après le procès-verbal : non saisie."""
    settings.MAINTENANT = le = fabriques.TRANSMISE_LE
    fabriques.consultation(
        transmise=False, slug="essai", version=fabriques.version(), instances=[fabriques.instance()]
    )  # fmt: skip
    signataire.post(agent.post(f"/gestion{C}transmettre/")["Location"], {"relu": "on"})
    saisine = Saisine.objects.get()
    vider_la_boite(now=le, connexion=RefuseTout() if sort == "refuse" else AccepteTout())
    envoi = Envoi.objects.get(evenement="saisine")
    assert envoi.etat == ("echec" if sort == "refuse" else "envoye")
    if sort == "revenu":
        settings.MAINTENANT = le + 2 * JOUR
        corps = {"envoi": str(envoi.pk), "jour": "2025-07-01", "heure": "08:00", "motif": "550, boîte inconnue."}
        assert agent.post(f"/gestion/saisines/{saisine.pk}/retour/", corps).status_code == 303
    settings.MAINTENANT = le + 5 * JOUR
    constater_remises(now=le + 5 * JOUR)
    assert str(saisine.instance) in lire("/gestion/", agent), "une alerte au bureau"
    for now in (le + 5 * JOUR, saisine.borne - JOUR, saisine.borne, saisine.borne + 3 * JOUR):
        settings.MAINTENANT = now
        est_non_saisie(saisine)
        constater_remises(now=now)
        assert acter_silences(now=now) == 0
        est_non_saisie(saisine)
    assert acte(agent, signataire, "cloture", courrier="on") == 303
    settings.MAINTENANT = saisine.borne + 30 * JOUR
    assert acter_silences(now=settings.MAINTENANT) == 0
    est_non_saisie(saisine)
    assert not Avis.objects.exists()
    assert "Non saisie" in lire(f"{C}annexe.odt")
    assert Acte.objects.get(type="PROCES_VERBAL").effets["etats"] == {"NON_SAISIE": 1}


def est_non_saisie(saisine: Saisine) -> None:
    assert lignes_json()[str(saisine.instance)]["AVIS_SENS"] == "NON_SAISIE"
    assert 'data-etat="nonsaisie"' in lire(saisine.get_absolute_url())


# --- Must show 3
def test_une_echeance_ne_se_raccourcit_jamais_et_ne_se_reporte_plus_une_fois_passee(
    agent: Client, signataire: Client, settings: Settings
) -> None:
    saisine = fabriques.saisine(consultation_=fabriques.consultation(slug="essai"))
    report = {"fondement": "Délibération du 24 juin 2025", "motif": "Le conseil se réunit en novembre."}
    settings.MAINTENANT = saisine.borne - JOUR
    for echeance in ("2025-10-29", "2025-10-30"):
        assert acte(agent, signataire, "report", echeance=echeance, **report) == 422, echeance
    pret = agent.post(f"/gestion{C}actes/report/", report | {"echeance": "2025-11-14"})["Location"]
    settings.MAINTENANT = saisine.borne
    assert signataire.post(pret, {"relu": "on"}).status_code == 409
    assert acte(agent, signataire, "report", echeance="2025-12-15", **report) == 409
    saisine.refresh_from_db()
    assert saisine.echeance == fabriques.ECHEANCE
    assert not Acte.objects.exists()
    assert not Envoi.objects.exists()
    assert "Réputé favorable" in lire(saisine.get_absolute_url())


# --- Must show 4
def test_une_coquille_se_rectifie_sans_toucher_l_empreinte_et_chacun_l_apprend_une_fois(
    agent: Client, signataire: Client, settings: Settings
) -> None:
    de = fabriques.consultation(slug="essai")
    saisines = [fabriques.saisine(consultation_=de) for _ in range(2)]
    mandat = fabriques.mandat(saisines[0].instance)
    settings.MAINTENANT = fabriques.TRANSMISE_LE + 10 * JOUR
    empreinte, ligne = de.version.empreinte, lignes_json()
    corps = {"section": "2", "texte": "Lire « aménagement ».", "motif": "Une coquille."}
    assert acte(agent, signataire, "rectificatif", **corps) == 303
    de.version.refresh_from_db()
    assert de.version.empreinte == empreinte
    assert lignes_json() == ligne, "ni délai ni avis ne changent"
    envois = sorted(Envoi.objects.filter(evenement="rectificatif").values_list("adresse", flat=True))
    attendues = [*(s.instance.courriel for s in saisines), str(mandat.utilisateur.email)]
    assert envois == sorted(attendues)
    assert acte(agent, signataire, "rectificatif", **corps | {"section": "3"}) == 303
    assert Envoi.objects.filter(evenement="rectificatif").count() == 2 * len(attendues)
    for lieu in (C, f"{C}sections/2/", f"{C}annexe.odt"):
        assert "Lire « aménagement »." in lire(lieu), lieu
    assert Consultation.objects.get().version.empreinte == empreinte
    assert verifier().is_intact

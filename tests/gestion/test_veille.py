"""Ce que le bureau surveille : l'échéance, le courrier à vérifier, la machine, les courriels en échec, le journal."""

from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.test import Client
from django.utils.timezone import now as reel
from pytest_django import Settings

from consultations.etats import TypeActe
from participation.horloge.models import Battement
from participation.notifications.actions.reessai import reessayer
from participation.notifications.models import Envoi
from participation.registre.actions import inscrire
from tests import fabriques, fabriques_actes
from tests.fabriques_remise import envoi_accepte
from tests.gestion.conftest import QUAND
from tests.gestion.test_bureau import UN_JOUR, ouverte

pytestmark = pytest.mark.une_base  # ce qui se prouve ici ne dépend pas de la base


def en_echec(**champs: object) -> Envoi:
    """Un courriel que le serveur a refusé cinq fois."""
    saisine = ouverte(1).saisines.get()
    voulu = {"etat": Envoi.Etat.ECHEC, "envoye_le": None, "essais": 5, "derniere_erreur": "SMTPRecipientsRefused 550"}
    return envoi_accepte(saisine, **voulu | champs)


def test_le_bureau_compte_ce_qui_arrivera_tout_seul(agent: Client) -> None:
    consultation = ouverte(3)
    for _ in range(2):
        fabriques.saisine(
            consultation_=consultation, remise=False, echeance=consultation.echeance,
            transmise_le=consultation.transmise_le,
        )  # fmt: skip
    fabriques.avis(consultation.saisines.filter(preuves__isnull=False).first(), recu_le=QUAND - UN_JOUR)
    assert agent.get("/gestion/").context["a_venir"] == [
        "Le samedi 27 septembre 2025 à minuit : 2 silences deviendront réputés favorables, "
        "2 instances non saisies ne le deviendront pas."
    ]


def test_un_courriel_de_moins_de_72_heures_est_compte_parmi_les_silences(agent: Client) -> None:
    transmise_le = QUAND - UN_JOUR
    consultation = fabriques.consultation(transmise_le=transmise_le, echeance=(QUAND + 40 * UN_JOUR).date())
    saisine = fabriques.saisine(
        consultation_=consultation, transmise_le=transmise_le, echeance=consultation.echeance, remise=False
    )
    envoi_accepte(saisine)
    (phrase,) = agent.get("/gestion/").context["a_venir"]
    assert phrase.endswith("1 silence deviendra réputé favorable.")


def test_la_part_de_celles_qui_ont_parle_se_lit(agent: Client) -> None:
    consultation = ouverte(4)
    fabriques.avis(consultation.saisines.first(), recu_le=QUAND - UN_JOUR)
    page = agent.get("/gestion/")
    assert page.context["bilan"].part == 25
    assert "ont vraiment parlé" in page.text


@pytest.mark.parametrize(("reste", "is_a_verifier"), [(1, False), (0, True), (-1, True)])
def test_le_courrier_se_verifie_le_dernier_jour_et_apres(agent: Client, reste: int, is_a_verifier: bool) -> None:
    ouverte(1, reste=reste, titre="Rapport")
    titres = [t.titre for t in agent.get("/gestion/").context["taches"]]
    assert ("Courrier à vérifier : Rapport" in titres) is is_a_verifier


def test_le_courrier_se_verifie_jusqu_au_proces_verbal_signe(agent: Client) -> None:
    consultation = ouverte(1, reste=-1, titre="Rapport")
    prepare = fabriques_actes.acte_prepare(consultation, TypeActe.PROCES_VERBAL)
    titres = [t.titre for t in agent.get("/gestion/").context["taches"]]
    assert "Courrier à vérifier : Rapport" in titres
    assert "Procès-verbal de clôture à signer : Rapport" not in titres  # il est déjà dans la pile
    consultation.actes.create(
        prepare=prepare, n=1, type=TypeActe.PROCES_VERBAL, signe_le=QUAND, signe_par=fabriques.signataire()
    )
    assert agent.get("/gestion/").context["taches"] == []


def test_la_vue_des_silences_montre_ceux_qui_n_ont_rien_dit(agent: Client) -> None:
    consultation = ouverte(3, reste=-1)
    fabriques.avis(consultation.saisines.first(), recu_le=QUAND - 5 * UN_JOUR)
    page = agent.get(f"/gestion/consultations/{consultation.slug}/?voir=silences")
    assert len(page.context["vue"].lignes) == 2


def test_l_horloge_arretee_se_voit(agent: Client, settings: Settings) -> None:
    assert "pas encore battu" in agent.get("/gestion/").text
    battement = Battement.objects.create(action=settings.HORLOGE[0], dernier_le=reel())
    assert "L’horloge bat." in agent.get("/gestion/").text
    Battement.objects.filter(pk=battement.pk).update(dernier_le=reel() - timedelta(hours=1))
    assert "L’horloge est arrêtée." in agent.get("/gestion/").text


def test_reessayer_rend_le_courriel_a_la_file_une_seule_fois(agent: Client) -> None:
    envoi = en_echec()
    page = agent.get("/gestion/").text
    assert envoi.adresse in page
    assert "SMTPRecipientsRefused 550" in page
    adresse = f"/gestion/courriels/{envoi.pk}/reessayer/"
    assert agent.post(adresse)["Location"] == "/gestion/#t-machine"
    Envoi.objects.filter(pk=envoi.pk).update(etat=Envoi.Etat.PRIS)  # parti, le second clic arrive
    assert agent.post(adresse).status_code == 303
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.essais, envoi.a_envoyer_le) == (Envoi.Etat.PRIS, 0, ANY)
    assert Envoi.objects.count() == 1


@pytest.mark.parametrize("etat", [e for e in Envoi.Etat if e != Envoi.Etat.ECHEC])
def test_un_courriel_qui_n_est_pas_en_echec_ne_repart_pas(etat: str) -> None:
    envoi = en_echec(etat=etat)
    assert not reessayer(envoi=envoi, now=QUAND)
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.essais) == (etat, 5)


def test_une_personne_signataire_voit_l_echec_sans_pouvoir_renvoyer(signataire: Client) -> None:
    envoi = en_echec()
    page = signataire.get("/gestion/").text
    assert envoi.adresse in page
    assert "Réessayer" not in page
    assert signataire.post(f"/gestion/courriels/{envoi.pk}/reessayer/").status_code == 403


def test_le_journal_dit_les_derniers_actes_sans_personne(agent: Client) -> None:
    consultation = ouverte(1, titre="Rapport")
    qui = fabriques.utilisateur(nom_usage="Canari Nominatif")
    avis = fabriques.avis(consultation.saisines.get(), recu_le=QUAND - UN_JOUR, depose_par=qui)
    inscrire(acte="avis_depose", objet=avis, dossier=consultation.pk, now=QUAND - UN_JOUR)
    page = agent.get("/gestion/")
    ((acte, titre),) = page.context["journal"]
    assert (acte.phrase, titre) == ("Avis déposé", "Rapport")
    assert "Canari Nominatif" not in page.text

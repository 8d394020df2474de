"""Préparer une consultation : le simulateur de délai, le refus avec la première date possible, la correction."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from consultations.models import Consultation
from participation.common.dates import PARIS
from tests import fabriques

PAGE = "/gestion/consultations/nouvelle/"


def saisie(**autres: Any) -> dict[str, Any]:
    """Ce que le formulaire envoie, complet."""
    return {
        "titre": "Rapport de l'année", "version": str(fabriques.version().pk),
        "instances": [str(fabriques.instance().pk)], "visibilite_projet": "public", "visibilite_avis": "depot",
    } | autres  # fmt: skip


def test_sans_date_l_echeance_est_le_plancher(agent: Client) -> None:
    reponse = agent.post(PAGE, saisie())
    consultation = Consultation.objects.get()
    assert (reponse.status_code, reponse["Location"]) == (303, f"/gestion/consultations/{consultation.slug}/")
    assert consultation.slug == "rapport-de-l-annee"
    assert consultation.echeance == date(2025, 10, 15)
    assert consultation.transmise_le is None
    assert consultation.instances.count() == 1


def test_les_communes_sont_cochables_avant_les_conseils_dans_l_ordre_des_gens(agent: Client) -> None:
    for nom in ("Bruay", "Béthune", "Beuvry"):
        fabriques.instance("CONSEIL_MUNICIPAL", nom=nom)
    fabriques.instance(nom="Conseil A")
    page = agent.get(PAGE).text
    places = [page.index(nom) for nom in ("Béthune", "Beuvry", "Bruay", "Conseil A")]
    assert places == sorted(places)


def test_deux_textes_du_meme_titre_se_distinguent_dans_la_liste(agent: Client) -> None:
    fabriques.version_figee()
    page = agent.get(PAGE).text
    assert "version 1, figée\u00a0: " in page


def test_trente_jours_ne_font_pas_un_mois(agent: Client, settings: Settings) -> None:
    """Règle 2, cas de la table : 1er octobre → 31 octobre refusé, première date le 1er novembre."""
    settings.MAINTENANT = datetime(2025, 10, 1, 9, tzinfo=PARIS)
    for bouton in ({}, {"calculer": "1"}):
        reponse = agent.post(PAGE, saisie(echeance="2025-10-31") | bouton)
        assert reponse.status_code == 422
        assert "samedi 1er novembre 2025" in reponse.text
        assert 'value="2025-10-31"' in reponse.text
    assert not Consultation.objects.exists()
    assert agent.post(PAGE, saisie(echeance="2025-11-01")).status_code == 303


def test_sous_le_plancher_prudent_une_alerte_jamais_un_refus(agent: Client, settings: Settings) -> None:
    """Règle 2, cas de la table : 30 septembre → 30 octobre accepté, plancher prudent le 3 novembre."""
    settings.MAINTENANT = datetime(2025, 9, 30, 9, tzinfo=PARIS)
    reponse = agent.post(PAGE, saisie(echeance="2025-10-30", calculer="1"))
    assert reponse.status_code == 200
    assert "légale, mais serrée" in reponse.text
    assert "lundi 3 novembre 2025" in reponse.text
    assert "vendredi 31 octobre 2025 à 00 h 00 min 00 s, heure de Paris" in reponse.text.replace("\u00a0", " ")
    assert agent.post(PAGE, saisie(echeance="2025-10-30")).status_code == 303


def test_calculer_ne_juge_que_le_delai_et_n_ecrit_rien(agent: Client) -> None:
    reponse = agent.post(PAGE, {"titre": "", "echeance": "2025-11-20", "calculer": "1"})
    assert reponse.status_code == 200
    assert "jeudi 20 novembre 2025" in reponse.text
    assert "serrée" not in reponse.text
    assert reponse.context["form"].errors == {}
    assert not Consultation.objects.exists()


def test_le_delai_se_compte_du_jour_prevu_de_la_transmission(agent: Client) -> None:
    reponse = agent.post(PAGE, saisie(transmission="2026-01-31", calculer="1"))
    assert "samedi 28 février 2026" in reponse.text
    assert agent.post(PAGE, saisie(transmission="2025-10-01", echeance="2025-10-31")).status_code == 422
    assert agent.post(PAGE, saisie(transmission="2025-09-14")).status_code == 422
    agent.post(PAGE, saisie(transmission="2025-10-01"))
    assert Consultation.objects.get().echeance == date(2025, 11, 1)


@pytest.mark.parametrize(
    "faux",
    [
        {"titre": ""}, {"version": str(uuid4())}, {"instances": []}, {"instances": ["x"]}, {"slug": "é !"},
        {"slug": "nouvelle"}, {"echeance": "hier"}, {"transmission": "9999-12-31"}, {"echeance": "9999-12-31"},
        {"visibilite_avis": "jamais"}, {"titre": "a" * 201}, {"titre": "\0"},
    ],
)  # fmt: skip
def test_une_forme_fausse_est_refusee_et_la_saisie_rendue(agent: Client, faux: dict[str, Any]) -> None:
    reponse = agent.post(PAGE, saisie(deliberation="D-2025-12") | faux)
    assert reponse.status_code == 422
    assert "D-2025-12" in reponse.text
    assert not Consultation.objects.exists()


def test_une_adresse_prise_est_refusee(agent: Client) -> None:
    fabriques.consultation(slug="prise")
    reponse = agent.post(PAGE, saisie(slug="prise"))
    assert reponse.status_code == 422
    assert "déjà cette adresse" in reponse.text


def test_qui_signe_ne_prepare_pas(signataire: Client) -> None:
    preparee = fabriques.consultation(transmise=False)
    assert signataire.get(PAGE).status_code == 403
    assert signataire.post(PAGE, saisie()).status_code == 403
    assert signataire.post(f"/gestion/consultations/{preparee.slug}/modifier/", saisie()).status_code == 403


def test_corriger_remplace_ce_qui_etait_prepare(agent: Client) -> None:
    preparee = fabriques.consultation(transmise=False, slug="avant", instances=[fabriques.instance()])
    page = f"/gestion/consultations/{preparee.slug}/modifier/"
    assert 'value="avant"' in agent.get(page).text
    nouvelle = fabriques.instance()
    reponse = agent.post(page, saisie(slug="apres", visibilite_avis="cloture", instances=[str(nouvelle.pk)]))
    assert (reponse.status_code, reponse["Location"]) == (303, "/gestion/consultations/apres/")
    preparee.refresh_from_db()
    assert (preparee.slug, preparee.visibilite_avis, preparee.titre) == ("apres", "cloture", "Rapport de l'année")
    assert list(preparee.instances.all()) == [nouvelle]


def test_transmise_une_consultation_ne_se_corrige_plus(agent: Client) -> None:
    transmise = fabriques.consultation(slug="partie")
    page = "/gestion/consultations/partie/modifier/"
    assert agent.get(page).status_code == 303
    assert agent.post(page, saisie(slug="autre")).status_code == 409
    transmise.refresh_from_db()
    assert transmise.slug == "partie"


def test_le_formulaire_vierge_coche_les_instances_sauf_les_partenaires(agent: Client) -> None:
    saisie_, partenaire = fabriques.instance(), fabriques.instance(is_partenaire=True)
    cochees = {str(i.pk) for _, instances in agent.get(PAGE).context["form"].groupes for i, coche in instances if coche}
    assert str(saisie_.pk) in cochees
    assert str(partenaire.pk) not in cochees

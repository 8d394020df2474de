"""Transmettre : l'agent lit l'acte, seule une personne signataire le signe (règle 22)."""

from django.test import Client

from consultations.models import Consultation, Saisine
from participation.notifications.models import Envoi
from tests import fabriques


def preparee(**champs: object) -> Consultation:
    """Une consultation prête à partir : deux instances joignables, une pas installée."""
    instances = [fabriques.instance(), fabriques.conseil_municipal(), fabriques.instance(is_installee=False)]
    return fabriques.consultation(transmise=False, version=fabriques.version(), instances=instances, **champs)


def page(consultation: Consultation) -> str:
    """L'adresse de l'acte."""
    return f"/gestion/consultations/{consultation.slug}/transmettre/"


def test_l_agent_lit_l_acte_mais_ne_le_signe_pas(agent: Client) -> None:
    consultation = preparee()
    lu = agent.get(page(consultation))
    assert lu.status_code == 200
    assert "1 commune et 1 conseil citoyen" in lu.text
    assert "Signer et transmettre" not in lu.text
    assert agent.post(page(consultation), {"relu": "on"}).status_code == 403
    assert not Saisine.objects.exists()


def test_qui_signe_relit_puis_transmet(signataire: Client) -> None:
    consultation = preparee()
    assert "Signer et transmettre" in signataire.get(page(consultation)).text
    assert signataire.post(page(consultation)).status_code == 422
    assert not Saisine.objects.exists()
    reponse = signataire.post(page(consultation), {"relu": "on"})
    assert (reponse.status_code, reponse["Location"]) == (303, f"/gestion/consultations/{consultation.slug}/")
    consultation.refresh_from_db()
    assert consultation.transmise_le is not None
    assert consultation.version.is_figee
    assert Saisine.objects.filter(is_sans_objet=False).count() == 2
    assert Saisine.objects.filter(is_sans_objet=True).count() == 1
    assert Envoi.objects.filter(evenement="saisine").count() == 2
    assert "transmis à 3 instances" in signataire.get(reponse["Location"]).text


def test_une_seconde_signature_est_un_conflit(signataire: Client) -> None:
    consultation = preparee()
    signataire.post(page(consultation), {"relu": "on"})
    assert signataire.post(page(consultation), {"relu": "on"}).status_code == 409
    assert signataire.get(page(consultation)).status_code == 303
    assert Saisine.objects.count() == 3


def test_un_delai_devenu_trop_court_est_dit_et_refuse(signataire: Client) -> None:
    consultation = preparee(echeance="2025-10-10")
    assert "mercredi 15 octobre 2025" in signataire.get(page(consultation)).text
    reponse = signataire.post(page(consultation), {"relu": "on"})
    assert reponse.status_code == 422
    assert "mercredi 15 octobre 2025" in reponse.text
    assert not Saisine.objects.exists()


def test_l_acte_dit_ce_qui_manque_et_ce_que_fera_le_silence(signataire: Client) -> None:
    sans = fabriques.instance(nom="Conseil sans adresse", courriel="")
    absente = fabriques.instance(nom="Conseil à venir", is_installee=False)
    par_mandat = fabriques.instance(nom="Conseil joint par son mandat", courriel="")
    fabriques.mandat(par_mandat)
    consultation = fabriques.consultation(transmise=False, instances=[sans, absente, par_mandat])
    contexte = signataire.get(page(consultation)).context
    assert contexte["injoignables"] == [sans]
    assert contexte["non_installees"] == [absente]
    assert [len(s.instances) for s in contexte["silences"]] == [2]
    assert "décret n° 2015-1118" in contexte["silences"][0].phrase

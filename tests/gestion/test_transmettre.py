"""Transmettre : un agent envoie l'acte à la signature, une personne signataire le signe (règle 22)."""

from django.test import Client

from consultations.models import ActePrepare, Consultation, Saisine
from participation.notifications.models import Envoi
from tests import fabriques


def preparee(**champs: object) -> Consultation:
    """Une consultation prête à partir : deux instances joignables, une pas installée."""
    instances = [fabriques.instance(), fabriques.conseil_municipal(), fabriques.instance(is_installee=False)]
    return fabriques.consultation(transmise=False, version=fabriques.version(), instances=instances, **champs)


def page(consultation: Consultation) -> str:
    """L'adresse où l'agent relit."""
    return f"/gestion/consultations/{consultation.slug}/transmettre/"


def envoyer(agent: Client, consultation: Consultation) -> str:
    """L'agent envoie à la signature ; rend l'adresse de l'acte."""
    reponse = agent.post(page(consultation))
    assert reponse.status_code == 303
    return str(reponse["Location"])


def test_l_agent_prepare_une_fois_mais_ne_signe_pas(agent: Client) -> None:
    consultation = preparee()
    lu = agent.get(page(consultation))
    assert lu.status_code == 200
    assert "1 commune et 1 conseil citoyen" in lu.text
    acte = envoyer(agent, consultation)
    assert envoyer(agent, consultation) == acte
    assert agent.get(page(consultation))["Location"] == acte
    assert ActePrepare.objects.count() == 1
    assert "Signer et transmettre" not in agent.get(acte).text
    assert agent.post(acte, {"relu": "on"}).status_code == 403
    assert not Saisine.objects.exists()


def test_une_personne_signataire_ne_prepare_pas(signataire: Client) -> None:
    consultation = preparee()
    assert signataire.get(page(consultation)).status_code == 200
    assert signataire.post(page(consultation)).status_code == 403
    assert not ActePrepare.objects.exists()


def test_qui_signe_relit_puis_transmet(agent: Client, signataire: Client) -> None:
    consultation = preparee()
    acte = envoyer(agent, consultation)
    assert "Signer et transmettre" in signataire.get(acte).text
    assert signataire.post(acte).status_code == 422
    assert not Saisine.objects.exists()
    reponse = signataire.post(acte, {"relu": "on"})
    assert (reponse.status_code, reponse["Location"]) == (303, f"/gestion/consultations/{consultation.slug}/")
    consultation.refresh_from_db()
    assert consultation.transmise_le is not None
    assert consultation.version.is_figee
    assert Saisine.objects.filter(is_sans_objet=False).count() == 2
    assert Saisine.objects.filter(is_sans_objet=True).count() == 1
    assert Envoi.objects.filter(evenement="saisine").count() == 2
    assert "acte n° 1" in signataire.get(reponse["Location"]).text


def test_le_courriel_montre_est_celui_qui_part(agent: Client, signataire: Client) -> None:
    """Même fonction, même texte ; l'adresse et l'empreinte, inconnues avant la signature, sont nommées."""
    acte = envoyer(agent, preparee())
    montres = {c.a: c for c in signataire.get(acte).context["fiche"].courriels}
    signataire.post(acte, {"relu": "on"})
    assert len(montres) == 2
    for envoi in Envoi.objects.filter(evenement="saisine"):
        saisine = Saisine.objects.select_related("instance", "version").get(pk=envoi.objet_id)
        montre = montres[str(saisine.instance)]
        adresse = envoi.texte.split("répondre : ")[1].split("\n")[0]
        attendu = envoi.texte.replace(adresse, "[adresse de la page, donnée à la signature]")
        attendu = attendu.replace(saisine.version.empreinte, "[calculée à la signature]")
        assert (montre.sujet, montre.texte) == (envoi.sujet, attendu)


def test_une_seconde_signature_est_un_conflit_dit_clairement(agent: Client, signataire: Client) -> None:
    consultation = preparee()
    acte = envoyer(agent, consultation)
    signataire.post(acte, {"relu": "on"})
    encore = signataire.post(acte, {"relu": "on"})
    assert encore.status_code == 409
    assert "déjà signé" in encore.text
    assert agent.post(page(consultation)).status_code == 409
    assert signataire.get(page(consultation)).status_code == 303
    assert "Acte n° 1" in signataire.get(acte).text
    assert Saisine.objects.count() == 3


def test_un_delai_devenu_trop_court_est_dit_et_refuse(agent: Client, signataire: Client) -> None:
    acte = envoyer(agent, preparee(echeance="2025-10-10"))
    assert "mercredi 15 octobre 2025" in signataire.get(acte).text
    reponse = signataire.post(acte, {"relu": "on"})
    assert reponse.status_code == 422
    assert "mercredi 15 octobre 2025" in reponse.text
    assert not Saisine.objects.exists()


def test_l_acte_dit_ce_qui_manque_et_ce_que_fera_le_silence(agent: Client, signataire: Client) -> None:
    sans = fabriques.instance(nom="Conseil sans adresse", courriel="")
    absente = fabriques.instance(nom="Conseil à venir", is_installee=False)
    par_mandat = fabriques.instance(nom="Conseil joint par son mandat", courriel="")
    fabriques.mandat(par_mandat)
    consultation = fabriques.consultation(transmise=False, instances=[sans, absente, par_mandat])
    contexte = agent.get(page(consultation)).context
    assert contexte["injoignables"] == [sans]
    assert contexte["non_installees"] == [absente]
    fiche = signataire.get(envoyer(agent, consultation)).context["fiche"]
    assert any("Conseil sans adresse" in phrase for phrase in fiche.manque)
    assert any("Conseil à venir" in phrase for phrase in fiche.manque)
    assert len(fiche.sans_reponse) == 1
    assert "décret n° 2015-1118" in fiche.sans_reponse[0]

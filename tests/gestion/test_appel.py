"""« À appeler aujourd'hui » : qui, dans quel ordre ; un appel en deux gestes ; deux agents se voient."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.actions.contact import noter_contact
from consultations.models import Contact, Saisine
from participation.common.errors import RefusMetier
from participation.comptes.models import Groupe, Referent, Utilisateur
from tests import fabriques
from tests.gestion.conftest import QUAND
from tests.gestion.test_bureau import UN_JOUR, ouverte

JOINT, MESSAGE, EN_COURS = Contact.Resultat.JOINT, Contact.Resultat.MESSAGE, Contact.Resultat.EN_COURS


def muette(**champs: object) -> Saisine:
    """Une saisine remise et sans réponse, à douze jours de l'échéance."""
    return ouverte(1, **champs).saisines.get()


def note(
    saisine: Saisine, resultat: str = JOINT, *, par: Utilisateur | None = None, il_y_a: timedelta = UN_JOUR
) -> Contact:
    dernier = saisine.contacts.filter(suivant=None).first()
    return noter_contact(
        saisine=saisine, resultat=resultat, note="", precedent=dernier.pk if dernier else None,
        par=par or fabriques.agent(), now=QUAND - il_y_a,
    )  # fmt: skip


def appelees(agent: Client) -> list[Saisine]:
    return [a.saisine for a in agent.get("/gestion/").context["appels"]]


def test_un_appel_s_inscrit_en_deux_gestes(agent: Client) -> None:
    saisine = muette()
    Referent.objects.create(instance=saisine.instance, telephone="03 21 00 00 00")
    page = agent.get("/gestion/").text
    assert "À appeler aujourd’hui" in page
    assert "03 21 00 00 00" in page
    adresse = f"/gestion/saisines/{saisine.pk}/appel/"
    premier = agent.post(adresse, {"resultat": EN_COURS, "precedent": ""})
    assert (premier.status_code, premier["Location"]) == (303, adresse)
    ouvert = agent.get(adresse)
    assert 'href="tel:0321000000"' in ouvert.text
    vu = ouvert.context["dernier"].pk
    second = agent.post(adresse, {"resultat": JOINT, "note": "Le conseil se réunit jeudi.", "precedent": vu})
    assert second["Location"] == "/gestion/"
    garde = saisine.contacts.get(suivant=None)
    assert (garde.resultat, garde.note, garde.precedent_id, garde.le) == (
        JOINT,
        "Le conseil se réunit jeudi.",
        vu,
        QUAND,
    )
    assert appelees(agent) == []


def test_deux_agents_sur_une_meme_saisine_se_voient(agent: Client) -> None:
    saisine, autre = muette(), fabriques.agent(nom_usage="Claire")
    note(saisine, EN_COURS, par=autre, il_y_a=timedelta(minutes=3))
    page = agent.get("/gestion/").text
    assert "Claire appelle, depuis" in page
    adresse = f"/gestion/saisines/{saisine.pk}/appel/"
    perime = agent.post(adresse, {"resultat": JOINT, "note": "Mon texte", "precedent": ""})
    assert perime.status_code == 409
    assert "Claire" in perime.text
    assert "Mon texte" in perime.text
    vu = saisine.contacts.get().pk
    assert agent.post(adresse, {"resultat": EN_COURS, "precedent": vu}).status_code == 409
    assert saisine.contacts.count() == 1


def test_un_appel_oublie_se_reprend_apres_une_demi_heure(agent: Client) -> None:
    saisine = muette()
    vu = note(saisine, EN_COURS, il_y_a=timedelta(minutes=31)).pk
    assert (
        agent.post(f"/gestion/saisines/{saisine.pk}/appel/", {"resultat": EN_COURS, "precedent": vu}).status_code == 303
    )


def test_deux_clics_n_inscrivent_qu_une_ligne() -> None:
    saisine, par = muette(), fabriques.agent()
    deux = [
        noter_contact(saisine=saisine, resultat=JOINT, note="", precedent=None, par=par, now=QUAND) for _ in range(2)
    ]
    assert deux[0] == deux[1]
    assert saisine.contacts.count() == 1


def test_seul_un_agent_appelle(signataire: Client) -> None:
    saisine = muette()
    assert "À appeler" not in signataire.get("/gestion/").text
    assert signataire.post(f"/gestion/saisines/{saisine.pk}/appel/", {"resultat": JOINT}).status_code == 403
    with pytest.raises(RefusMetier, match="Seul un agent"):
        note(saisine, par=fabriques.utilisateur(Groupe.SIGNATAIRE))


@pytest.mark.parametrize(
    ("resultat", "jours", "is_appelee"),
    [(JOINT, 6, False), (JOINT, 7, True), (MESSAGE, 0, False), (MESSAGE, 1, True), (EN_COURS, 1, True)],
)
def test_une_instance_jointe_se_repose_une_semaine(agent: Client, resultat: str, jours: int, is_appelee: bool) -> None:
    note(muette(), resultat, il_y_a=jours * UN_JOUR)
    assert bool(appelees(agent)) is is_appelee


def test_qui_a_repondu_ou_annonce_son_avis_ne_s_appelle_pas(agent: Client) -> None:
    consultation = ouverte(3)
    premiere, deuxieme, troisieme = consultation.saisines.order_by("pk")
    fabriques.avis(premiere, recu_le=QUAND - UN_JOUR)
    fabriques.seance(deuxieme.instance, le=QUAND + 3 * UN_JOUR)
    assert appelees(agent) == [troisieme]


def test_une_instance_saisie_hier_ne_s_appelle_pas_encore(agent: Client) -> None:
    transmise_le = QUAND - UN_JOUR
    consultation = fabriques.consultation(transmise_le=transmise_le, echeance=(QUAND + 40 * UN_JOUR).date())
    fabriques.saisine(consultation_=consultation, transmise_le=transmise_le, echeance=(QUAND + 40 * UN_JOUR).date())
    assert appelees(agent) == []


def test_la_plus_ancienne_nouvelle_vient_d_abord(agent: Client) -> None:
    premiere, deuxieme, troisieme = ouverte(3).saisines.order_by("pk")
    note(premiere, MESSAGE, il_y_a=2 * UN_JOUR)
    note(troisieme, MESSAGE, il_y_a=9 * UN_JOUR)
    assert appelees(agent) == [deuxieme, troisieme, premiere]


def test_l_appel_reste_sur_la_fiche_pour_les_agents_et_l_instance_seulement(agent: Client) -> None:
    saisine = muette()
    par = fabriques.agent(nom_usage="Canari Agent")
    noter_contact(saisine=saisine, resultat=JOINT, note="Canari note", precedent=None, par=par, now=QUAND)
    membre = Client()
    membre.force_login(fabriques.mandat(saisine.instance).utilisateur)
    adresse = f"/consultations/{saisine.consultation.slug}/saisines/{saisine.pk}/"
    assert "Canari note" in agent.get(adresse).text
    assert "Canari note" in membre.get(adresse).text
    assert "Canari note" not in Client().get(adresse).text
    assert "Canari Agent" not in membre.get(adresse).text


def test_les_requetes_ne_dependent_pas_du_nombre_d_appels(agent: Client) -> None:
    comptes = []
    for nombre in (2, 18):
        for saisine in ouverte(nombre).saisines.all():
            note(saisine, MESSAGE)
        agent.get("/gestion/")
        with CaptureQueriesContext(connection) as requetes:
            agent.get("/gestion/")
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]

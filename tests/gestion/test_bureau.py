"""Le bureau : à qui il s'ouvre, ce qu'il met en tête, ce qu'il coûte."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations import delais
from consultations.actions.transmission import has_qpv
from consultations.etats import Fondement
from consultations.models import Consultation
from participation.comptes.models import Groupe
from participation.gestion.queries import destinataires
from participation.notifications.models import Envoi
from participation.territoires.models import Instance, Quartier
from tests import fabriques
from tests.gestion.conftest import QUAND

pytestmark = pytest.mark.une_base  # ce qui se prouve ici ne dépend pas de la base

UN_JOUR = timedelta(days=1)


def ouverte(nombre: int = 3, *, reste: int = 12, **champs: object) -> Consultation:
    """Une consultation ouverte, `nombre` instances saisies et remises, encore `reste` jours."""
    echeance = (QUAND + reste * UN_JOUR).date()
    consultation = fabriques.consultation(transmise_le=QUAND - 40 * UN_JOUR, echeance=echeance, **champs)
    for _ in range(nombre):
        fabriques.saisine(
            consultation_=consultation, transmise_le=consultation.transmise_le, echeance=echeance, projet=False
        )
    return consultation


def adresses() -> list[str]:
    """Chaque page du bureau."""
    consultation = ouverte(1)
    preparee = fabriques.consultation(transmise=False)
    saisine = consultation.saisines.get()
    return [
        "/gestion/",
        "/gestion/consultations/nouvelle/",
        f"/gestion/consultations/{consultation.slug}/",
        f"/gestion/consultations/{preparee.slug}/modifier/",
        f"/gestion/consultations/{preparee.slug}/transmettre/",
        f"/gestion/saisines/{saisine.pk}/remise/",
    ]


def test_le_bureau_n_existe_que_pour_les_agents_et_les_signataires(agent: Client) -> None:
    autres = [fabriques.utilisateur(), fabriques.utilisateur(Groupe.ADMIN), fabriques.utilisateur(Groupe.ANIMATION)]
    autres.append(fabriques.mandat().utilisateur)
    for adresse in adresses():
        assert Client().get(adresse).status_code == 302, adresse
        assert agent.get(adresse).status_code == 200, adresse
        for autre in autres:
            client = Client()
            client.force_login(autre)
            assert client.get(adresse).status_code == 404, adresse
            assert client.post(adresse).status_code in (404, 405), adresse


def test_une_instance_sans_preuve_de_remise_est_en_tete(agent: Client) -> None:
    consultation = ouverte(2, titre="Rapport de l'année")
    oubliee = fabriques.instance(nom="Conseil oublié", courriel="")
    sans = fabriques.saisine(
        consultation_=consultation, instance_=oubliee, remise=False, echeance=consultation.echeance,
        transmise_le=consultation.transmise_le,
    )  # fmt: skip
    taches = agent.get("/gestion/").context["taches"]
    assert taches[0].titre == "Conseil oublié : aucune preuve de remise"
    assert taches[0].adresse == f"/gestion/saisines/{sans.pk}/remise/"
    assert taches[0].is_alerte
    assert taches[1].titre == "Dernier jour : samedi 27 septembre 2025"


def test_une_echeance_lointaine_n_est_pas_une_chose_a_faire(agent: Client) -> None:
    ouverte(2, reste=40)
    reponse = agent.get("/gestion/")
    assert reponse.context["taches"] == []
    assert "Rien ne presse" in reponse.text


def test_un_bureau_neuf_dit_par_ou_commencer(agent: Client) -> None:
    page = agent.get("/gestion/").text
    assert "Importer un rapport" in page
    assert "Rien ne presse" not in page
    assert page.count("data-principal") == 1
    assert "Aucun rapport n’est importé." in agent.get("/gestion/consultations/nouvelle/").text


def test_une_preparation_attend_la_signature_de_qui_signe(agent: Client, signataire: Client) -> None:
    preparee = fabriques.consultation(transmise=False, titre="À venir")
    assert agent.get("/gestion/").context["taches"][0].adresse == f"/gestion/consultations/{preparee.slug}/"
    acte = agent.post(f"/gestion/consultations/{preparee.slug}/transmettre/")["Location"]
    (tache,) = signataire.get("/gestion/").context["taches"]
    assert (tache.adresse, tache.geste) == (acte, "Relire et signer")


def test_le_bureau_dit_ce_qui_arrivera_sans_rien_faire(agent: Client) -> None:
    ouverte(1)
    texte = agent.get("/gestion/").text
    assert "sans rien faire" in texte
    assert "1 silence deviendra réputé favorable" in texte


def test_le_tableau_dit_l_etat_la_remise_et_le_dernier_envoi(agent: Client) -> None:
    consultation = ouverte(1)
    saisine = consultation.saisines.get()
    for jours, etat in ((30, Envoi.Etat.ENVOYE), (2, Envoi.Etat.ECHEC)):
        Envoi.objects.create(
            adresse="instance@exemple.invalid", evenement="saisine", occurrence=str(jours), sujet="s", texte="t",
            objet="consultations.Saisine", objet_id=saisine.pk, etat=etat, cree_le=QUAND - jours * UN_JOUR,
            a_envoyer_le=QUAND - jours * UN_JOUR,
        )  # fmt: skip
    ligne = agent.get(f"/gestion/consultations/{consultation.slug}/").context["vue"].lignes[0]
    assert (ligne.etat, ligne.moyen) == ("EN_ATTENTE", "Récépissé signé")
    assert (ligne.envoi, ligne.envoi_le) == ("Échec définitif", QUAND - 2 * UN_JOUR)


def test_une_vue_filtre_et_une_valeur_inconnue_ne_casse_rien(agent: Client) -> None:
    consultation = ouverte(2)
    fabriques.avis(consultation.saisines.first(), recu_le=QUAND - UN_JOUR)
    page = f"/gestion/?consultation={consultation.slug}&voir="
    assert len(agent.get(page + "toutes").context["vue"].lignes) == 2
    assert len(agent.get(page + "a-suivre").context["vue"].lignes) == 1
    assert agent.get(page + "n'importe%00quoi").status_code == 200
    assert agent.get("/gestion/?consultation=inconnue").status_code == 200


def test_une_consultation_close_montre_les_silences(agent: Client) -> None:
    consultation = ouverte(2, reste=-1)
    reponse = agent.get(f"/gestion/consultations/{consultation.slug}/")
    assert reponse.context["bilan"].silences == 2
    assert reponse.context["borne"] is None
    assert "sans rien faire" not in reponse.text


@pytest.mark.parametrize("page", ["/gestion/", "/gestion/consultations/{slug}/"])
def test_les_requetes_ne_dependent_pas_du_nombre_d_instances(agent: Client, page: str) -> None:
    comptes = []
    for nombre in (2, 20):
        consultation = ouverte(nombre, reste=5)
        adresse = page.format(slug=consultation.slug)
        agent.get(adresse)
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            agent.get(adresse)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


def test_les_requetes_de_l_acte_a_signer_sont_constantes(signataire: Client) -> None:
    comptes = []
    for nombre in (2, 20):
        instances = [fabriques.instance() for _ in range(nombre)]
        preparee = fabriques.consultation(transmise=False, instances=instances)
        adresse = f"/gestion/consultations/{preparee.slug}/transmettre/"
        signataire.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            signataire.get(adresse)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


def test_le_fondement_montre_est_celui_que_la_transmission_ecrira() -> None:
    """Règle 7 : la lecture groupée du bureau et `transmission.has_qpv` disent la même chose."""
    qic = fabriques.quartier(type=Quartier.Type.QIC)
    qpv = fabriques.quartier()
    inconnu = fabriques.quartier(type=Quartier.Type.INCONNU)
    instances = [
        fabriques.instance(quartiers=[qpv]),
        fabriques.instance(quartiers=[qic]),
        fabriques.instance(quartiers=[qic, qpv]),
        fabriques.instance(quartiers=[]),
        fabriques.instance(quartiers=[qpv], is_partenaire=True),
        fabriques.conseil_municipal(quartiers=[qpv]),
        fabriques.conseil_municipal(quartiers=[qic]),
        fabriques.conseil_municipal(quartiers=[qpv], commune=inconnu.communes.get()),
        fabriques.instance(Instance.Type.AUTRE, quartiers=[], commune=qpv.communes.get()),
    ]
    preparee = fabriques.consultation(transmise=False, instances=instances)
    lus = {d.instance.pk: d.fondement for d in destinataires(preparee, QUAND)}
    for instance in instances:
        attendu = Fondement.DECRET if has_qpv(instance) else Fondement.DELIBERATION
        assert lus[instance.pk] == (Fondement.PARTENAIRE if instance.is_partenaire else attendu), instance
    assert len(set(lus.values())) == 3


def test_aucun_mot_d_une_autre_agglomeration(agent: Client) -> None:
    """Une agglomération d'essai : rien du territoire de référence n'est écrit en dur."""
    fabriques.epci(nom="Agglomération des Deux-Rives", nom_court="Deux-Rives", sigle="DR")
    ouverte(2)
    for adresse in adresses():
        texte = agent.get(adresse).text
        assert "Deux-Rives" in texte
        for mot in ("CABBALR", "Béthune", "Bruay", "Artois"):
            assert mot not in texte, (adresse, mot)


def test_l_echeance_du_bureau_est_celle_de_la_saisine() -> None:
    consultation = ouverte(1, reste=12)
    assert consultation.saisines.get().borne == delais.borne(date(2025, 9, 27))

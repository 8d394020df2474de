"""Une autre agglomération tient le site : pages, courriels et documents portent son nom, pas celui de la première."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import RequestFactory
from pytest_django import Settings

from consultations.actions.depot import deposer_avis
from consultations.actions.transmission import transmettre
from participation.common import vues
from participation.comptes.courriels import SUJETS, envoyer_le_code
from participation.comptes.models import Utilisateur
from participation.notifications.actions import vider_la_boite
from participation.territoires.models import Instance, Quartier
from tests import fabriques
from tests.acces.monde import MAINTENANT, Monde, batir
from tests.outillage.documents import mots_serres, texte_du_pdf
from tests.preuves.visites import ANONYME, adresses, contenu, entrer, is_lisible

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
ROLES = (ANONYME, "habitante", "presidente", "mairie-bethune", "agent", "signataire", "admin")
DES_PAQUETS = (ANONYME, "presidente", "admin")  # connexion, compte et /admin/ ne changent pas entre les autres rôles
NOM = "Communauté d'agglomération du Grand Lac"
AUTRE: dict[str, Any] = {
    "nom": NOM, "nom_court": "Le Grand Lac", "sigle": "CAGL", "siege": "Rive-Haute", "nom_plateforme": "La place",
    "presentation": "Douze quartiers au bord de l'eau.", "service": "Mission des quartiers",
    "courriel_contact": "mission@grandlac.invalid", "telephone_contact": "01 99 00 00 01",
    "adresse_contact": "1 quai du Lac", "horaires_contact": "Le matin", "courriel_dpo": "dpo@grandlac.invalid",
    "tribunal_administratif": "Rive-Haute", "couleur_action": "#005f73", "couleur_fond_fort": "#2a1e45",
    "couleur_accent": "#8fd3ff", "reperes": ["Douze projets sont accompagnés."],
    "vocabulaire": {"qic": "quartier de veille active", "qic_sigle": "QVA", "l_equipe": "la mission des quartiers"},
}  # fmt: skip
PREMIERE = (
    "cabbalr", "béthune", "bethune", "bruay", "artois", "lys romane", "lys-romane", "liébaut", "liebaut", "beuvry",
    "divion", "buissière", "bassin minier", "terril", "chevalement", "200072460", "équipe politique de la ville",
)  # fmt: skip


@pytest.fixture
def monde(db: None, settings: Settings) -> Monde:
    """Le monde de la matrice, tel que l'aurait l'autre agglomération : ni lieu ni personne de la première."""
    settings.MAINTENANT = MAINTENANT
    monde = batir()
    fabriques.epci(**AUTRE)
    for n, instance in enumerate(Instance.objects.order_by("slug")):
        Instance.objects.filter(pk=instance.pk).update(slug=f"instance-du-lac-{n}")
    Quartier.objects.filter(pk=monde.quartier.pk).update(nom="Les Roseaux", slug="les-roseaux")
    for code, personne in monde.personnes.items():
        n = list(monde.personnes).index(code)
        personne.nom_usage, personne.email = f"Personne du Lac {n}", f"personne-{n}@grandlac.invalid"
        personne.save()
    monde.quartier.refresh_from_db()
    return monde


def restes(texte: str) -> list[str]:
    """Les mots de la première agglomération qui s'y lisent."""
    return [mot for mot in PREMIERE if mot in texte.casefold().replace("’", "'")]


def test_chaque_page_porte_l_autre_agglomeration_et_aucun_mot_de_la_premiere(monde: Monde) -> None:
    fautes, lues = [], 0
    for role in ROLES:
        client = entrer(monde, role)
        for nom, adresse in adresses(monde, paquets=role in DES_PAQUETS):
            if nom.startswith("demo:"):
                continue  # la démonstration est celle de la première, et n'existe qu'avec DEMO=1
            reponse = client.get(adresse.replace("mont-liebaut", "les-roseaux"))
            corps = contenu(reponse)
            if not is_lisible(reponse):
                continue
            page = corps.decode()
            fautes += [f"{role} {adresse} : « {mot} »" for mot in restes(page)]
            lues += 1
            is_page = reponse.headers["Content-Type"].startswith("text/html") and "<h1" in page
            if is_page and not nom.startswith("admin:") and "Le Grand Lac" not in page:
                fautes.append(f"{role} {adresse} : l'agglomération n'y est pas nommée")
    assert fautes == []
    assert lues > 400, "la matrice n'a pas été parcourue"


def test_les_pages_d_erreur_ne_nomment_personne_d_autre(monde: Monde, rf: RequestFactory) -> None:
    request = rf.get("/page/")
    request.user = Utilisateur()
    for vue in (vues.erreur_400, vues.erreur_403, vues.erreur_404, vues.erreur_429, vues.erreur_500, vues.csrf_refuse):
        page = vue(request).content.decode()
        assert restes(page) == [], vue.__name__
        assert "<h1" in page


def test_chaque_courriel_porte_l_autre_agglomeration(monde: Monde) -> None:
    monde.preparation.instances.add(fabriques.instance())
    transmettre(consultation=monde.preparation, par=monde.personnes["signataire"], now=MAINTENANT)
    deposer(monde)
    assert vider_la_boite(now=MAINTENANT) >= 2
    for modele in SUJETS:
        envoyer_le_code(modele, adresse="une@grandlac.invalid", code="ABC-DEF")
    sujets = " ".join(m.subject for m in mail.outbox)
    assert "Votre avis est attendu" in sujets
    assert "Avis bien reçu" in sujets
    assert SUJETS["code_connexion"] in sujets
    for courriel in mail.outbox:
        texte = courriel.message().as_string() + str(courriel.subject) + str(courriel.body) + courriel.from_email
        assert restes(texte) == [], courriel.subject
        assert NOM in courriel.body
        assert "La place" in courriel.from_email


def deposer(monde: Monde) -> Any:
    """Le conseil dépose l'avis prêt du monde."""
    monde.saisine.refresh_from_db()
    projet = monde.saisine.projet
    return deposer_avis(
        saisine=monde.saisine, cle=monde.saisine.pk, projet_v=projet.v, remplace=None,
        par=monde.personnes["presidente"], recu_le=MAINTENANT, now=MAINTENANT,
    )  # fmt: skip


def test_chaque_document_porte_l_autre_agglomeration(monde: Monde) -> None:
    slug, avis = monde.consultation.slug, deposer(monde)
    client = entrer(monde, "presidente")
    serres = {mots_serres(mot) for mot in PREMIERE}
    for document in ("annexe.pdf", "rapport.pdf", f"avis/{avis.pk}/accuse.pdf"):
        reponse = client.get(f"/consultations/{slug}/{document}")
        if reponse.status_code == 503:
            pytest.skip("les bibliothèques des PDF manquent")
        texte = mots_serres(texte_du_pdf(contenu(reponse))).casefold().replace("’", "'")
        assert mots_serres("Grand Lac").casefold() in texte, document
        assert not [mot for mot in serres if mot in texte], document


def test_les_couleurs_et_les_mots_sont_ceux_de_l_autre(monde: Monde) -> None:
    client = entrer(monde, ANONYME)
    page = client.get("/").content.decode()
    feuille = re.search(r'href="(/identite\.css\?e=\w+)"', page)
    assert feuille
    assert "--brique: #005f73" in client.get(feuille[1]).content.decode()
    assert 'class="scene"' not in page
    comprendre = client.get("/comprendre/").content.decode()
    assert "QVA" in comprendre
    assert "QIC" not in comprendre

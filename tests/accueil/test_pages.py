"""Les pages publiques : anonymes, complètes, sans écriture, à requêtes constantes, sans mot d'une agglomération."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from consultations.models import Consultation
from participation.common.dates import PARIS
from participation.territoires.models import Epci, Instance, Quartier
from tests import fabriques
from tests.accueil.pages import AUTRE, DEMONSTRATION, PAGES, importer

pytestmark = pytest.mark.django_db
PENDANT = datetime(2025, 9, 15, 10, 0, tzinfo=PARIS)
APRES = datetime(2025, 11, 15, 10, 0, tzinfo=PARIS)
MOTS_DE_REFERENCE = re.compile(r"béthune|bruay|cabbalr|artois|\blys\b|romane|liébaut|divion|beuvry", re.IGNORECASE)


@pytest.fixture
def quartier() -> Quartier:
    importer(json.dumps(AUTRE).encode())
    return Quartier.objects.get(slug="les-tilleuls")


def consulter(quartier: Quartier, instances: int = 2) -> Consultation:
    consultation = fabriques.consultation(titre="Le rapport 2024")
    for _ in range(instances):
        fabriques.saisine(consultation_=consultation, instance_=fabriques.instance(quartiers=[quartier]))
    return consultation


def texte(reponse: object) -> str:
    """Ce qui se lit dans la page."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", reponse.content.decode(), flags=re.S)  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("adresse", [*PAGES, "/quartiers/les-tilleuls/"])
def test_chaque_page_publique_s_ouvre_sans_compte_et_n_a_qu_un_titre(
    client: Client, quartier: Quartier, adresse: str
) -> None:
    with travel(PENDANT, tick=False):
        consulter(quartier)
        reponse = client.get(adresse)
    html = reponse.content.decode()
    assert reponse.status_code == 200
    assert html.count("<h1") == 1
    assert html.count("data-principal") <= 1
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)


@pytest.mark.parametrize("adresse", PAGES)
def test_chaque_page_publique_s_ouvre_sur_une_base_vide(client: Client, adresse: str) -> None:
    assert client.get(adresse).status_code == 200


@pytest.mark.parametrize("adresse", PAGES)
def test_une_page_publique_refuse_une_ecriture(client: Client, adresse: str) -> None:
    attendu = 422 if adresse == "/mon-quartier/" else 405
    assert client.post(adresse, {}).status_code == attendu


@pytest.mark.parametrize("adresse", [*PAGES, "/quartiers/les-tilleuls/"])
def test_une_seconde_agglomeration_ne_voit_aucun_mot_de_la_premiere(
    client: Client, quartier: Quartier, adresse: str
) -> None:
    with travel(PENDANT, tick=False):
        consulter(quartier)
        client.cookies["quartier"] = quartier.slug
        html = client.get(adresse).content.decode()
    assert not MOTS_DE_REFERENCE.findall(html)
    assert "Parole de quartier" in html


def test_le_detecteur_de_mots_les_trouve_bien_chez_la_premiere(client: Client) -> None:
    importer(DEMONSTRATION.read_bytes())
    trouves = {m.lower() for m in MOTS_DE_REFERENCE.findall(client.get("/chiffres/").content.decode())}
    assert {"béthune", "bruay", "cabbalr", "artois", "lys", "liébaut"} <= trouves


def test_les_mots_de_l_agglomeration_remplacent_ceux_de_la_maison(client: Client, quartier: Quartier) -> None:
    page = texte(client.get("/comprendre/"))
    assert "Quartier de veille active" in page
    assert "intérêt communautaire" not in page
    assert "QVA" in texte(client.get("/chiffres/"))


# --- l'accueil --------------------------------------------------------------------------------------------------------
def test_l_accueil_montre_la_consultation_son_delai_le_silence_et_deux_gestes(
    client: Client, quartier: Quartier
) -> None:
    with travel(PENDANT, tick=False):
        consultation = consulter(quartier)
        reponse = client.get("/")
    page, html = texte(reponse), reponse.content.decode()
    assert "Consultation ouverte, encore 45 jours." in page
    assert "Si le conseil ne répond pas, la loi fait comme s’il avait dit oui." in page
    assert "jusqu’au jeudi 30 octobre 2025 à minuit" in page
    assert f'data-principal href="{consultation.get_absolute_url()}' in html
    assert "Donner l’avis de mon conseil" in page
    assert "0 réponse reçue sur 2 attendues. Il en manque 2." in page
    assert html.count('<i data-etat="attente">') == 2


def test_l_accueil_ne_montre_rien_de_ce_qui_n_existe_pas(client: Client, quartier: Quartier) -> None:
    assert not re.search(r"séminaire|victoire|suites données", texte(client.get("/")), re.IGNORECASE)


def test_apres_la_borne_l_accueil_dit_que_c_est_termine(client: Client, quartier: Quartier) -> None:
    consulter(quartier)
    with travel(APRES, tick=False):
        page = texte(client.get("/"))
    assert "La dernière consultation est terminée." in page
    assert "Donner l’avis de mon conseil" not in page
    assert "2 silences réputés favorables" in page


def test_a_la_borne_l_accueil_bascule_seul(client: Client, quartier: Quartier) -> None:
    consulter(quartier)
    with travel(datetime(2025, 10, 30, 23, 59, 59, tzinfo=PARIS), tick=False):
        assert "encore moins d’une minute" in texte(client.get("/"))
    with travel(datetime(2025, 10, 31, 0, 0, 0, tzinfo=PARIS), tick=False):
        assert "La dernière consultation est terminée." in texte(client.get("/"))


def test_la_vraie_consultation_passe_avant_la_demonstration(client: Client, quartier: Quartier) -> None:
    fausse = fabriques.consultation(titre="Démonstration en cours", is_demonstration=True)
    fabriques.saisine(consultation_=fausse)
    consulter(quartier)
    with travel(PENDANT, tick=False):
        html = client.get("/").content.decode()
    assert html.index("Le rapport 2024") < html.index("Démonstration en cours")
    assert "Aussi en consultation" in html


def test_un_projet_reserve_aux_instances_n_est_pas_a_l_accueil(client: Client, quartier: Quartier) -> None:
    consultation = fabriques.consultation(titre="Projet réservé", visibilite_projet="instances")
    fabriques.saisine(consultation_=consultation, instance_=fabriques.instance(quartiers=[quartier]))
    with travel(PENDANT, tick=False):
        assert "Projet réservé" not in texte(client.get("/"))
        assert "Projet réservé" not in texte(client.get("/quartiers/les-tilleuls/"))


def test_une_personne_mandatee_va_droit_a_son_avis(client: Client, quartier: Quartier) -> None:
    consultation = consulter(quartier, 1)
    saisine = consultation.saisines.get()
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    with travel(PENDANT, tick=False):
        html = client.get("/").content.decode()
    assert f"/saisines/{saisine.pk}/projet/" in html


def test_un_habitant_connecte_ne_voit_pas_un_geste_qui_n_est_pas_le_sien(client: Client, quartier: Quartier) -> None:
    consulter(quartier)
    client.force_login(fabriques.utilisateur())
    with travel(PENDANT, tick=False):
        page = texte(client.get("/"))
    assert "Donner l’avis de mon conseil" not in page
    assert "Qui peut donner un avis" in page


# --- le quartier ------------------------------------------------------------------------------------------------------
def test_choisir_un_quartier_pose_un_temoin_et_ne_touche_pas_la_base(
    client: Client, quartier: Quartier, django_assert_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.post("/mon-quartier/", {"quartier": quartier.slug, "vers": "accueil"})
    assert (reponse.status_code, reponse["Location"]) == (303, "/")
    temoin = reponse.cookies["quartier"]
    assert (temoin.value, temoin["httponly"], temoin["samesite"]) == ("les-tilleuls", True, "Lax")
    assert not [r for r in requetes if not r["sql"].lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert "Les Tilleuls, en ce moment" in texte(client.get("/"))
    assert "Quartier prioritaire de la politique de la ville (QPV)." in texte(client.get("/mon-quartier/"))


@pytest.mark.parametrize("dit", ["", "inconnu", "<script>", "a" * 5000])
def test_un_quartier_hors_de_la_liste_est_refuse(client: Client, quartier: Quartier, dit: str) -> None:
    reponse = client.post("/mon-quartier/", {"quartier": dit})
    assert reponse.status_code == 422
    assert "quartier" not in reponse.cookies


@pytest.mark.parametrize("temoin", ["inconnu", "a" * 3000, "<b>"])
def test_un_temoin_falsifie_ne_casse_rien(client: Client, quartier: Quartier, temoin: str) -> None:
    client.cookies["quartier"] = temoin
    assert client.get("/").status_code == 200
    assert client.get("/mon-quartier/").status_code == 200


def test_la_destination_ne_peut_pas_sortir_du_site(client: Client, quartier: Quartier) -> None:
    reponse = client.post("/mon-quartier/", {"quartier": quartier.slug, "vers": "https://ailleurs.example/"})
    assert reponse.status_code == 422


def test_la_page_d_un_quartier_dit_ses_instances_et_ce_qu_on_leur_demande(client: Client, quartier: Quartier) -> None:
    consulter(quartier, 1)
    maire = fabriques.conseil_municipal(nom="Ville-Haute (conseil)", commune=quartier.communes.get(), quartiers=[])
    with travel(PENDANT, tick=False):
        page = texte(client.get("/quartiers/les-tilleuls/"))
    assert maire.nom in page
    assert "Le rapport 2024" in page
    assert "Peut répondre jusqu’au 30 octobre" in page


def test_une_personne_referente_incomplete_n_est_pas_montree(client: Client, quartier: Quartier) -> None:
    from participation.comptes.models import Referent

    referent = Referent.objects.create(quartier=quartier, prenom="Personne d'essai", service="Service d'essai")
    assert "Qui joindre" not in texte(client.get("/quartiers/les-tilleuls/"))
    Referent.objects.filter(pk=referent.pk).update(telephone="03 00 00 00 00")
    page = texte(client.get("/quartiers/les-tilleuls/"))
    assert "Qui joindre" in page
    assert "03 00 00 00 00" in page


def test_un_quartier_inconnu_est_introuvable(client: Client) -> None:
    assert client.get("/quartiers/nulle-part/").status_code == 404


# --- chiffres, mots, mentions -------------------------------------------------------------------------------------
def test_les_chiffres_du_territoire_de_reference_tombent_juste(client: Client) -> None:
    importer(DEMONSTRATION.read_bytes())
    reponse = client.get("/chiffres/")
    page = texte(reponse).replace("\u202f", " ").replace("\xa0", " ")
    for attendu in ("1 651 592 €", "6 286 281 €", "Engagements Quartiers 2030", "10 ambitions", "35 objectifs"):
        assert attendu in page
    assert "4 quartiers sont inscrits par leur nom sur 25." in page
    assert reponse.content.decode().count('class="barre"') == 10


def test_un_total_dont_un_montant_manque_n_est_pas_affiche(client: Client) -> None:
    incomplet = json.loads(json.dumps(AUTRE))
    incomplet["contrat"]["enjeux"][0]["ambitions"].append({"nom": "Se loger", "montant_2024_eur": None})
    importer(json.dumps(incomplet).encode())
    page = texte(client.get("/chiffres/"))
    assert "inconnu" in page
    assert "Total" not in page


def test_le_glossaire_reunit_les_mots_du_territoire_et_ceux_de_la_consultation(
    client: Client, quartier: Quartier
) -> None:
    page = texte(client.get("/glossaire/"))
    for mot in ("Café des parents", "Réputé favorable", "Saisine", "QVA", "Quartier de veille active."):
        assert mot in page


def test_ce_qui_manque_est_dit_a_completer(client: Client, quartier: Quartier) -> None:
    for adresse in ("/contact/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"):
        assert "à compléter par la collectivité" in texte(client.get(adresse)), adresse
    Epci.objects.update(telephone_contact="03 00 00 00 00")
    assert "03 00 00 00 00" in texte(client.get("/contact/"))


def test_l_accessibilite_est_non_conforme_tant_qu_aucun_audit_n_est_saisi(client: Client, quartier: Quartier) -> None:
    assert "non conforme" in texte(client.get("/accessibilite/"))
    Epci.objects.update(conformite="PARTIELLE", audit_le="2026-01-15", audit_par="un organisme")
    page = texte(client.get("/accessibilite/"))
    assert "partiellement conforme" in page
    assert "jeudi 15 janvier 2026" in page


def test_comprendre_s_ecrit_en_phrases_de_quinze_mots_au_plus(client: Client, quartier: Quartier) -> None:
    html = client.get("/comprendre/").content.decode()
    corps = html[
        html.index("<article") : html.index("</article>\n  </main>") if "</article>\n  </main>" in html else None
    ]
    corps = corps[: corps.index("</main>")] if "</main>" in corps else corps
    blocs = re.findall(r"<(?:p|li|h[123])\b[^>]*>(.*?)</(?:p|li|h[123])>", corps, flags=re.S)
    phrases = [
        phrase
        for bloc in blocs
        for phrase in re.split(r"[.?!]\s", " ".join(unescape(re.sub(r"<[^>]+>", "", bloc)).split()) + " ")
    ]
    longues = [p for p in phrases if len(re.findall(r"[\w’'-]+", p)) > 15]
    assert "Que se passe-t-il si on ne répond pas" in " ".join(phrases)
    assert longues == []


# --- requêtes constantes ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("adresse", ["/", "/mon-quartier/", "/quartiers/les-tilleuls/", "/chiffres/", "/glossaire/"])
@pytest.mark.parametrize("is_mandate", [False, True])
def test_le_nombre_de_requetes_ne_suit_pas_les_donnees(quartier: Quartier, adresse: str, is_mandate: bool) -> None:
    client = Client()
    client.cookies["quartier"] = quartier.slug
    consultation = consulter(quartier, 2)
    if is_mandate:
        client.force_login(fabriques.mandat(consultation.saisines.all()[0].instance).utilisateur)

    def combien() -> int:
        with travel(PENDANT, tick=False), CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        return len(requetes)

    combien()
    peu = combien()
    for _ in range(18):
        neuf = fabriques.quartier(communes=list(quartier.communes.all()))
        conseil = fabriques.instance(Instance.Type.CONSEIL_CITOYEN, quartiers=[quartier, neuf])
        fabriques.saisine(consultation_=consultation, instance_=conseil)
    assert combien() == peu

"""Importer une liste de membres : toutes les fautes, ligne par ligne, et rien à moitié fait."""

import csv
import io
import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from participation.common.dates import maintenant
from participation.comptes.imports import en_texte, lire
from participation.comptes.models import CodeRemis, Mandat, Utilisateur
from participation.notifications.actions import vider_la_boite
from participation.notifications.models import Envoi
from participation.territoires.models import Instance
from tests.fabriques import agent, conseil_municipal, epci, instance, mandat, utilisateur
from tests.outillage.documents import texte_du_pdf

IMPORTER, LISTE = "/gestion/mandats/importer/", "/gestion/mandats/liste.csv"
ENTETE = "instance;nom_usage;courriel;role;college;designation;du;au"
avec_base = pytest.mark.django_db


@pytest.fixture
def conseil() -> Instance:
    """Le conseil dont le nom a une ligature, un accent et une apostrophe."""
    return instance(nom="Conseil citoyen de Nœux-l'Œuvre", slug="noeux")


@pytest.fixture
def au_bureau(client: Client) -> Client:
    """Un navigateur où un agent est entré."""
    epci()
    client.force_login(agent())
    return client


def quinze() -> str:
    """Quinze personnes, dont trois ont un courriel ; une s'appelle comme une formule."""
    noms = ["=HYPERLINK(1)", *(f"Voisine {n}" for n in range(2, 16))]
    lignes = [ENTETE]
    for n, nom in enumerate(noms, 1):
        courriel = f"voisine-{n}@exemple.invalid" if n <= 3 else ""
        role = "Présidente" if n == 1 else "membre"
        lignes.append(f"conseil citoyen de noeux-l’oeuvre;{nom};{courriel};{role};Habitants;;01/09/2025;31/12/2099")
    return "\r\n".join(lignes)


def envoyer(client: Client, texte: str, encodage: str = "utf-8") -> int:
    """Le statut de l'envoi de cette liste, en fichier."""
    fichier = SimpleUploadedFile("membres.csv", texte.encode(encodage), "text/csv")
    return client.post(IMPORTER, {"fichier": fichier}).status_code


# --- lire, sans base
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_chaque_encodage_et_chaque_separateur_se_lit(encodage: str, separateur: str) -> None:
    texte = 'Instance;Nom d’usage;Rôle\n"Nœux, l’Œuvre";Élodie;Présidente'.replace(";", separateur)
    membres, fautes = lire(en_texte(texte.encode(encodage)) or "")
    assert fautes == []
    assert [(m.instance, m.nom, m.role) for m in membres] == [("Nœux, l’Œuvre", "Élodie", "PRESIDENCE")]


@pytest.mark.parametrize(
    ("ligne", "phrase"),
    [
        ("C;;membre;;;", "Ligne 2 : il manque « nom_usage »."),
        ("C;Voisine;chef;;;", "le rôle « chef » n’existe pas"),
        ("C;Voisine;membre;pas-un-courriel;;", "le courriel « pas-un-courriel » n’est pas complet"),
        ("C;Voisine;membre;;31/02/2026;", "la date « 31/02/2026 » ne se lit pas"),
        ("C;Voisine;membre;;02/01/2026;01/01/2026", "le mandat finit avant de commencer"),
        ("C;Voisine;membre;;;;;de trop", "plus de cases que de titres"),
        (f"C;{'x' * 81};membre;;;", "« nom_usage » est trop long"),
    ],
)
def test_chaque_faute_a_sa_phrase_et_sa_ligne(ligne: str, phrase: str) -> None:
    membres, fautes = lire(f"instance;nom;role;courriel;du;au\n{ligne}")
    assert membres == []
    assert phrase in str(fautes[0])


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("", "vide"), ("instance;nom;role", "personne sous les titres"), ("instance;role\nC;membre", "« nom_usage »"),
        ("instance;nom;role;téléphone\nC;V;membre;03", "« téléphone » n’est pas attendue"),
        ("instance;nom;nom;role\nC;V;V;membre", "deux fois"), ('instance;nom;role\nC;"V;membre', "mal fermé"),
    ],
)  # fmt: skip
def test_un_tableau_mal_fait_le_dit(texte: str, phrase: str) -> None:
    assert any(phrase in str(faute) for faute in lire(texte)[1])


def test_un_fichier_qui_n_est_pas_du_texte_est_refuse() -> None:
    assert en_texte(b"PK\x03\x04\0\0") is None
    assert en_texte(b"\x81\x8d") is None


# --- tout ou rien
@avec_base
def test_quinze_membres_trois_courriels_douze_lettres_en_un_seul_pdf(au_bureau: Client, conseil: Instance) -> None:
    assert envoyer(au_bureau, quinze(), "cp1252") == 303
    page = au_bureau.get("/gestion/mandats/").content.decode()
    assert "Imprimer 12" in page
    assert Mandat.objects.filter(instance=conseil).count() == 15
    vider_la_boite(now=maintenant())
    assert sorted(m.to[0] for m in mail.outbox) == [f"voisine-{n}@exemple.invalid" for n in (1, 2, 3)]
    lettres = au_bureau.post("/gestion/mandats/lettres/")
    texte = texte_du_pdf(lettres.content)
    codes = set(re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", texte))
    assert len(codes) == CodeRemis.objects.count() == 12
    assert "Page 12 sur 12" in texte


@avec_base
def test_une_seule_faute_et_rien_n_est_ecrit_le_texte_revient_avec_toutes_les_fautes(
    au_bureau: Client, conseil: Instance
) -> None:
    comptes = Utilisateur.objects.count()
    fautive = quinze() + "\r\nConseil inconnu;Voisine;;membre;;;;\r\nConseil citoyen de Nœux;;;roi;;;;"
    fichier = SimpleUploadedFile("membres.csv", fautive.encode(), "text/csv")
    reponse = au_bureau.post(IMPORTER, {"fichier": fichier})
    page = reponse.content.decode()
    assert reponse.status_code == 422
    for phrase in ("Ligne 17", "« Conseil inconnu » est inconnue", "Ligne 18", "il manque « nom_usage »", "« roi »"):
        assert phrase.replace(" »", "\u00a0»").replace("« ", "«\u00a0") in page, phrase
    assert "=HYPERLINK(1);voisine-1@exemple.invalid" in page
    assert (Mandat.objects.count(), Utilisateur.objects.count(), Envoi.objects.count()) == (0, comptes, 0)


@avec_base
def test_le_texte_corrige_sur_place_s_envoie_sans_fichier(au_bureau: Client, conseil: Instance) -> None:
    assert au_bureau.post(IMPORTER, {"texte": quinze()}).status_code == 303
    assert au_bureau.post(IMPORTER, {}).status_code == 422


@avec_base
def test_la_meme_liste_deux_fois_ne_nomme_personne_deux_fois(au_bureau: Client, conseil: Instance) -> None:
    assert [envoyer(au_bureau, quinze()) for _ in range(2)] == [303, 303]
    assert (Mandat.objects.count(), Envoi.objects.count()) == (15, 3)


@avec_base
def test_une_personne_de_deux_instances_recoit_un_seul_courriel(au_bureau: Client, conseil: Instance) -> None:
    instance(nom="Conseil du Centre")
    lignes = [f"{nom};Voisine;v@exemple.invalid;membre" for nom in ("Conseil du Centre", conseil.nom)]
    assert envoyer(au_bureau, "\n".join(["instance;nom;courriel;role", *lignes])) == 303
    envoi = Envoi.objects.get()
    assert "Conseil du Centre" in envoi.texte
    assert conseil.nom in envoi.texte


@avec_base
@pytest.mark.parametrize(
    ("lignes", "phrase"),
    [
        (["Voisine;;membre", "voisine;;membre"], "la même personne a déjà ce rôle ligne 2"),
        (["Voisine;a@exemple.invalid;membre", "Autre;a@exemple.invalid;suppléante"], "déjà celui d’un autre nom"),
        (["Voisine;a@exemple.invalid;membre", "Voisine;;suppléante"], "Distinguez les noms"),
        (["Déjà Là;neuf@exemple.invalid;membre"], "Distinguez les noms"),
        (["Secrétaire;s@exemple.invalid;secrétariat"], "il faut la ligne du maire"),
    ],
)
def test_les_personnes_confondues_sont_dites(
    au_bureau: Client, conseil: Instance, lignes: list[str], phrase: str
) -> None:
    mandat(conseil, par=utilisateur(nom_usage="Déjà là", email="ancien@exemple.invalid"), role=Mandat.Role.MEMBRE)
    texte = "\n".join(["instance;nom;courriel;role", *(f"noeux;{ligne}" for ligne in lignes)])
    reponse = au_bureau.post(IMPORTER, {"texte": texte})
    assert reponse.status_code == 422
    assert phrase.replace("'", "&#x27;") in reponse.content.decode()
    assert Mandat.objects.count() == 1


@avec_base
def test_la_liste_sort_neutralisee_et_revient_sans_rien_changer(au_bureau: Client, conseil: Instance) -> None:
    conseil_municipal()
    envoyer(au_bureau, quinze())
    texte = au_bureau.get(LISTE).content.decode("utf-8-sig")
    cases = [case for rangee in csv.reader(io.StringIO(texte), delimiter=";") for case in rangee]
    assert "'=HYPERLINK(1)" in cases
    assert not [case for case in cases if case.startswith("=")]
    assert envoyer(au_bureau, texte) == 303
    assert Mandat.objects.count() == 15

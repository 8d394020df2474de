"""Les pages que tout le monde lit : la liste, la consultation, ses instances, le rapport."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from consultations.etats import Sens, Visibilite
from consultations.models import Consultation
from participation.common.dates import PARIS
from participation.territoires.models import Instance
from tests import fabriques

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
MS = timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def heure(settings: Settings, now: datetime) -> None:
    settings.MAINTENANT = now


def page(client: Client, nom: str, *args: object) -> str:
    reponse = client.get(reverse(f"consultations:{nom}", args=args))
    assert reponse.status_code == 200
    return re.sub(r"\s+", " ", reponse.content.decode())


def test_la_liste_montre_les_consultations_transmises_et_elles_seules(client: Client) -> None:
    vue = fabriques.saisine().consultation
    cachee = fabriques.consultation(transmise=False)
    texte = page(client, "consultations")
    assert vue.get_absolute_url() in texte
    assert cachee.get_absolute_url() not in texte


def test_une_consultation_pas_encore_transmise_est_absente_pour_tous_sauf_les_agents(client: Client) -> None:
    cachee = fabriques.consultation(transmise=False)
    adresse = reverse("consultations:consultation", args=[cachee.slug])
    assert client.get(adresse).status_code == 404
    client.force_login(fabriques.agent())
    assert client.get(adresse).status_code == 200


def test_la_page_dit_le_delai_le_silence_et_qui_a_repondu(client: Client) -> None:
    consultation = fabriques.consultation()
    fabriques.avis(fabriques.saisine(consultation_=consultation))
    fabriques.saisine(consultation_=consultation)
    fabriques.saisine(consultation_=consultation, remise=False)
    texte = page(client, "consultation", consultation.slug)
    assert "jusqu’au jeudi 30 octobre 2025 à minuit" in texte
    assert "la loi fait comme s’il avait dit oui" in texte
    assert "1 réponse reçue sur 2 attendues. Il en manque 1." in texte
    for etat in ("favorable", "attente", "nonsaisie"):
        assert f'class="instance" data-etat="{etat}"' in texte


@pytest.mark.parametrize(("ecart", "etat", "verifie"), [(-MS, "attente", False), (timedelta(0), "repute", True)])
def test_a_minuit_la_page_bascule_sans_aucune_tache(
    client: Client, settings: Settings, ecart: timedelta, etat: str, verifie: bool
) -> None:
    saisine = fabriques.saisine()
    settings.MAINTENANT = saisine.borne + ecart
    for texte in (
        page(client, "consultation", saisine.consultation.slug),
        page(client, "instances", saisine.consultation.slug),
        page(client, "saisine", saisine.consultation.slug, saisine.pk),
    ):
        assert f'data-etat="{etat}"' in texte
        assert ("Vérification du courrier en cours" in texte) is verifie


def test_la_frise_pose_une_brique_par_etape_faite(client: Client, settings: Settings) -> None:
    saisine = fabriques.saisine()
    slug = saisine.consultation.slug

    def etapes() -> list[str]:
        return re.findall(r'<li data-etape="(\w+)"', page(client, "consultation", slug))

    assert etapes() == ["faite", "faite", "encours", "avenir", "avenir", "avenir"]
    settings.MAINTENANT = saisine.borne
    assert etapes() == ["faite", "faite", "faite", "encours", "avenir", "avenir"]
    Consultation.objects.filter(slug=slug).update(approuve_le=saisine.borne.date() - timedelta(days=1))
    assert etapes() == ["faite"] * 5 + ["encours"]


def test_les_filtres_sont_des_liens_et_le_resultat_est_annonce(client: Client) -> None:
    consultation = fabriques.consultation()
    fabriques.saisine(consultation_=consultation, instance_=fabriques.conseil_municipal(nom="Commune A"))
    fabriques.avis(fabriques.saisine(consultation_=consultation, instance_=fabriques.instance(nom="Conseil B")))
    adresse = reverse("consultations:instances", args=[consultation.slug])
    attendus = {"communes": ("1 commune", "Conseil B"), "conseils": ("1 conseil citoyen", "Commune A")}
    for filtre, (annonce, absente) in attendus.items():
        texte = client.get(adresse, {"filtre": filtre}).content.decode().replace("\u00a0", " ")
        assert f'<p role="status">{annonce}</p>' in texte
        assert absente not in texte
        assert f'?filtre={filtre}" aria-current="true"' in texte
    attente = client.get(adresse, {"filtre": "attente"}).content.decode()
    assert "Commune A" in attente
    assert "Conseil B" not in attente


def test_la_consultation_montre_seize_instances_et_la_page_instances_toutes(client: Client) -> None:
    consultation = fabriques.consultation()
    for combien, lien in ((8, False), (1, True), (9, True)):
        for _ in range(combien):
            fabriques.saisine(consultation_=consultation)
        texte = page(client, "consultation", consultation.slug)
        assert ("</a></p>" in texte and "Voir les" in texte) is lien
    assert texte.count('class="instance"') == 16
    assert "Voir les 18 instances" in texte
    assert page(client, "instances", consultation.slug).count('class="instance"') == 18


@pytest.mark.parametrize("nom", ["consultation", "instances", "consultations"])
def test_autant_de_requetes_pour_deux_instances_que_pour_vingt(client: Client, nom: str) -> None:
    consultation = fabriques.consultation()
    mandat = fabriques.mandat()
    client.force_login(mandat.utilisateur)
    fabriques.saisine(consultation_=consultation, instance_=mandat.instance)
    comptes = []
    for combien in (1, 18):
        for _ in range(combien):
            fabriques.avis(fabriques.saisine(consultation_=consultation))
            if nom == "consultations":
                fabriques.saisine()
        args = [] if nom == "consultations" else [consultation.slug]
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            assert client.get(reverse(f"consultations:{nom}", args=args)).status_code == 200
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


def test_le_mandat_voit_son_geste_et_son_brouillon_commence_les_autres_non(client: Client) -> None:
    saisine = fabriques.saisine()
    fabriques.projet_pret(saisine)
    texte = page(client, "consultation", saisine.consultation.slug)
    assert "Votre projet d’avis est en cours" not in texte
    assert "Lire le rapport</a>" in texte
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    texte = page(client, "consultation", saisine.consultation.slug)
    assert "Votre projet d’avis est en cours" in texte
    assert "Donner l’avis de mon conseil" in texte


def test_une_personne_de_deux_communes_a_un_geste_par_commune(client: Client) -> None:
    consultation = fabriques.consultation()
    personne = fabriques.utilisateur()
    for nom in ("Ville-Haute", "Pont-Neuf"):
        commune = fabriques.conseil_municipal(nom=nom)
        fabriques.mandat(commune, par=personne)
        fabriques.saisine(consultation_=consultation, instance_=commune)
    client.force_login(personne)
    texte = page(client, "consultation", consultation.slug).replace("\u00a0", " ")
    assert "Donner l’avis : Ville-Haute" in texte
    assert "Donner l’avis : Pont-Neuf" in texte
    assert texte.count("data-principal") == 1


def test_un_avis_cache_jusqu_a_la_cloture_ne_dit_que_repondu(client: Client, settings: Settings) -> None:
    consultation = fabriques.consultation(visibilite_avis=Visibilite.Avis.A_LA_CLOTURE)
    saisine = fabriques.saisine(consultation_=consultation)
    avis = fabriques.avis(saisine, sens=Sens.DEFAVORABLE, texte="Un texte secret.")
    adresse_avis = reverse("consultations:avis", args=[consultation.slug, avis.pk])
    for nom, args in (("consultation", []), ("instances", []), ("saisine", [saisine.pk])):
        texte = page(client, nom, consultation.slug, *args)
        assert 'data-etat="repondu"' in texte
        assert "defavorable" not in texte
        assert adresse_avis not in texte
    assert client.get(adresse_avis).status_code == 404
    client.force_login(fabriques.agent())
    assert client.get(adresse_avis).status_code == 404
    settings.MAINTENANT = saisine.borne
    client.logout()
    assert "Un texte secret." in page(client, "avis", consultation.slug, avis.pk)


def test_un_projet_reserve_est_absent_partout_hors_des_instances(client: Client) -> None:
    consultation = fabriques.consultation(visibilite_projet=Visibilite.Projet.INSTANCES)
    saisine = fabriques.saisine(consultation_=consultation)
    avis = fabriques.avis(saisine)
    pages = [("consultation", []), ("instances", []), ("rapport_entier", []), ("section", ["1"])]
    pages += [("saisine", [saisine.pk]), ("avis", [avis.pk])]
    adresses = [reverse(f"consultations:{nom}", args=[consultation.slug, *args]) for nom, args in pages]
    for personne in (None, fabriques.utilisateur(), fabriques.mandat().utilisateur):
        if personne:
            client.force_login(personne)
        assert [client.get(a).status_code for a in adresses] == [404] * 6
        assert consultation.get_absolute_url() not in page(client, "consultations")
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    assert [client.get(a).status_code for a in adresses] == [200] * 6


def test_une_partie_se_lit_entre_ses_voisines_et_une_ancre_inconnue_est_absente(client: Client) -> None:
    slug = fabriques.saisine().consultation.slug
    texte = page(client, "section", slug, "2")
    assert "Partie 2" in texte
    for voisine in ("1", "3"):
        assert reverse("consultations:section", args=[slug, voisine]) in texte
    assert client.get(reverse("consultations:section", args=[slug, "99"])).status_code == 404
    assert all(f"Le texte {n}." in page(client, "rapport_entier", slug) for n in (1, 2, 3))


def test_deux_echeances_se_disent_toutes_les_deux(client: Client) -> None:
    consultation = fabriques.consultation()
    for _ in range(2):
        fabriques.saisine(consultation_=consultation)
    tardive = fabriques.saisine(consultation_=consultation, echeance=datetime(2025, 11, 15, tzinfo=PARIS).date())
    texte = page(client, "consultation", consultation.slug).replace("\u00a0", " ")
    assert "jeudi 30 octobre 2025" in texte
    assert "1 instance a une autre date de fin" in texte
    assert "samedi 15 novembre 2025" in page(client, "saisine", consultation.slug, tardive.pk)


def test_une_instance_sans_objet_dit_pourquoi(client: Client) -> None:
    saisine = fabriques.saisine(
        is_sans_objet=True, motif_sans_objet="Cette instance n'est pas installée.", remise=False
    )
    assert "n&#x27;est pas installée" in page(client, "instances", saisine.consultation.slug)
    assert saisine.instance.type == Instance.Type.CONSEIL_CITOYEN

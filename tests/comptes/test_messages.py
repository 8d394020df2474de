"""Choisir ce qu'on reçoit : trois niveaux ; un clic coupe les rappels, jamais un avis légal (RFC 8058)."""

from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from consultations.actions.annonces import annoncer
from participation.notifications.actions import poster, vider_la_boite
from participation.notifications.courriel import lien_d_arret
from participation.notifications.models import Envoi, Niveau, ReglageMessages
from participation.notifications.queries import niveau_de
from participation.notifications.rules import RAPPELS, RELANCE
from tests import fabriques

pytestmark = pytest.mark.django_db
LEGAUX = ("saisine", "report", "rectificatif", "retrait", "constat", "cloture", "accuse")


def un_rappel(now: datetime, **autres: Any) -> Envoi:
    champs = {
        "adresse": "boite@exemple.invalid", "destinataire": None, "evenement": RELANCE, "occurrence": "1",
        "sujet": "Rappel", "texte": "Votre avis est attendu.", "now": now,
    } | autres  # fmt: skip
    envoi = poster(**champs)
    assert envoi
    return envoi


def chemin_d_arret(envoi: Envoi) -> str:
    return "/" + lien_d_arret(envoi).split("/", 3)[3]


def test_la_page_garde_le_niveau_choisi_et_le_montre(client: Client) -> None:
    personne = fabriques.utilisateur()
    client.force_login(personne)
    assert niveau_de(personne) == Niveau.TOUT
    for niveau in Niveau.values:
        assert client.post(reverse("comptes:messages"), {"niveau": niveau}).status_code == 303
        assert niveau_de(personne) == niveau
        assert f'value="{niveau}" checked' in client.get(reverse("comptes:messages")).content.decode().replace(
            ' id="id_niveau"', ""
        )
    assert client.post(reverse("comptes:messages"), {"niveau": "RIEN"}).status_code == 422
    assert ReglageMessages.objects.count() == 1


def test_seul_un_rappel_porte_de_quoi_se_couper(now: datetime) -> None:
    for evenement in (*LEGAUX, *RAPPELS):
        un_rappel(now, evenement=evenement, adresse=f"{evenement}@exemple.invalid")
    vider_la_boite(now=now)
    coupables = set()
    for parti in mail.outbox:
        message = parti.message()
        if message["List-Unsubscribe"]:
            coupables.add(parti.to[0].partition("@")[0])
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert message["List-Unsubscribe"].startswith("<http")
        assert ("ne plus en recevoir" in parti.body) == bool(message["List-Unsubscribe"])
    assert len(mail.outbox) == len(LEGAUX) + len(RAPPELS)
    assert coupables == RAPPELS


@pytest.mark.parametrize("evenement", LEGAUX)
def test_un_avis_legal_arrive_a_qui_a_tout_coupe(now: datetime, evenement: str) -> None:
    saisine = fabriques.saisine()
    personne = fabriques.mandat(saisine.instance).utilisateur
    ReglageMessages.objects.create(personne=personne, niveau=Niveau.ESSENTIEL, change_le=now)
    annoncer(
        instance=saisine.instance, evenement=evenement, occurrence="1", message=("Sujet", "Texte"), objet=saisine,
        now=saisine.transmise_le,
    )  # fmt: skip
    assert Envoi.objects.filter(destinataire=personne, evenement=evenement).exists()


def test_un_clic_de_la_messagerie_coupe_sans_connexion_ni_temoin_ni_renvoi(now: datetime) -> None:
    personne = fabriques.utilisateur()
    chemin = chemin_d_arret(un_rappel(now, destinataire=personne, adresse=personne.email))
    messagerie = Client(enforce_csrf_checks=True)
    reponse = messagerie.post(chemin, {"List-Unsubscribe": "One-Click"})
    assert reponse.status_code == 200, "la norme interdit de rediriger ce clic"
    assert niveau_de(personne) == Niveau.ESSENTIEL
    assert messagerie.post(chemin, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert ReglageMessages.objects.count() == 1


def test_lire_le_lien_ne_coupe_rien_le_bouton_coupe(client: Client, now: datetime) -> None:
    chemin = chemin_d_arret(un_rappel(now))
    assert "Arrêter les rappels" in client.get(chemin).content.decode()
    assert client.head(chemin).status_code == 200
    assert not ReglageMessages.objects.exists()
    assert client.post(chemin).status_code == 303
    assert niveau_de(None, "boite@exemple.invalid") == Niveau.ESSENTIEL
    assert "Les rappels sont arrêtés" in client.get(chemin).content.decode()


def test_un_lien_forge_ou_celui_d_un_autre_envoi_ne_coupe_rien(client: Client, now: datetime) -> None:
    un, autre = un_rappel(now), un_rappel(now, occurrence="2")
    signature = chemin_d_arret(un).rstrip("/").rpartition(".")[2]
    for jeton in (str(un.pk), f"{un.pk}.", f"{autre.pk}.{signature}", "x" * 400):
        chemin = reverse("comptes:messages_arreter", args=[jeton])
        assert {client.get(chemin).status_code, client.post(chemin).status_code} == {404}
    assert not ReglageMessages.objects.exists()


def test_le_lien_ne_dit_ni_l_adresse_ni_la_personne(now: datetime) -> None:
    personne = fabriques.utilisateur()
    lien = lien_d_arret(un_rappel(now, destinataire=personne, adresse=personne.email))
    assert str(personne.pk) not in lien
    assert "@" not in lien


def test_le_reglage_part_avec_le_compte(now: datetime) -> None:
    personne = fabriques.utilisateur()
    ReglageMessages.objects.create(personne=personne, niveau=Niveau.RESUME, change_le=now)
    personne.delete()
    assert not ReglageMessages.objects.exists()

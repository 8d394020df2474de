"""Ce qui est réservé ne se nomme pas ailleurs, et ne reste pas dans le navigateur."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from consultations.admin import AvisAdmin
from consultations.etats import Visibilite
from participation.comptes.actions import purger_les_traces
from participation.registre.actions import inscrire
from tests import fabriques
from tests.comptes.outils import entrer

pytestmark = pytest.mark.django_db


def test_le_registre_ne_nomme_pas_une_consultation_reservee(client: Client) -> None:
    publique = fabriques.saisine(consultation_=fabriques.consultation(titre="Titre public"))
    reservee = fabriques.saisine(
        consultation_=fabriques.consultation(titre="Titre secret", visibilite_projet=Visibilite.Projet.INSTANCES)
    )
    for saisine in (publique, reservee):
        inscrire(acte="saisine_transmise", objet=saisine, dossier=saisine.consultation_id, now=fabriques.TRANSMISE_LE)
    page = client.get("/registre/").content.decode()
    assert "Titre public" in page
    assert "Titre secret" not in page
    assert client.get(f"/registre/?dossier={publique.consultation_id}").status_code == 200
    for cle in (reservee.consultation_id, uuid4(), "x"):
        assert client.get(f"/registre/?dossier={cle}").status_code == 404


def test_aucune_page_lue_par_une_personne_entree_ne_reste_dans_le_navigateur(client: Client) -> None:
    saisine = fabriques.saisine()
    publiques = ["/", "/registre/", reverse("consultations:consultation", args=[saisine.consultation.slug])]
    assert all("no-store" not in client.get(a).get("Cache-Control", "") for a in publiques)
    client.force_login(fabriques.agent())
    for adresse in [*publiques, "/gestion/", "/compte/", f"{publiques[2]}avis.json", "/page-inconnue/"]:
        assert "no-store" in client.get(adresse)["Cache-Control"], adresse
    assert "no-store" not in client.get("/identite.css").get("Cache-Control", "")


def test_l_administration_ne_montre_pas_de_quoi_deviner_un_avis_cache() -> None:
    assert not {"empreinte", "sens", "texte"} & set(map(str, AvisAdmin.fields))


def test_l_horloge_oublie_les_sessions_expirees(client: Client) -> None:
    entrer(client, "personne@exemple.invalid")
    Client().post("/compte/", {"texte": "mis de côté"})
    assert Session.objects.count() == 2
    Session.objects.exclude(pk=client.session.session_key).update(expire_date=datetime(2020, 1, 1).astimezone())
    cache.clear()
    assert purger_les_traces(now=fabriques.TRANSMISE_LE) == 0
    assert [s.pk for s in Session.objects.all()] == [client.session.session_key]
    Session.objects.all().delete()
    assert purger_les_traces(now=fabriques.TRANSMISE_LE) == 0, "pas deux fois en dix minutes"
    cache.clear()
    assert purger_les_traces(now=fabriques.TRANSMISE_LE) == 1

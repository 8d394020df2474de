"""Le nombre de requêtes d'une page ne dépend pas du nombre de ses lignes : deux ou vingt, c'est le même."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from consultations.models import Consultation
from participation.comptes.models import CodeRemis, Groupe, Utilisateur
from participation.registre.actions import inscrire
from participation.territoires.models import Instance
from tests import fabriques, fabriques_actes
from tests.fabriques import TRANSMISE_LE, UN_JOUR

pytestmark = pytest.mark.une_base  # ce qui se prouve ici ne dépend pas de la base

MAINTENANT = TRANSMISE_LE + timedelta(days=90)
Peupler = Callable[[Consultation, int], None]


def saisines(consultation: Consultation, nombre: int) -> None:
    """Autant d'instances : une sur trois répond avec ses observations, une sur trois n'a pas reçu."""
    for n in range(nombre):
        saisine = fabriques.saisine(consultation_=consultation, remise=n % 3 != 1)
        if n % 3 == 0:
            avis = fabriques.avis(saisine, observations=["Une question.", "Une autre."], pieces=[fabriques.piece()])
            inscrire(acte="avis_depose", objet=avis, dossier=consultation.pk, now=MAINTENANT)
        fabriques_actes.contribution(saisine)


def consultations(_: Consultation, nombre: int) -> None:
    """Autant de consultations, transmises et en préparation, chacune avec deux saisines."""
    for n in range(nombre):
        saisines(fabriques.consultation(transmise=n % 2 == 0), 2 if n % 2 == 0 else 0)


def quartiers(_: Consultation, nombre: int) -> None:
    """Autant de quartiers, chacun avec son conseil."""
    for _n in range(nombre):
        fabriques.instance()


def versions(_: Consultation, nombre: int) -> None:
    """Autant de rapports importés."""
    for _n in range(nombre):
        fabriques.version()


def observations(consultation: Consultation, nombre: int) -> None:
    """Un projet d'avis du mandat essayé, qui grandit."""
    projet = consultation.saisines.get(instance__slug="mienne").projet
    for n in range(nombre):
        projet.observations.create(ordre=n, nature="question", texte=f"Demande {n}.")


def reunions(consultation: Consultation, nombre: int) -> None:
    """Autant d'instances saisies, chacune avec sa réunion annoncée ; et autant de réunions de l'instance essayée."""
    mienne = consultation.saisines.get(instance__slug="mienne").instance
    for _n in range(nombre):
        fabriques.seance(fabriques.saisine(consultation_=consultation).instance)
        fabriques.seance(
            mienne, le=TRANSMISE_LE + (100 + mienne.seances.count()) * UN_JOUR, annoncee_par=fabriques.agent()
        )


def mandats(consultation: Consultation, nombre: int) -> None:
    """Autant de mandats dans l'instance essayée, une fois sur deux sans courriel et avec une lettre."""
    conseil = consultation.saisines.get(instance__slug="mienne").instance
    for n in range(nombre):
        sans_courriel = fabriques.utilisateur(email=None) if n % 2 else fabriques.utilisateur()
        donne = fabriques.mandat(conseil, par=sans_courriel, role="MEMBRE", nomme_par=fabriques.agent())
        CodeRemis.objects.create(
            mandat=donne, moyen="LETTRE", empreinte=uuid4().hex, emis_le=MAINTENANT, expire_le=MAINTENANT + UN_JOUR,
            emis_par=fabriques.agent(),
        )  # fmt: skip


PAGES: list[tuple[str, str, Peupler]] = [
    ("anonyme", "/", saisines),
    ("anonyme", "/mon-quartier/", quartiers),
    ("anonyme", "/chiffres/", quartiers),
    ("anonyme", "/consultations/", consultations),
    ("anonyme", "/consultations/essai/", saisines),
    ("mandat", "/consultations/essai/", saisines),
    ("anonyme", "/consultations/essai/instances/", saisines),
    ("anonyme", "/consultations/essai/etat.svg", saisines),
    ("anonyme", "/consultations/essai/avis.json", saisines),
    ("anonyme", "/consultations/essai/avis.csv", saisines),
    ("anonyme", "/consultations/essai/observations.ods", saisines),
    ("anonyme", "/consultations/essai/deliberations.csv", saisines),
    ("anonyme", "/consultations/essai/annexe.odt", saisines),
    ("anonyme", "/agenda/", consultations),
    ("anonyme", "/agenda.ics", saisines),
    ("anonyme", "/agenda/", reunions),
    ("anonyme", "/consultations/essai/", reunions),
    ("agent", "/gestion/", reunions),
    ("mandat", "/agenda/instances/mienne/", reunions),
    ("anonyme", "/registre.atom", saisines),
    ("anonyme", "/donnees-ouvertes/", consultations),
    ("anonyme", "/donnees-ouvertes.zip", saisines),
    ("anonyme", "/donnees-ouvertes.zip", consultations),
    ("anonyme", "/registre/", saisines),
    ("anonyme", "/registre.jsonl", saisines),
    ("anonyme", "/consultations/participation/", saisines),
    ("anonyme", "/consultations/participation/", consultations),
    ("agent", "/gestion/participation/", consultations),
    ("agent", "/gestion/consultations/nouvelle/?modele=essai", consultations),
    ("agent", "/gestion/", saisines),
    ("agent", "/gestion/", consultations),
    ("agent", "/gestion/consultations/essai/", saisines),
    ("agent", "/gestion/rapports/", versions),
    ("agent", "/gestion/mandats/", mandats),
    ("agent", "/gestion/mandats/", saisines),
    ("agent", "/gestion/mandats/liste.csv", mandats),
    ("agent", "/gestion/mandats/instances/mienne/", mandats),
    ("mandat", "/mon-conseil/mienne/", mandats),
    ("mandat", "/consultations/essai/saisines/{saisine}/projet/", observations),
    ("mandat", "/consultations/essai/saisines/{saisine}/avis/", observations),
]


def compter(client: Client, adresse: str) -> int:
    """Les requêtes d'un second passage : ce qui se garde en mémoire est déjà gardé."""
    assert client.get(adresse).status_code == 200, adresse
    with CaptureQueriesContext(connection) as vues:
        client.get(adresse)
    return len(vues)


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "adresse", "peupler"), PAGES, ids=lambda v: getattr(v, "__name__", v))
def test_vingt_lignes_coutent_autant_de_requetes_que_deux(
    role: str, adresse: str, peupler: Peupler, settings: Settings, client: Client
) -> None:
    settings.MAINTENANT = MAINTENANT
    fabriques.epci()
    consultation = fabriques.consultation(slug="essai")
    mienne = fabriques.saisine(consultation_=consultation, instance_=fabriques.instance(slug="mienne"))
    fabriques.projet_pret(mienne)
    if role != "anonyme":
        client.force_login(personne(role, mienne.instance))
    adresse = adresse.format(saisine=mienne.pk)
    peupler(consultation, 2)
    deux = compter(client, adresse)
    peupler(consultation, 18)
    assert compter(client, adresse) == deux


def personne(role: str, instance: Instance) -> Utilisateur:
    """Un compte d'agent, ou un mandat de cette instance."""
    if role == "agent":
        return fabriques.utilisateur(Groupe.AGENT)
    return fabriques.mandat(instance).utilisateur

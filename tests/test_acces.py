"""Chaque adresse × chaque rôle × chaque méthode, complète par construction. Chaque GET est prouvé sans écriture (S1).

Le tableau est dans tests/acces/tableau.py.
"""

import contextlib
import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as reglages
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker, Settings

from participation.comptes.models import Utilisateur
from tests.acces.monde import MAINTENANT, Monde, batir
from tests.acces.regles import ANONYME, METHODES, TOUS, Regle
from tests.acces.tableau import ACCES, PAR_PREFIXE

pytestmark = pytest.mark.une_base  # ce qui se prouve ici ne dépend pas de la base

SESSION = reglages.SESSION_COOKIE_NAME
DE_LA_BASE = ("GET", "POST")  # les autres méthodes sont refusées avant toute vue : la base n'y est pour rien
LECTURES = re.compile(
    r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK TO|EXPLAIN|DECLARE|FETCH|CLOSE|WITH(?!.*\b(INSERT|UPDATE|DELETE)\b))",
    re.I | re.S,
)


def adresses(resolveur: URLResolver | None = None, espace: str = "") -> Iterator[tuple[str, set[str]]]:
    """(nom complet, paramètres) de chaque adresse du site."""
    for motif in (resolveur or get_resolver()).url_patterns:
        if isinstance(motif, URLPattern):
            yield f"{espace}{motif.name}", set(motif.pattern.regex.groupindex)
        else:
            yield from adresses(motif, f"{espace}{motif.namespace}:" if motif.namespace else espace)


def prefixe(nom: str) -> str | None:
    """Le préfixe de paquet d'une adresse, s'il y en a un."""
    return next((p for p in PAR_PREFIXE if nom.startswith(p)), None)


def sans_cas(nom: str) -> str:
    """« consultations:avis#silence » : l'adresse, sans le cas."""
    return nom.partition("#")[0]


DU_SITE = {nom: parametres for nom, parametres in adresses() if prefixe(nom) is None}
DES_PAQUETS = {nom: parametres for nom, parametres in adresses() if prefixe(nom) is not None}

LIGNES = sorted(nom for nom in ACCES if sans_cas(nom) in DU_SITE)


@pytest.fixture(scope="module")
def bati_une_fois(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Monde]:
    """Le monde, et une session par rôle, dans une transaction que la fin du module défait ; chaque essai la sienne."""
    with django_db_blocker.unblock(), transaction.atomic():
        monde = batir()
        monde.sessions = {role: session_de(personne) for role, personne in monde.personnes.items()}
        yield monde
        transaction.set_rollback(True)


@pytest.fixture
def monde(bati_une_fois: Monde, db: None, settings: Settings) -> Monde:
    """Le monde de la matrice, à une heure immobile. Copié : un essai ne lit rien de ce qu'un autre y aurait laissé."""
    settings.MAINTENANT = MAINTENANT
    return copy.deepcopy(bati_une_fois)


def session_de(personne: Utilisateur) -> str:
    """La clé d'une session où cette personne est entrée."""
    client = Client()
    client.force_login(personne)
    return client.cookies[SESSION].value


def lecture_seule(executer: Callable[..., Any], sql: str, params: Any, many: bool, contexte: Any) -> Any:
    """Refuse toute requête qui écrit, celles des sessions comprises."""
    assert LECTURES.match(sql), f"un GET écrit : {sql[:200]}"
    return executer(sql, params, many, contexte)


def client_de(monde: Monde, role: str, **options: bool) -> Client:
    """Un navigateur neuf, connecté si le rôle n'est pas anonyme. `options` : celles du client de Django."""
    client = Client(**options)
    if role in monde.sessions:
        client.cookies[SESSION] = monde.sessions[role]
    elif role != ANONYME:
        client.force_login(monde.personnes[role])
    return client


def adresse_de(nom: str, monde: Monde) -> str:
    """L'adresse de cette ligne, dans ce monde."""
    arguments, nue = dict(ACCES[nom].arguments), sans_cas(nom)
    return reverse(nue, kwargs=arguments | monde.arguments(DU_SITE[nue] - set(arguments)))


def demander(client: Client, methode: str, adresse: str, regle: Regle) -> Any:
    """Joue la requête dans une transaction qu'on défait ; un GET ne peut que lire."""
    with transaction.atomic():
        if methode == "GET":
            with connection.execute_wrapper(lecture_seule):
                reponse = client.get(adresse)
                b"".join(reponse) if reponse.streaming else reponse.content
        else:
            reponse = client.generic(methode, adresse) if methode != "POST" else client.post(adresse, dict(regle.corps))
        transaction.set_rollback(True)
    return reponse


def test_toute_adresse_est_dans_le_tableau() -> None:
    assert set(DU_SITE) == {sans_cas(nom) for nom in ACCES}, "une adresse sans ligne, ou une ligne sans adresse"


@pytest.mark.parametrize("nom", LIGNES)
def test_chaque_role_recoit_le_code_prevu(nom: str, monde: Monde) -> None:
    regle, ecarts = ACCES[nom], []
    adresse = adresse_de(nom, monde)
    for role in TOUS:
        client = client_de(monde, role)
        for methode in METHODES if connection.vendor == "sqlite" else DE_LA_BASE:
            statut = demander(client, methode, adresse, regle).status_code
            if statut not in (voulus := regle.attendus(methode, role)):
                ecarts.append(f"{methode} {adresse} pour {role} : {statut}, attendu {sorted(voulus)}")
    assert not ecarts, "\n".join(ecarts)


@pytest.mark.une_base
@pytest.mark.parametrize("nom", [n for n in LIGNES if ACCES[n].get])
def test_une_page_a_un_titre_et_au_plus_un_geste_principal(nom: str, monde: Monde) -> None:
    for role in (ANONYME, "habitante", "presidente", "agent", "signataire", "admin"):
        reponse = demander(client_de(monde, role), "GET", adresse_de(nom, monde), ACCES[nom])
        if reponse.status_code != 200 or not reponse.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = reponse.content.decode()
        assert len(re.findall(r"<[^>]*\sdata-principal\b", page)) <= 1, f"{role} : deux gestes principaux"
        assert len(re.findall(r"<h1\b", page)) == 1, f"{role} : un seul h1"
        identifiants = re.findall(r'\sid="([^"]+)"', page)
        assert len(identifiants) == len(set(identifiants)), f"{role} : identifiant répété"


SIGNEES = {"comptes:messages_arreter"}
"""Ce clic (RFC 8058) n'a ni page ni témoin : l'adresse signée fait foi (tests/comptes/test_messages.py)."""


@pytest.mark.une_base
@pytest.mark.parametrize("nom", [n for n in LIGNES if ACCES[n].post and n not in SIGNEES])
def test_sans_jeton_rien_ne_s_ecrit(nom: str, monde: Monde) -> None:
    """S3 : un POST sans jeton, ou d'une autre origine, est refusé avant toute vue."""
    for role in (ANONYME, "presidente", "agent", "signataire", "admin"):
        client = client_de(monde, role, enforce_csrf_checks=True)
        assert client.post(adresse_de(nom, monde)).status_code == 403, role


def adresse_du_paquet(nom: str) -> str:
    """L'adresse d'un paquet, avec des valeurs quelconques ; le fourre-tout de /admin/ n'a pas de nom."""
    if nom.endswith(":None"):
        return reverse("admin:index") + "page-absente/"
    for valeur in ("1", "comptes"):
        with contextlib.suppress(NoReverseMatch):
            return reverse(nom, kwargs=dict.fromkeys(DES_PAQUETS[nom], valeur))
    return reverse(nom, args=["1"])


@pytest.mark.une_base
@pytest.mark.parametrize("nom", sorted(DES_PAQUETS))
def test_les_adresses_des_paquets_suivent_la_regle_de_leur_prefixe(nom: str, monde: Monde) -> None:
    anonyme, connectes, entrants = PAR_PREFIXE[prefixe(nom) or ""]
    adresse = adresse_du_paquet(nom)
    ecarts = []
    for role in TOUS:
        voulus = anonyme if role == ANONYME else entrants if monde.personnes[role].is_staff else connectes
        reponse = demander(client_de(monde, role), "GET", adresse, Regle())
        if reponse.status_code not in voulus:
            ecarts.append(f"GET {adresse} pour {role} : {reponse.status_code}, attendu {sorted(voulus)}")
    assert not ecarts, "\n".join(ecarts)

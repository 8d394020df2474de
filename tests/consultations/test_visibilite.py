"""La règle 20 sur chaque adresse d'une consultation, complète par construction : une adresse neuve s'y essaie.

Projet réservé aux instances : 404 hors d'elles, agents exceptés. Avis publiés à la clôture : personne d'autre que
l'instance n'en lit le sens ni le texte avant la borne, dans aucun format.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pytest_django import Settings

from consultations.etats import Sens, Visibilite
from consultations.models import Avis, Complement, Saisine
from participation.comptes.models import Utilisateur
from tests import fabriques, fabriques_actes
from tests.acces.monde import MAINTENANT

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]
SECRETS = ("Un texte secret.", "Une demande secrète.", "piece-secrete.pdf", "DELIB-SECRETE", "Une lettre secrète.")


def adresses(resolveur: Any = None) -> list[tuple[str, frozenset[str]]]:
    """(nom, paramètres) de chaque adresse qui nomme une consultation."""
    lues = []
    for motif in (resolveur or dict(get_resolver().namespace_dict)["consultations"][1]).url_patterns:
        if isinstance(motif, URLPattern):
            lues.append((str(motif.name), frozenset(motif.pattern.regex.groupindex)))
        else:
            lues += adresses(motif)
    return [(nom, parametres) for nom, parametres in lues if "slug" in parametres]


ADRESSES = dict(adresses())
ECRITURES = {"recu", "temps", "avis_proposer"}
DES_MANDATS = {
    "projet",
    "projet_piece",
    "avis_deposer",
    "contribution_piece",
    "dossier",
    "preuve_piece",
    "complement",
    "kit",
    "kit_odt",
    "kit_pdf",
    "reunion",
    "feuille",
}
"""Ces adresses exigent plus que de voir la consultation : leur tableau des accès dit à qui."""
DE_L_AVIS = {"avis", "piece", "accuse", "complement"}


@dataclass
class Lieu:
    """Une consultation, une instance qui a répondu, et tout ce que ses adresses peuvent nommer."""

    saisine: Saisine
    avis: Avis
    arguments: dict[str, Any]

    def adresse(self, nom: str) -> str:
        valeurs = self.arguments | {"pk": self.avis.pk if nom in DE_L_AVIS else self.saisine.pk}
        return reverse(f"consultations:{nom}", kwargs={p: valeurs[p] for p in ADRESSES[nom]})


def lieu(**champs: Any) -> Lieu:
    fabriques.epci()
    saisine = fabriques.saisine(consultation_=fabriques.consultation(**champs), instance_=fabriques.conseil_municipal())
    piece = fabriques.piece(nom="piece-secrete.pdf")
    avis = fabriques.avis(
        saisine, sens=Sens.DEFAVORABLE, texte=SECRETS[0], observations=[SECRETS[1]], pieces=[piece],
        recu_le=MAINTENANT,
    )  # fmt: skip
    Complement.objects.create(avis=avis, deliberation=SECRETS[3], inscrit_le=MAINTENANT)
    recue = fabriques_actes.contribution(saisine, texte=SECRETS[4], recu_le=MAINTENANT, inscrit_le=MAINTENANT)
    arguments = {
        "slug": saisine.consultation.slug, "ancre": "1", "piece": piece.pk, "contribution": recue.pk,
        "preuve": saisine.preuves.get().pk,
    }  # fmt: skip
    return Lieu(saisine, avis, arguments)


@pytest.fixture(autouse=True)
def pendant(settings: Settings) -> None:
    settings.MAINTENANT = MAINTENANT


def entrer(personne: Utilisateur | None) -> Client:
    client = Client()
    if personne is not None:
        client.force_login(personne)
    return client


@pytest.mark.parametrize("nom", sorted(ADRESSES))
def test_un_projet_reserve_n_existe_pas_hors_des_instances_saisies(nom: str) -> None:
    reserve = lieu(visibilite_projet=Visibilite.Projet.INSTANCES)
    adresse = reserve.adresse(nom)
    anonyme = Client().get(adresse).status_code
    assert anonyme in ({404, 302, 405} if nom in ECRITURES | DES_MANDATS else {404})
    for personne in (fabriques.utilisateur(), fabriques.mandat().utilisateur):
        methode = "post" if nom in ECRITURES else "get"
        assert getattr(entrer(personne), methode)(adresse).status_code == 404
    if nom not in ECRITURES | DES_MANDATS:
        saisie = fabriques.mandat(reserve.saisine.instance).utilisateur
        for personne in (saisie, fabriques.agent()):
            assert entrer(personne).get(adresse).status_code in {200, 503}


@pytest.mark.parametrize("nom", sorted(set(ADRESSES) - ECRITURES))
def test_un_avis_publie_a_la_cloture_ne_se_lit_nulle_part_avant_la_borne(nom: str, settings: Settings) -> None:
    cache = lieu(visibilite_avis=Visibilite.Avis.A_LA_CLOTURE)
    for personne in (None, fabriques.utilisateur(), fabriques.mandat().utilisateur, fabriques.agent()):
        reponse = entrer(personne).get(cache.adresse(nom))
        if reponse.status_code in {200, 422} and not (personne and nom in DES_MANDATS):
            dit = lisible(reponse)
            assert [s for s in (*SECRETS, "DEFAVORABLE", "Défavorable") if s in dit] == []
        if nom in DE_L_AVIS - DES_MANDATS:
            assert reponse.status_code == 404


def test_a_la_borne_tout_se_lit(settings: Settings) -> None:
    """L'essai précédent cherche bien ce qu'il faut : les mêmes adresses le disent une fois le délai clos."""
    cache = lieu(visibilite_avis=Visibilite.Avis.A_LA_CLOTURE)
    settings.MAINTENANT = cache.saisine.borne
    for nom, dit in (("avis", SECRETS[0]), ("avis_json", "DEFAVORABLE"), ("annexe_odt", SECRETS[1]),
                     ("observations_csv", SECRETS[1]), ("saisine", SECRETS[4])):  # fmt: skip
        assert dit in lisible(Client().get(cache.adresse(nom))), nom


def lisible(reponse: Any) -> str:
    """Le texte d'une réponse, archives ouvertes. Les PDF sont compressés : l'ODT, aux mêmes données, parle pour eux."""
    octets = b"".join(reponse) if reponse.streaming else reponse.content
    if octets[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return "\n".join(archive.read(n).decode(errors="replace") for n in archive.namelist())
    return octets.decode(errors="replace").replace("&nbsp;", " ")

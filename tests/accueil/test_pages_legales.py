"""Les pages légales disent ce que la collectivité a donné ; `check --deploy` refuse d'ouvrir avec « à compléter »."""

from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import Client
from pytest_django import Settings

from participation.accueil import checks
from participation.accueil.checks import pages_legales_completes
from participation.territoires.rules import LEGALES, a_completer
from tests import fabriques

COMPLETES = {
    "nom": "Agglomération d'essai", "siren": "200072460", "adresse_contact": "100 avenue de Londres",
    "telephone_contact": "03 21 00 00 00", "courriel_contact": "contact@agglo-d-essai.fr",
    "service": "Cohésion sociale",
    "directeur_publication": "La présidente", "hebergeur": "La régie, 1 rue des Serveurs, 03 21 00 00 01",
    "tribunal_administratif": "Lille", "courriel_dpo": "dpo@agglo-d-essai.fr",
    "schema_accessibilite": "https://agglo-d-essai.fr/schema.pdf",
}  # fmt: skip
PAGES = {
    "/mentions-legales/": ("nom", "siren", "adresse_contact", "telephone_contact", "directeur_publication", "hebergeur",
                           "tribunal_administratif"),
    "/modalites/": ("service", "adresse_contact", "courriel_contact", "tribunal_administratif"),
    "/accessibilite/": ("schema_accessibilite",),
    "/donnees-personnelles/": ("courriel_dpo",),
}  # fmt: skip


@pytest.mark.parametrize(
    "valeur", ["", "  ", "À compléter", "TODO", "dpo@exemple.invalid", "www.exemple.fr", "…", "XXX"]
)
@pytest.mark.parametrize("champ", LEGALES)
def test_une_valeur_vide_ou_d_exemple_est_a_completer(champ: str, valeur: str) -> None:
    assert a_completer(COMPLETES) == []
    assert a_completer(COMPLETES | {champ: valeur}) == [(champ, LEGALES[champ])]


@pytest.mark.parametrize("panne", [OperationalError, InterfaceError, ProgrammingError])
def test_sans_base_lisible_la_relecture_ne_plante_ni_ne_bloque(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, panne: type[Exception]
) -> None:
    """Base absente, injoignable ou pas migrée : `check --deploy` passe avant `migrate`, sans rien dire des pages."""

    def illisible() -> None:
        raise panne("no such table: territoires_epci")

    settings.DEMO = False
    monkeypatch.setattr(checks, "identite", illisible)
    assert pages_legales_completes(None) == []


@pytest.mark.django_db
def test_le_deploiement_est_refuse_tant_qu_une_valeur_manque(settings: Settings) -> None:
    assert pages_legales_completes(None) == []  # la démonstration a son propre refus
    settings.DEMO = False
    assert {e.obj for e in pages_legales_completes(None)} == set(LEGALES)
    fabriques.epci(**COMPLETES)
    assert pages_legales_completes(None) == []
    fabriques.epci(hebergeur="à compléter")
    (erreur,) = pages_legales_completes(None)
    assert (erreur.id, erreur.obj) == ("accueil.E001", "hebergeur")
    assert "--hebergeur" in str(erreur.hint)


def test_avant_la_premiere_migration_rien_n_est_a_dire(settings: Settings) -> None:
    settings.DEMO = False
    with mock.patch("participation.accueil.checks.identite", side_effect=OperationalError("no such table")):
        assert pages_legales_completes(None) == []


@pytest.mark.django_db
@pytest.mark.une_base
@pytest.mark.parametrize("adresse", PAGES)
def test_chaque_page_legale_dit_ce_qui_est_donne_et_ce_qui_manque(client: Client, adresse: str) -> None:
    fabriques.epci(**dict.fromkeys(PAGES[adresse], ""))
    assert "à compléter par la collectivité" in client.get(adresse).content.decode()
    fabriques.epci(**COMPLETES)
    page = client.get(adresse).content.decode().replace("&#x27;", "'")
    assert "à compléter" not in page
    assert [champ for champ in PAGES[adresse] if COMPLETES[champ] not in page] == []


@pytest.mark.django_db
@pytest.mark.une_base
def test_sans_audit_le_site_se_dit_non_conforme(client: Client) -> None:
    fabriques.epci()
    assert "<b>non conforme</b>" in client.get("/accessibilite/").content.decode()


@pytest.mark.django_db
def test_installer_remplit_chaque_valeur_legale_et_dit_celles_qui_manquent(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, sortie = tmp_path, StringIO()
    call_command("installer", sans_question=True, stdout=sortie, nom="Agglo")
    assert "direction de la publication : --directeur-publication" in sortie.getvalue()
    call_command("installer", sans_question=True, stdout=(fini := StringIO()), **COMPLETES)
    assert "--directeur-publication" not in fini.getvalue()
    settings.DEMO = False
    assert pages_legales_completes(None) == []

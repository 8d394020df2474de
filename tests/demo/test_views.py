"""Entrer comme une personne, avancer l'heure : les trois adresses de la démonstration."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from consultations.models import Avis, Saisine
from participation.common.dates import PARIS, maintenant, reference
from participation.comptes.models import Utilisateur
from participation.comptes.permissions import has_mandat, is_admin, is_agent, is_animation, is_signataire
from participation.demo.models import ActeJoue, Personnage
from participation.demo.roles import CONSEIL_CENTRE, CONSEIL_MONT_LIEBAUT, ROLES
from participation.territoires.models import Instance
from tests.demo.conftest import DIX_SECONDES_AVANT

pytestmark = pytest.mark.une_base  # ce qui se prouve ici ne dépend pas de la base

Charger = Callable[..., list[str]]
QUATORZE = {
    "agent", "signataire", "admin", "presidente", "membre", "suppleante", "membre-bruay", "mairie-bethune",
    "secretaire", "referente", "ambassadrice", "habitante", "animatrice", "scribe",
}  # fmt: skip


def personne(role: str) -> Utilisateur:
    """Le compte de ce rôle."""
    return Personnage.objects.get(role=role).utilisateur


def test_la_page_liste_les_quatorze_personnes_et_pose_le_temoin(monde: datetime, client: Client) -> None:
    reponse = client.get("/demo/")
    assert reponse.status_code == 200
    assert "csrftoken" in reponse.cookies
    assert set(ROLES) == QUATORZE
    for role in ROLES.values():
        assert escape(role.nom) in reponse.text
        assert f'action="/demo/connexion/{role.code}/"' in reponse.text


@pytest.mark.parametrize("role", sorted(QUATORZE))
def test_chaque_role_entre(monde: datetime, client: Client, role: str) -> None:
    reponse = client.post(f"/demo/connexion/{role}/")
    assert reponse.status_code == 303
    assert client.session["_auth_user_id"] == str(personne(role).pk)
    assert client.session["_auth_user_backend"] == "allauth.account.auth_backends.AuthenticationBackend"
    assert client.get(reponse["Location"]).status_code == 200


def test_un_role_inconnu_est_introuvable_et_le_jeton_est_exige(monde: datetime) -> None:
    assert Client().post("/demo/connexion/prefete/").status_code == 404
    assert Client(enforce_csrf_checks=True).post("/demo/connexion/agent/").status_code == 403
    assert Client().get("/demo/connexion/agent/").status_code == 405


def test_chaque_role_a_ses_droits_et_pas_plus(monde: datetime) -> None:
    now = DIX_SECONDES_AVANT
    groupes = {"agent": is_agent, "signataire": is_signataire, "admin": is_admin, "animatrice": is_animation}
    for juge in groupes.values():
        assert [r for r in ROLES if juge(personne(r))] == [r for r, g in groupes.items() if g is juge]
    mandats = {
        CONSEIL_MONT_LIEBAUT: {"presidente", "membre", "suppleante"},
        CONSEIL_CENTRE: {"membre-bruay"},
        "bethune": {"mairie-bethune", "secretaire"},
        "beuvry": {"secretaire"},
    }
    for slug, attendus in mandats.items():
        instance = Instance.objects.get(slug=slug)
        assert {r for r in ROLES if has_mandat(personne(r), instance, now)} == attendus


def test_un_compte_supprime_se_rouvre_avec_ses_droits(monde: datetime, client: Client) -> None:
    personne("membre").delete()
    assert client.post("/demo/connexion/membre/").status_code == 303
    conseil = Instance.objects.get(slug=CONSEIL_MONT_LIEBAUT)
    assert has_mandat(personne("membre"), conseil, DIX_SECONDES_AVANT)


def test_entrer_se_date_a_l_heure_du_site(monde: datetime, client: Client) -> None:
    """La connexion d'un mandat prouve la remise (règle 6) : à l'heure du site, pas à celle de la machine."""
    client.post("/demo/connexion/presidente/")
    assert personne("presidente").last_login == DIX_SECONDES_AVANT


# --- l'heure ----------------------------------------------------------------------------------------------------------
def test_l_heure_avance_joue_les_actes_et_l_horloge(monde: datetime, client: Client) -> None:
    cible = DIX_SECONDES_AVANT + timedelta(days=5)
    reponse = client.post("/demo/horloge/", {"instant": cible.isoformat()})
    assert (reponse.status_code, reponse["Location"]) == (303, "/demo/")
    assert cible <= maintenant() < cible + timedelta(minutes=5)
    assert ActeJoue.objects.filter(nom="rapport-2024-demonstration-conseil_3_bis").exists()
    silences = Avis.objects.filter(saisine__consultation__slug="rapport-2024", sens="REPUTE_FAVORABLE")
    assert silences.count() == 10
    seconde = Avis.objects.get(saisine__consultation__slug="rapport-2024-demonstration", version=2)
    assert seconde.remplace is not None


@pytest.mark.parametrize(
    "instant", ["2025-10-30T23:59:50+01:00", "2025-10-30T23:59:49", "2020-01-01", "2024-02-29T00:00Z"]
)
def test_l_heure_ne_recule_jamais(monde: datetime, client: Client, instant: str) -> None:
    reponse = client.post("/demo/horloge/", {"instant": instant})
    assert reponse.status_code == 422
    assert "ne recule jamais" in reponse.text
    assert reference() is None
    assert maintenant() == DIX_SECONDES_AVANT


@pytest.mark.parametrize(
    "instant", ["", "demain", "2025-13-01T00:00", "1999-12-31", "9999-12-31T23:59:59-12:00", "2200-01-01", "2028-01-01"]
)
def test_un_instant_illisible_est_refuse_avec_la_saisie(monde: datetime, client: Client, instant: str) -> None:
    reponse = client.post("/demo/horloge/", {"instant": instant})
    assert reponse.status_code == 422
    assert reference() is None
    assert not instant or instant in reponse.text
    assert not instant.startswith(("2", "9999")) or "31 décembre 2027" in reponse.text or "-13-" in instant


@pytest.mark.parametrize(
    "ecrit", ["2025-11-02T12:00:00+01:00", "2025-11-02T12:00:00 01:00", "2025-11-02T12:00", "2025-11-02T11:00:00Z"]
)
def test_un_instant_sans_decalage_est_a_paris_et_un_plus_perdu_se_lit(
    monde: datetime, client: Client, ecrit: str
) -> None:
    assert client.post("/demo/horloge/", {"instant": ecrit}).status_code == 303
    couple = reference()
    assert couple is not None
    assert couple[0] == datetime(2025, 11, 2, 12, tzinfo=PARIS)


def test_un_depot_reste_possible_jusqu_au_saut(monde: datetime, client: Client) -> None:
    """Avancer d'un coup après la borne ne défait rien : les saisines restées muettes sont closes, une fois."""
    for jours in (1, 2):
        client.post("/demo/horloge/", {"instant": (DIX_SECONDES_AVANT + timedelta(days=jours)).isoformat()})
    ouvertes = Saisine.objects.filter(consultation__slug="rapport-2024").ouvertes(maintenant())
    assert not ouvertes.exists()
    assert Avis.objects.filter(saisine__consultation__slug="rapport-2024", sens="REPUTE_FAVORABLE").count() == 10


def test_le_deploiement_refuse_la_demonstration_et_l_heure_decalee(db: None, site: Settings) -> None:
    erreurs = {e.id for e in run_checks(tags=["security"], include_deployment_checks=True)}
    assert {"demo.E001", "demo.E002"} <= erreurs
    site.DEMO, site.MAINTENANT = False, None
    erreurs = {e.id for e in run_checks(tags=["security"], include_deployment_checks=True)}
    assert not {"demo.E001", "demo.E002"} & erreurs

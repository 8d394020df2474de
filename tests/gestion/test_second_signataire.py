"""Le procès-verbal attend : chaque signataire est rappelé, un second se nomme, les instances ne savent qu’après."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import Settings

from consultations import delais
from consultations.actions.proces_verbal import rappeler_proces_verbal
from consultations.models import Acte, Saisine
from participation.comptes.models import Groupe
from participation.notifications.models import Envoi
from tests import fabriques

JOUR = timedelta(days=1)


@pytest.fixture
def saisine(settings: Settings) -> Saisine:
    """Close depuis une minute."""
    faite = fabriques.saisine(consultation_=fabriques.consultation(slug="essai", transmise_par=fabriques.signataire()))
    settings.MAINTENANT = faite.borne + timedelta(minutes=1)
    return faite


def titres(client: Client) -> list[tuple[str, bool]]:
    return [(t.titre, t.is_alerte) for t in client.get("/gestion/").context["taches"]]


def test_des_la_cloture_le_bureau_dit_le_proces_verbal_et_alerte_au_cinquieme_jour_ouvre(
    agent: Client, saisine: Saisine, settings: Settings
) -> None:
    """Clos jeudi 30 octobre 2025 : le 1er novembre est férié, un samedi ; cinq jours ouvrés mènent au 6 novembre."""
    phrase = f"Procès-verbal de clôture à signer : {saisine.consultation}"
    assert (phrase, False) in titres(agent)
    assert delais.rappel_du_proces_verbal(saisine.borne).isoformat() == "2025-11-06"
    settings.MAINTENANT = delais.borne(delais.rappel_du_proces_verbal(saisine.borne)) - JOUR
    assert (phrase, True) in titres(agent)
    agent.post("/gestion/consultations/essai/actes/cloture/", {"courrier": "on"})
    assert [t for t, _ in titres(agent) if t.startswith("Procès-verbal de clôture")] == []
    assert any(t.startswith("À signer : procès-verbal") for t, _ in titres(agent))


def test_un_second_signataire_se_nomme_avec_sa_trace_est_rappele_et_signe(
    agent: Client, saisine: Saisine, settings: Settings
) -> None:
    second = fabriques.agent()
    admin = fabriques.utilisateur(Groupe.ADMIN, is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(admin)
    groupes = [Group.objects.get_or_create(name=g.value)[0].pk for g in (Groupe.AGENT, Groupe.SIGNATAIRE)]
    corps = {"nom_usage": second.nom_usage, "is_active": "on", "groups": groupes}
    assert client.post(f"/admin/comptes/utilisateur/{second.pk}/change/", corps).status_code == 302
    trace = LogEntry.objects.get(change_message__contains="+ signataire")
    assert (trace.user_id, trace.object_id) == (admin.pk, str(second.pk))
    settings.MAINTENANT = delais.borne(delais.rappel_du_proces_verbal(saisine.borne)) - JOUR
    assert rappeler_proces_verbal(now=settings.MAINTENANT) == 2
    rappels = Envoi.objects.filter(evenement="rappel_proces_verbal")
    assert {e.destinataire_id for e in rappels} == {second.pk, saisine.consultation.transmise_par_id}
    assert all("À faire aujourd'hui" in e.sujet for e in rappels)
    assert not Envoi.objects.filter(evenement="cloture").exists()
    acte = agent.post("/gestion/consultations/essai/actes/cloture/", {"courrier": "on"})["Location"]
    assert not Envoi.objects.filter(evenement="cloture").exists()
    client.force_login(second)
    assert client.post(acte, {"relu": "on"}).status_code == 303
    assert Acte.objects.get().signe_par == second
    assert Envoi.objects.filter(evenement="cloture").count() == 1

"""La boîte d'envoi : un message par occurrence, pris une fois, réessayé avec recul, repris si son processus meurt."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from participation.notifications.actions import envoi as module
from participation.notifications.actions import poster, vider_la_boite
from participation.notifications.models import Envoi

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _memoire_neuve() -> Iterator[None]:
    module._pris_vus.clear()
    yield
    module._pris_vus.clear()


def courriel(now: datetime, **autres: object) -> Envoi | None:
    champs = {
        "adresse": "mont-liebaut@exemple.invalid", "destinataire": None, "evenement": "saisine", "occurrence": "1",
        "sujet": "Le rapport 2024", "texte": "Votre avis est attendu.", "now": now,
    } | autres  # fmt: skip
    return poster(**champs)  # type: ignore[arg-type]


def test_poster_deux_fois_n_ecrit_qu_un_message(now: datetime) -> None:
    assert courriel(now) is not None
    assert courriel(now, adresse=" Mont-Liebaut@exemple.invalid ") is None
    assert courriel(now, occurrence="2") is not None
    assert Envoi.objects.count() == 2


def test_un_message_part_une_fois_et_porte_l_instant_de_son_acceptation(now: datetime) -> None:
    envoi = courriel(now)
    assert envoi
    assert mail.outbox == [], "rien ne part quand on poste"
    assert [vider_la_boite(now=now), vider_la_boite(now=now)] == [1, 0]
    envoi.refresh_from_db()
    assert envoi.etat == Envoi.Etat.ENVOYE
    assert envoi.envoye_le
    assert now <= envoi.envoye_le < now + timedelta(seconds=10)
    message = mail.outbox[0].message()
    assert message["Message-ID"] == f"<{envoi.pk}@127.0.0.1>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Votre avis est attendu." in mail.outbox[0].body


def test_un_message_pour_plus_tard_attend_son_heure(now: datetime) -> None:
    courriel(now, a_envoyer_le=now + timedelta(hours=1))
    assert vider_la_boite(now=now + timedelta(minutes=59)) == 0
    assert vider_la_boite(now=now + timedelta(hours=1)) == 1


def test_un_sujet_sur_deux_lignes_ne_cree_pas_d_en_tete(now: datetime) -> None:
    courriel(now, sujet="Bonjour\r\nBcc: tiers@exemple.invalid")
    vider_la_boite(now=now)
    assert mail.outbox[0].message()["Bcc"] is None


def test_cinq_essais_avec_recul_puis_echec_dit(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def panne(soi: EmailBackend, messages: object) -> int:
        raise smtplib.SMTPServerDisconnected("mont-liebaut@exemple.invalid")

    monkeypatch.setattr(EmailBackend, "send_messages", panne)
    envoi = courriel(now)
    assert envoi
    instants = []
    for _ in range(8):
        vider_la_boite(now=now)
        envoi.refresh_from_db()
        instants.append((envoi.essais, envoi.etat))
        now = max(now, envoi.a_envoyer_le)
    assert instants[:5] == [(1, "a_envoyer"), (2, "a_envoyer"), (3, "a_envoyer"), (4, "a_envoyer"), (5, "echec")]
    assert instants[-1] == (5, "echec")
    assert envoi.derniere_erreur == "SMTPServerDisconnected", "jamais l'adresse"


def test_une_adresse_refusee_pour_toujours_n_est_pas_reessayee(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def refus(soi: EmailBackend, messages: object) -> int:
        raise smtplib.SMTPRecipientsRefused({"x@exemple.invalid": (550, b"x@exemple.invalid inconnu")})

    monkeypatch.setattr(EmailBackend, "send_messages", refus)
    envoi = courriel(now)
    assert envoi
    vider_la_boite(now=now)
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.derniere_erreur) == ("echec", "SMTPRecipientsRefused 550")


def test_un_envoi_pris_par_un_processus_mort_repart_dix_minutes_apres_avoir_ete_vu(now: datetime) -> None:
    envoi = courriel(now)
    assert envoi
    module._prendre(envoi.pk, now - timedelta(hours=2))  # l'autre processus avait une heure fausse
    assert vider_la_boite(now=now + timedelta(hours=3)) == 0, "l'heure d'un ouvrier ne suffit pas"
    module._pris_vus.clear()
    assert module.reprendre_les_abandonnes(1000.0) == 0
    assert module.reprendre_les_abandonnes(1599.0) == 0
    assert module.reprendre_les_abandonnes(1600.0) == 1
    assert vider_la_boite(now=now) == 1

"""Ce qui est gardé d'un courriel est, à l'octet près, ce que le serveur a reçu, avec sa réponse (règle 6)."""

import hashlib
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from django.core.mail import get_connection
from django.db import IntegrityError, connection, transaction

from participation.notifications.actions import poster, vider_la_boite
from participation.notifications.models import Envoi, MessageEnvoye
from tests.notifications.test_serveur_de_courriel import facteur
from tests.outillage.puits import BoiteAuxLettres

__all__ = ["facteur"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def partis(facteur: BoiteAuxLettres, now: datetime) -> BoiteAuxLettres:
    """Deux courriels, dont un avec un point seul sur sa ligne, partis vers un vrai serveur."""
    for n, texte in enumerate(("Bonjour,\n\n.\nÀ bientôt, « l’équipe ».", "Et voilà.")):
        poster(
            adresse=f"instance-{n}@exemple.invalid", destinataire=None, evenement="saisine", occurrence=str(n),
            sujet="Votre avis est attendu", texte=texte, now=now,
        )  # fmt: skip
    port = facteur.server_address[1]
    moteur = "django.core.mail.backends.smtp.EmailBackend"
    assert vider_la_boite(now=now, connexion=get_connection(moteur, host="127.0.0.1", port=port)) == 2
    return facteur


def test_les_octets_gardes_sont_ceux_que_le_serveur_a_recus(partis: BoiteAuxLettres) -> None:
    gardes = {bytes(m.octets) for m in MessageEnvoye.objects.all()}
    recus = {recu.replace(b"\r\n..\r\n", b"\r\n.\r\n") for recu in partis.recus}  # SMTP double le point seul
    assert {g.rstrip(b"\r\n") for g in gardes} == {r.rstrip(b"\r\n") for r in recus}
    assert len(gardes) == 2


def test_la_reponse_du_serveur_l_empreinte_et_les_dates_sont_gardees(partis: BoiteAuxLettres, now: datetime) -> None:
    for message in MessageEnvoye.objects.select_related("envoi"):
        lu = message_from_bytes(bytes(message.octets), policy=policy.default)
        assert message.reponse == "250 accepté"
        assert message.empreinte == hashlib.sha256(bytes(message.octets)).hexdigest()
        assert message.parti_le == message.envoi.envoye_le
        assert (lu["To"], lu["Subject"]) == (message.envoi.adresse, "Votre avis est attendu")
        assert abs((parsedate_to_datetime(lu["Date"]) - now).total_seconds()) < 10, "l'heure du site"


def test_un_message_refuse_n_est_pas_garde(now: datetime) -> None:
    poster(adresse="a@exemple.invalid", destinataire=None, evenement="e", occurrence="1", sujet="S", texte="T", now=now)
    absent = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=1)
    with pytest.raises(OSError, match="refused"):
        vider_la_boite(now=now, connexion=absent)
    assert (Envoi.objects.get().etat, MessageEnvoye.objects.count()) == ("a_envoyer", 0)


@pytest.mark.parametrize(
    "ordre",
    ["UPDATE notifications_messageenvoye SET reponse = '550'", "DELETE FROM notifications_messageenvoye"],
)
def test_la_base_refuse_de_changer_ou_d_effacer_un_message_parti(ordre: str, now: datetime) -> None:
    poster(adresse="a@exemple.invalid", destinataire=None, evenement="e", occurrence="1", sujet="S", texte="T", now=now)
    assert vider_la_boite(now=now) == 1
    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)

"""La mise en forme d'un courriel : texte, enveloppe de la maison, en-têtes d'un automate."""

from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from participation.notifications.models import Envoi
from participation.notifications.rules import is_rappel
from participation.territoires.models import Epci

SIGNATURE = signing.Signer(salt="notifications.arret", sep=".")


def lien_d_arret(envoi: Envoi) -> str:
    """L'adresse signée qui coupe les rappels de qui a reçu cet envoi : sans connexion, et rien d'autre."""
    return f"{settings.SITE_URL}{reverse('comptes:messages_arreter', args=[SIGNATURE.sign(str(envoi.pk))])}"


def envoi_du_jeton(jeton: str) -> Envoi | None:
    """L'envoi que désigne ce jeton ; None s'il est forgé, ou si l'envoi n'existe plus."""
    try:
        return Envoi.objects.filter(pk=SIGNATURE.unsign(jeton)).select_related("destinataire").first()
    except signing.BadSignature:
        return None


class Courriel(EmailMessage):
    """Un message composé une seule fois : ce qui est gardé est, à l'octet près, ce qui est parti."""

    _compose: Any = None

    def message(self, **options: Any) -> Any:
        """Le message et ses en-têtes : le même objet à chaque appel (Django le referait, à une autre heure)."""
        if self._compose is None:
            self._compose = super().message(**options)
        return self._compose

    def octets(self) -> bytes:
        """Les octets remis au serveur : ceux que compose le moteur SMTP de Django."""
        return bytes(self.message().as_bytes(linesep="\r\n"))


def composer(envoi: Envoi, connexion: BaseEmailBackend) -> Courriel:
    """Le message prêt à partir, daté de sa prise. Lève BadHeaderError (ValueError) si un en-tête est impossible."""
    epci = Epci.objects.first()
    arret = lien_d_arret(envoi) if is_rappel(envoi.evenement) else ""
    contexte = {"envoi": envoi, "epci": epci, "site": settings.SITE_URL, "arret": arret}
    hote = urlsplit(settings.SITE_URL).hostname or "localhost"
    entetes = {"Message-ID": f"<{envoi.pk}@{hote}>", "Auto-Submitted": "auto-generated"}
    if arret:  # RFC 2369 et RFC 8058 : la messagerie montre elle-même « se désabonner »
        entetes |= {"List-Unsubscribe": f"<{arret}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if envoi.pris_le:
        entetes["Date"] = format_datetime(envoi.pris_le)
    return Courriel(
        subject=envoi.sujet,
        body=render_to_string("emails/enveloppe.txt", contexte),
        from_email=formataddr((epci.nom_plateforme if epci else "", settings.DEFAULT_FROM_EMAIL)),
        to=[envoi.adresse],
        headers=entetes,
        connection=connexion,
    )

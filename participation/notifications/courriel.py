"""La mise en forme d'un courriel : texte, enveloppe de la maison, en-têtes d'un automate."""

from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from participation.notifications.models import Envoi
from participation.territoires.models import Epci


def composer(envoi: Envoi, connexion: BaseEmailBackend) -> EmailMessage:
    """Le message prêt à partir. Lève BadHeaderError (ValueError) si un en-tête est impossible."""
    epci = Epci.objects.first()
    contexte = {"envoi": envoi, "epci": epci, "site": settings.SITE_URL}
    hote = urlsplit(settings.SITE_URL).hostname or "localhost"
    return EmailMessage(
        subject=envoi.sujet,
        body=render_to_string("emails/enveloppe.txt", contexte),
        from_email=formataddr((epci.nom_plateforme if epci else "", settings.DEFAULT_FROM_EMAIL)),
        to=[envoi.adresse],
        headers={"Message-ID": f"<{envoi.pk}@{hote}>", "Auto-Submitted": "auto-generated"},
        connection=connexion,
    )

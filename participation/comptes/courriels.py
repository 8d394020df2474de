"""Les courriels qui portent un code : envoyés dans la requête, jamais mis en boîte (le code n'y serait pas secret)."""

from email.utils import formataddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from participation.territoires.models import Epci

SUJETS = {"code_connexion": "Votre code pour entrer", "code_courriel": "Votre code pour changer de courriel"}


def envoyer_le_code(modele: str, *, adresse: str, code: str) -> None:
    """Envoie le code. Lève OSError si le serveur de courriel ne répond pas ou refuse."""
    epci = Epci.objects.first()
    plateforme = epci.nom_plateforme if epci else "Voix des quartiers"
    contexte = {"code": code, "plateforme": plateforme, "epci": epci, "site": settings.SITE_URL}
    message = EmailMessage(
        subject=SUJETS[modele],
        body=render_to_string(f"emails/{modele}.txt", contexte),
        from_email=formataddr((plateforme, settings.DEFAULT_FROM_EMAIL)),
        to=[adresse],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except SMTPException as erreur:
        raise OSError("le serveur de courriel refuse le message") from erreur

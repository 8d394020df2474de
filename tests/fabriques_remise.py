"""Les fabriques de la remise par courriel : un courriel accepté, un message de non-remise (RFC 3464)."""

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from consultations.etats import OrigineRetour
from consultations.models import RetourCourriel, Saisine
from participation.notifications.models import Envoi


def envoi_accepte(saisine: Saisine, **champs: Any) -> Envoi:
    """Le courriel de transmission, accepté par le serveur à l'instant de la transmission."""
    voulu: dict[str, Any] = {
        "adresse": f"{saisine.pk.hex[-6:]}@exemple.invalid", "evenement": "saisine", "occurrence": str(saisine.pk),
        "sujet": "Votre avis est attendu", "texte": "Le projet est transmis.", "objet": "consultations.Saisine",
        "objet_id": saisine.pk, "etat": Envoi.Etat.ENVOYE, "envoye_le": saisine.transmise_le,
        "cree_le": saisine.transmise_le, "a_envoyer_le": saisine.transmise_le,
    }  # fmt: skip
    return Envoi.objects.create(**voulu | champs)


def retour(saisine: Saisine, *, apres: timedelta = timedelta(days=5), **champs: Any) -> RetourCourriel:
    """Le retour d'un courriel de transmission, plus tardif que 72 heures, sans entrée au registre."""
    envoi = envoi_accepte(saisine)
    le = saisine.transmise_le + apres
    voulu: dict[str, Any] = {
        "envoi": envoi.pk, "accepte_le": saisine.transmise_le, "retourne_le": le, "inscrit_le": le,
        "origine": OrigineRetour.AGENT, "motif": "550, boîte inconnue.",
    }  # fmt: skip
    return RetourCourriel.objects.create(saisine=saisine, **voulu | champs)


def dsn(envoi: Envoi, le: datetime, *, action: str = "failed", message_id: str = "", forme: str = "message") -> bytes:
    """Un message de non-remise ; `forme` : ce qu'il rend de l'original (« message », « en-tetes », « reference »)."""
    identifiant = message_id or f"<{envoi.pk}@plateforme.exemple.invalid>"
    original = f"Message-ID: {identifiant}\r\nTo: {envoi.adresse}\r\nSubject: Votre avis est attendu\r\n"
    rendus = {
        "message": f"--B\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\nBonjour.\r\n",
        "en-tetes": f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\n{original}\r\n",
        "reference": "",
    }
    cite = f"In-Reply-To: {identifiant}\r\n" if forme == "reference" else ""
    return (
        f"From: MAILER-DAEMON@mx.exemple.invalid\r\nTo: ne-pas-repondre@exemple.invalid\r\n{cite}"
        f"Date: {format_datetime(le)}\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nThe message could not be delivered.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.invalid\r\n\r\n"
        f"Final-Recipient: rfc822; {envoi.adresse}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{envoi.adresse}> User unknown\r\n\r\n{rendus[forme]}--B--\r\n"
    ).encode()

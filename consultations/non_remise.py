"""Lire un message de non-remise (DSN, RFC 3464) : des octets entrent, ce que dit le serveur sort. Pur."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import Any, cast
from uuid import UUID

OCTETS_MAX = 1_000_000
"""Un message de non-remise tient en quelques ko ; au-delà, ce n'en est pas un."""
IDENTIFIANT = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.I)
CODE = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class NonRemise:
    """Ce que le serveur dit : l'envoi revenu, le code (« 5.1.1 ») et la date du message. Jamais une adresse."""

    envoi: UUID
    code: str
    date: datetime | None


def lire(octets: bytes) -> NonRemise | None:
    """La non-remise que porte ce message ; None si ce n'en est pas une, ou si elle ne cite aucun de nos envois.

    Un retard (`Action: delayed`) n'est pas un retour : le serveur essaie encore. Ne lève rien : tout peut arriver là.
    """
    if len(octets) > OCTETS_MAX:
        return None
    try:
        message = message_from_bytes(octets, policy=policy.default)
        codes = list(_echecs(message))
        envoi = _envoi(message)
        return NonRemise(envoi, codes[0], _date(message)) if codes and envoi else None
    except (HeaderParseError, ValueError, LookupError, AttributeError, TypeError):
        return None  # un message mal formé n'est pas une preuve


def _echecs(message: EmailMessage) -> Iterator[str]:
    """Le code de chaque destinataire en échec définitif (RFC 3464, 2.3.3 et 2.3.4)."""
    for partie in message.walk():
        if partie.get_content_type() == "message/delivery-status":
            for bloc in cast("list[Message[str, str]]", partie.get_payload()):
                if str(bloc.get("Action", "")).strip().lower() == "failed":
                    yield _code(str(bloc.get("Status", "")))


def _code(statut: str) -> str:
    trouve = CODE.match(statut.strip())
    return trouve[0] if trouve else "sans code"


def _envoi(message: EmailMessage) -> UUID | None:
    """L'envoi revenu : l'en-tête Message-ID du message rendu, à défaut ce que le retour cite."""
    for texte in _citations(message):
        if trouve := IDENTIFIANT.search(texte):
            return UUID(trouve[1])
    return None


def _citations(message: EmailMessage) -> Iterator[str]:
    for partie in message.walk():
        if partie.get_content_type() == "message/rfc822":
            for rendu in cast("list[Message[str, str]]", partie.get_payload()):
                yield str(rendu.get("Message-ID", ""))
        elif partie.get_content_type() == "text/rfc822-headers":
            rendu = message_from_bytes(_octets(partie), policy=policy.default)
            yield str(rendu.get("Message-ID", ""))
    for nom in ("In-Reply-To", "References", "Original-Message-ID"):
        yield str(message.get(nom, ""))


def _octets(partie: "Message[Any, Any]") -> bytes:
    contenu = partie.get_payload(decode=True)
    return contenu if isinstance(contenu, bytes) else b""


def _date(message: EmailMessage) -> datetime | None:
    """L'en-tête Date, s'il dit son fuseau."""
    try:
        date = parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        return None
    return date if date.tzinfo else None

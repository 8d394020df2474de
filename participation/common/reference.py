"""Les identifiants publics : UUID version 7 (ordonnés dans le temps) et numéros lisibles."""

import os
import time
import unicodedata
import uuid

from django.utils.text import slugify

LIGATURES = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"})


def uuid7() -> uuid.UUID:
    """UUID version 7 (RFC 9562) : 48 bits de millisecondes, puis du hasard."""
    octets = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    octets[6] = 0x70 | (octets[6] & 0x0F)
    octets[8] = 0x80 | (octets[8] & 0x3F)
    return uuid.UUID(bytes=bytes(octets))


def en_adresse(texte: str) -> str:
    """« Nœux-l'Œuvre » devient « noeux-l-oeuvre » : minuscules, sans accent, ligatures ouvertes, tirets."""
    ouvert = texte.translate(LIGATURES).replace("’", "-").replace("'", "-")
    return slugify(unicodedata.normalize("NFKD", ouvert))

"""Le carré d'un formulaire papier : il nomme l'instance et la version, signées, et ne donne aucun droit (règle 21).

Photographié par un agent, il ouvre la saisie d'un avis reçu autrement (règle 11) de cette instance, sur cette version.
Il ne porte rien du projet d'avis, ni personne.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.core.signing import BadSignature, Signer

from consultations.models import Saisine

SEL = "consultations.papier"


def jeton_du_papier(saisine: Saisine) -> str:
    """(instance, version), signées : les mêmes données donnent le même carré."""
    octets = saisine.instance_id.bytes + saisine.version_id.bytes
    return Signer(salt=SEL, sep=".").sign(urlsafe_b64encode(octets).decode().rstrip("="))


def saisine_du_papier(jeton: str) -> Saisine | None:
    """La saisine de cette instance sur cette version, la plus récente ; None si le jeton est faux."""
    try:
        lu = Signer(salt=SEL, sep=".").unsign(jeton)
        octets = urlsafe_b64decode(lu + "=" * (-len(lu) % 4))
        instance, version = UUID(bytes=octets[:16]), UUID(bytes=octets[16:])
    except (BadSignature, ValueError):
        return None
    lignes = Saisine.objects.select_related("consultation", "instance")
    return lignes.filter(instance=instance, version=version).order_by("-transmise_le", "-rang").first()

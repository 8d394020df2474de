"""Poster : écrire un courriel dans la boîte d'envoi, dans la transaction de l'acte qui le décide."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from participation.notifications.models import Envoi

SUJET_MAX = 200


@transaction.atomic
def poster(
    *,
    adresse: str,
    destinataire: AbstractBaseUser | None,
    evenement: str,
    occurrence: str,
    sujet: str,
    texte: str,
    now: datetime,
    objet: str = "",
    objet_id: UUID | None = None,
    a_envoyer_le: datetime | None = None,
    expire_le: datetime | None = None,
) -> Envoi | None:
    """Ajoute un courriel à envoyer ; None s'il y est déjà. Rien ne part ici : l'horloge vide la boîte.

    `expire_le` : l'instant où ce message ne servira plus à rien ; s'il attend encore, il ne partira pas.
    """
    envoi = Envoi(
        adresse=adresse.strip().lower(), destinataire_id=destinataire.pk if destinataire else None, texte=texte,
        evenement=evenement, occurrence=occurrence, sujet=" ".join(sujet.split())[:SUJET_MAX], objet=objet,
        objet_id=objet_id, cree_le=now, a_envoyer_le=a_envoyer_le or now, expire_le=expire_le,
    )  # fmt: skip
    Envoi.objects.bulk_create([envoi], ignore_conflicts=True)
    return envoi if Envoi.objects.filter(pk=envoi.pk).exists() else None

"""Annoncer un acte à une instance : par la boîte d'envoi, une fois par adresse, dans la transaction de l'acte."""

from datetime import datetime

from django.db import models

from participation.comptes.models import Mandat, Utilisateur
from participation.notifications.actions import poster
from participation.territoires.models import Instance


def annoncer(
    *,
    instance: Instance,
    evenement: str,
    occurrence: str,
    message: tuple[str, str],
    objet: models.Model,
    now: datetime,
    et_a: Utilisateur | None = None,
) -> None:
    """Poste `message` (sujet, texte) aux mandats en cours, à l'adresse de l'instance et à `et_a`.

    Un compte fermé ne reçoit plus rien : un accusé dit la réponse avant qu'elle soit publique (règle 20).
    """
    mandats = Mandat.objects.en_cours(now).filter(instance=instance, utilisateur__is_active=True)
    personnes = [m.utilisateur for m in mandats.select_related("utilisateur")] + ([et_a] if et_a else [])
    adresses: dict[str, Utilisateur | None] = {p.email.lower(): p for p in personnes if p.email}
    if instance.courriel:
        adresses.setdefault(instance.courriel.lower(), None)
    for adresse, personne in adresses.items():
        poster(
            adresse=adresse, destinataire=personne, evenement=evenement, occurrence=occurrence, sujet=message[0],
            texte=message[1], objet=objet._meta.label, objet_id=objet.pk, now=now,
        )  # fmt: skip

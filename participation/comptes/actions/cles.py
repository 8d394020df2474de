"""Les clés d'accès (passkeys) : entrer avec le doigt, le visage ou le code de l'appareil."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.comptes.queries import cles_de
from participation.comptes.rules import empreinte_courte
from participation.comptes.saisies import SaisieCle
from participation.notifications.actions import poster

CLES_MAX = 10


@transaction.atomic
def ajouter_cle(*, compte: Utilisateur, saisie: SaisieCle, now: datetime) -> Authenticator:
    """Ajoute une clé dont le défi a été vérifié. La personne est prévenue. RefusMetier au-delà de dix clés."""
    if len(cles_de(compte)) >= CLES_MAX:
        raise RefusMetier("forme", "Vous avez déjà dix clés. Retirez-en une d'abord.")
    cle = WebAuthn.add(compte, saisie.nom, saisie.credential).instance
    _prevenir(compte, "cle_ajoutee", "Une clé d'accès a été ajoutée à votre compte", saisie.nom, cle.pk, now)
    return cle


@transaction.atomic
def retirer_cle(*, compte: Utilisateur, empreinte: str, now: datetime) -> None:
    """Retire une clé : elle n'ouvre plus le compte. RefusMetier si elle est inconnue, ou la seule façon d'entrer."""
    for cle in cles_de(compte):
        if empreinte_courte(str(cle.pk)) == empreinte:
            if not compte.email and len(cles_de(compte)) == 1:
                raise RefusMetier("forme", "C'est votre seule façon d'entrer. Ajoutez d'abord un courriel.")
            nom, numero = str(cle), cle.pk
            cle.delete()
            _prevenir(compte, "cle_retiree", "Une clé d'accès a été retirée de votre compte", nom, numero, now)
            return
    raise RefusMetier("introuvable", "Cette clé est déjà retirée.")


def _prevenir(compte: Utilisateur, evenement: str, sujet: str, nom: str, numero: int, now: datetime) -> None:
    if compte.email:
        poster(
            adresse=compte.email,
            destinataire=compte,
            evenement=evenement,
            occurrence=f"{numero}",
            sujet=sujet,
            texte=f"Bonjour,\n\n{sujet} : « {nom} ».\n\nCe n'était pas vous ? Retirez la clé, puis écrivez-nous.",
            now=now,
        )

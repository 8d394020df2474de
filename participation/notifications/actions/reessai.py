"""Réessayer : rendre à la file un courriel en échec, sur la décision d'un agent."""

from datetime import datetime

from django.db import transaction

from participation.notifications.models import Envoi


@transaction.atomic
def reessayer(*, envoi: Envoi, now: datetime) -> bool:
    """Remet ce courriel à la file, tous ses essais devant lui ; False s'il n'est plus en échec : deux clics, un envoi.

    Le message ne change pas : ni l'adresse, ni le texte. L'appelant a vérifié qui demande.
    """
    en_echec = Envoi.objects.filter(pk=envoi.pk, etat=Envoi.Etat.ECHEC)
    return bool(en_echec.update(etat=Envoi.Etat.A_ENVOYER, essais=0, a_envoyer_le=now, pris_le=None))

"""Le compteur d'un code de connexion : chaque essai est pris en base avant que le code soit regardé (S9).

`cle` est l'empreinte du flux en cours ; ni le code ni l'adresse ne sont dans cette table. Les heures sont réelles.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from participation.comptes.models import EssaisDeCode

ESSAIS_MAX = 3
ENVOIS_MAX = 3


@transaction.atomic
def ouvrir_essais(*, cle: str, expire_le: datetime, now: datetime) -> None:
    """Ouvre trois essais pour ce flux, et oublie les flux périmés."""
    EssaisDeCode.objects.filter(expire_le__lt=now).delete()
    EssaisDeCode.objects.create(cle=cle, expire_le=expire_le)


@transaction.atomic
def prendre_un_essai(*, cle: str, now: datetime) -> int | None:
    """Prend un essai : 1, 2 ou 3 ; None s'il n'en reste pas, si le code a servi ou s'il est périmé."""
    vivant = EssaisDeCode.objects.filter(cle=cle, is_utilise=False, expire_le__gt=now)
    if not vivant.filter(essais__lt=ESSAIS_MAX).update(essais=F("essais") + 1):
        return None
    return vivant.values_list("essais", flat=True).first()


@transaction.atomic
def consommer(*, cle: str) -> bool:
    """Marque le code comme utilisé. Vrai pour une seule requête, quel que soit leur nombre."""
    return bool(EssaisDeCode.objects.filter(cle=cle, is_utilise=False).update(is_utilise=True))


@transaction.atomic
def prendre_un_envoi(*, cle: str, expire_le: datetime, now: datetime) -> bool:
    """Autorise un nouvel envoi du code, trois en tout ; les essais déjà faits restent comptés."""
    vivant = EssaisDeCode.objects.filter(cle=cle, is_utilise=False, expire_le__gt=now, essais__lt=ESSAIS_MAX)
    return bool(vivant.filter(envois__lt=ENVOIS_MAX).update(envois=F("envois") + 1, expire_le=expire_le))


@transaction.atomic
def compter_un_essai(*, cle: str, maximum: int, expire_le: datetime, now: datetime) -> bool:
    """Prend un essai dans une fenêtre de temps partagée (d'une adresse, ou de tous) ; faux s'il n'en reste plus."""
    EssaisDeCode.objects.filter(expire_le__lt=now).delete()
    EssaisDeCode.objects.bulk_create([EssaisDeCode(cle=cle, expire_le=expire_le)], ignore_conflicts=True)
    return bool(EssaisDeCode.objects.filter(cle=cle, essais__lt=maximum).update(essais=F("essais") + 1))


@transaction.atomic
def rendre_un_essai(*, cle: str) -> None:
    """Rend l'essai d'un code juste : une salle entière peut entrer à la suite par la même adresse."""
    EssaisDeCode.objects.filter(cle=cle, essais__gt=0).update(essais=F("essais") - 1)

"""Vider la boîte d'envoi : chaque courriel une fois, quel que soit le nombre de processus."""

import hashlib
import smtplib
import time
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet

from participation.notifications.courriel import Courriel, composer
from participation.notifications.ecoute import Ecoute
from participation.notifications.models import Envoi, MessageEnvoye

LOT = 200
DUREE_MAX = 2.0  # secondes : l'horloge a d'autres actions, et l'arrêt du serveur attend celle-ci
REPRISE = 600.0  # secondes sans nouvelle d'un envoi pris avant de le croire abandonné
RECULS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
ESSAIS_MAX = len(RECULS) + 1
NULLE_PART = {f"django.core.mail.backends.{nom}.EmailBackend" for nom in ("console", "dummy")}


class Issue(Enum):
    """Ce qu'un essai a donné : le message est parti, il est refusé, ou le serveur a coupé."""

    ACCEPTE = auto()
    REFUSE = auto()
    COUPURE = auto()


_pris_vus: dict[tuple[UUID, datetime | None], float] = {}


def vider_la_boite(*, now: datetime, connexion: BaseEmailBackend | None = None) -> int:
    """Envoie ce qui est dû à `now`, hors transaction ; rend le nombre de courriels acceptés. Rejouable.

    Un envoi se prend par comparaison-échange : un seul processus gagne. `envoye_le` est l'instant où le serveur de
    courriel a accepté le message : c'est la preuve de remise (règle 6). `connexion` : celle des réglages par défaut.
    Lève OSError si le serveur de courriel ne répond pas : rien n'est pris, aucun essai n'est compté. Hors démonstration
    et sans serveur (EMAIL_URL), rien ne part : un courriel imprimé dans un journal n'est remis à personne.
    """
    if connexion is None and settings.EMAIL_BACKEND in NULLE_PART and not settings.DEMO:
        return 0
    depart = time.monotonic()
    reprendre_les_abandonnes(depart)
    perimer(envois=Envoi.objects.filter(expire_le__lte=now))
    dus = Envoi.objects.filter(etat=Envoi.Etat.A_ENVOYER, a_envoyer_le__lte=now)
    if not (pks := list(dus.values_list("pk", flat=True)[:LOT])):
        return 0
    acceptes = 0
    with connexion or get_connection() as ouverte:
        ecoute = Ecoute(ouverte)
        for pk in pks:
            if (ecoule := time.monotonic() - depart) > DUREE_MAX:
                break
            if envoi := _prendre(pk, now + timedelta(seconds=ecoule)):
                issue = _envoyer(envoi, ouverte, ecoute, now, depart)
                acceptes += issue is Issue.ACCEPTE
                if issue is Issue.COUPURE:
                    break
    return acceptes


def reprendre_les_abandonnes(tic: float) -> int:
    """Rend à la file les envois pris par un processus mort. `tic` : secondes d'une horloge monotone.

    On mesure soi-même depuis quand on voit le même envoi pris : l'heure d'un autre processus peut être fausse de deux
    heures, et reprendre trop tôt enverrait deux fois.
    """
    pris = set(Envoi.objects.filter(etat=Envoi.Etat.PRIS).values_list("pk", "pris_le"))
    for connu in [c for c in _pris_vus if c not in pris]:
        del _pris_vus[connu]
    repris = 0
    for pk, pris_le in pris:
        if tic - _pris_vus.setdefault((pk, pris_le), tic) >= REPRISE:
            abandonne = Envoi.objects.filter(pk=pk, etat=Envoi.Etat.PRIS, pris_le=pris_le)
            repris += abandonne.update(etat=Envoi.Etat.A_ENVOYER, derniere_erreur="Envoi interrompu, repris.")
    return repris


def perimer(*, envois: QuerySet[Envoi]) -> int:
    """Écarte, parmi ces envois, ceux qui attendaient encore : ils ne servent plus à rien. Rend leur nombre."""
    return envois.filter(etat=Envoi.Etat.A_ENVOYER).update(etat=Envoi.Etat.PERIME)


def _prendre(pk: UUID, pris_le: datetime) -> Envoi | None:
    """L'envoi, s'il est encore libre : un processus et un seul reçoit la ligne."""
    libre = Envoi.objects.filter(pk=pk, etat=Envoi.Etat.A_ENVOYER)
    if not libre.update(etat=Envoi.Etat.PRIS, pris_le=pris_le, essais=F("essais") + 1):
        return None
    return Envoi.objects.get(pk=pk)


def _envoyer(envoi: Envoi, connexion: BaseEmailBackend, ecoute: Ecoute, now: datetime, depart: float) -> Issue:
    """Un essai."""
    ecoute.reponse = ""
    try:
        courriel = composer(envoi, connexion)
        courriel.send()
    except (OSError, ValueError) as erreur:  # smtplib.SMTPException est une OSError
        _rater(envoi, erreur, now)
        is_du_message = isinstance(erreur, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ValueError)
        return Issue.REFUSE if is_du_message else Issue.COUPURE
    _garder(envoi, courriel, ecoute.reponse, now + timedelta(seconds=time.monotonic() - depart))
    return Issue.ACCEPTE


@transaction.atomic
def _garder(envoi: Envoi, courriel: Courriel, reponse: str, accepte_le: datetime) -> None:
    """Note l'acceptation et garde le message parti, avec la réponse du serveur : ensemble, ou pas du tout."""
    mien = Envoi.objects.filter(pk=envoi.pk, etat=Envoi.Etat.PRIS, pris_le=envoi.pris_le)
    if not mien.update(etat=Envoi.Etat.ENVOYE, envoye_le=accepte_le, derniere_erreur=""):
        return
    octets = courriel.octets()
    empreinte = hashlib.sha256(octets).hexdigest()
    MessageEnvoye(envoi=envoi, octets=octets, empreinte=empreinte, reponse=reponse, parti_le=accepte_le).save(
        force_insert=True
    )


def _rater(envoi: Envoi, erreur: Exception, now: datetime) -> None:
    mien = Envoi.objects.filter(pk=envoi.pk, etat=Envoi.Etat.PRIS, pris_le=envoi.pris_le)
    phrase = _en_phrase(erreur)
    if envoi.essais >= ESSAIS_MAX or _is_definitif(erreur):
        mien.update(etat=Envoi.Etat.ECHEC, derniere_erreur=phrase)
    else:
        recul = RECULS[envoi.essais - 1]
        mien.update(etat=Envoi.Etat.A_ENVOYER, a_envoyer_le=now + recul, derniere_erreur=phrase)


def _is_definitif(erreur: Exception) -> bool:
    """Vrai si réessayer est vain : message impossible à écrire, ou adresse refusée pour toujours (5xx)."""
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in erreur.recipients.values())
    return isinstance(erreur, ValueError)


def _en_phrase(erreur: Exception) -> str:
    """Le genre de l'erreur et son code, jamais l'adresse ni la réponse du serveur, qui la répète."""
    code = getattr(erreur, "smtp_code", None)
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        code = next(iter(erreur.recipients.values()), (None,))[0]
    return f"{type(erreur).__name__} {code}" if code else type(erreur).__name__

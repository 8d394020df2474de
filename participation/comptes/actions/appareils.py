"""Les appareils d'une personne : chaque session ouverte, gardée 90 jours ou non, se voit et se ferme."""

from datetime import datetime
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from participation.common.errors import RefusMetier
from participation.comptes.models import CodeRemis, Mandat, Utilisateur
from participation.comptes.queries import appareils
from participation.comptes.rules import empreinte_courte

SANS_ADRESSE = "0.0.0.0"  # noqa: S104 : aucune adresse IP n'est gardée en base


@transaction.atomic
def noter_l_appareil(*, cle_de_session: str, garde: bool, now: datetime, code: CodeRemis | None = None) -> None:
    """Complète la session qui vient de s'ouvrir : gardée ou non, née de quel code, sans adresse IP.

    Oublie les sessions expirées.
    """
    nee = {"code": str(code.pk), "moyen": code.moyen} if code else {}
    UserSession.objects.filter(session_key=cle_de_session).update(ip=SANS_ADRESSE, data={"garde": garde} | nee)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@transaction.atomic
def fermer_un_appareil(*, compte: Utilisateur, empreinte: str, now: datetime) -> str:
    """Ferme une session de cette personne ; rend sa clé. RefusMetier("introuvable") si elle n'est pas à elle."""
    for session in UserSession.objects.filter(user=compte):
        if empreinte_courte(session.session_key) == empreinte:
            cle: str = session.session_key
            session.end()
            return cle
    raise RefusMetier("introuvable", "Cet appareil est déjà fermé.")


@transaction.atomic
def fermer_les_autres_appareils(*, compte: Utilisateur, cle_de_session: str, now: datetime) -> int:
    """Ferme toutes les sessions de cette personne sauf celle-ci ; rend leur nombre."""
    autres = [a for a in appareils(compte, cle_de_session=cle_de_session, now=now) if not a.is_courant]
    for session in UserSession.objects.filter(user=compte).exclude(session_key=cle_de_session):
        session.end()
    return len(autres)


@transaction.atomic
def fermer_les_appareils_du_mandat(*, mandat: Mandat, now: datetime) -> int:
    """Ferme les sessions nées d'un code de ce mandat, et annule tous ses codes ; rend le nombre de sessions."""
    codes = CodeRemis.objects.filter(mandat=mandat)
    codes.update(is_annule=True)
    nees = list(UserSession.objects.filter(data__code__in=[str(pk) for pk in codes.values_list("pk", flat=True)]))
    for session in nees:
        session.end()
    return len(nees)

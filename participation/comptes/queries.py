"""Ce que les pages des comptes lisent. Aucune de ces lectures n'écrit."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from participation.comptes.models import CodeRemis, Mandat, MandatQuerySet, Utilisateur
from participation.comptes.rules import empreinte_courte, nom_d_appareil

OUVERTS_PAR = {
    CodeRemis.Moyen.LETTRE.value: "Ouvert par une lettre",
    CodeRemis.Moyen.DICTE.value: "Ouvert par téléphone",
}


@dataclass(frozen=True)
class Appareil:
    """Une session ouverte : d'où, depuis quand, jusqu'à quand (heures réelles)."""

    empreinte: str
    nom: str
    ouvert_le: datetime
    expire_le: datetime
    is_garde: bool
    is_courant: bool
    moyen: str = ""


def appareils(compte: Utilisateur, *, cle_de_session: str | None, now: datetime) -> list[Appareil]:
    """Les sessions encore ouvertes à `now` (heure réelle) de cette personne, celle-ci d'abord."""
    suivies = {s.session_key: s for s in UserSession.objects.filter(user=compte)}
    vivantes = Session.objects.filter(pk__in=suivies, expire_date__gt=now).values_list("pk", "expire_date")
    liste = [
        Appareil(
            empreinte=empreinte_courte(cle),
            nom=nom_d_appareil(suivies[cle].user_agent),
            ouvert_le=suivies[cle].created_at,
            expire_le=expire_le,
            is_garde=bool(suivies[cle].data.get("garde")),
            is_courant=cle == cle_de_session,
            moyen=OUVERTS_PAR.get(suivies[cle].data.get("moyen"), ""),
        )
        for cle, expire_le in vivantes
    ]
    return sorted(liste, key=lambda a: (not a.is_courant, a.ouvert_le))


def codes_pour(compte: Utilisateur) -> list[CodeRemis]:
    """Les lettres et les codes dictés donnés pour cette personne, du plus récent au plus ancien."""
    siens = CodeRemis.objects.filter(mandat__utilisateur=compte).select_related("mandat__instance", "emis_par")
    return list(siens.order_by("-emis_le", "-pk"))


def cles_de(compte: Utilisateur) -> list[Authenticator]:
    """Les clés d'accès de cette personne, de la plus ancienne à la plus récente."""
    return list(
        Authenticator.objects.filter(user=compte, type=Authenticator.Type.WEBAUTHN).order_by("created_at", "pk")
    )


def mandats_de(compte: Utilisateur, now: datetime) -> MandatQuerySet:
    """Les mandats en cours de cette personne, instance comprise, pour « Mon compte »."""
    return Mandat.objects.en_cours(now).filter(utilisateur=compte).select_related("instance").order_by("instance__nom")

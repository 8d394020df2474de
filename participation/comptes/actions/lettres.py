"""Les codes remis en main propre : la lettre imprimée, le code dicté. Donnés une fois, utilisés une fois.

Le code en clair ne vit que dans la requête qui le donne : la base n'en garde que l'empreinte, aucun journal ne le voit.
`reel` est l'heure réelle : les codes et les sessions ne suivent jamais l'heure du site.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from participation.common.errors import RefusMetier
from participation.comptes.actions.appareils import fermer_les_appareils_du_mandat
from participation.comptes.actions.mandats import FINIS_PAR_LA_PRESIDENCE, exiger_le_pouvoir
from participation.comptes.models import CodeRemis, Mandat, Utilisateur
from participation.comptes.permissions import is_agent
from participation.comptes.rules import (
    CHIFFRES,
    DICTE_VALABLE,
    LETTRE_VALABLE,
    SIGNES,
    engendrer_code,
    normaliser_code,
)
from participation.notifications.actions import poster

Moyen = CodeRemis.Moyen
INCONNU = "Ce code n’est pas connu. Relisez-le, signe par signe."


@dataclass(frozen=True)
class Lettre:
    """Une lettre à imprimer : pour qui, et le code en clair, qu'on ne relira plus."""

    mandat: Mandat
    code: str


def empreinte_du_code(code: str) -> str:
    """L'empreinte gardée en base : sans le secret du site, elle ne dit rien et ne s'essaie pas."""
    return salted_hmac("comptes.code_remis", normaliser_code(code), algorithm="sha256").hexdigest()


def tirer_les_lettres(mandats: Iterable[Mandat]) -> list[Lettre]:
    """Un code neuf par mandat. N'écrit rien : un document qui ne peut pas se faire n'annule pas les anciens codes."""
    return [Lettre(mandat, engendrer_code(SIGNES)) for mandat in mandats]


@transaction.atomic
def emettre_les_lettres(*, lettres: Iterable[Lettre], par: Utilisateur, now: datetime, reel: datetime) -> int:
    """Rend ces codes valables, 90 jours ; les anciens codes de ces mandats et les appareils ouverts par eux tombent.

    Lève RefusMetier : "interdit" sans pouvoir sur le conseil, "forme" si la personne entre déjà autrement.
    """
    donnees = list(lettres)
    for lettre in donnees:
        _exiger(lettre.mandat, par, now)
        if lettre.mandat.utilisateur.email:
            raise RefusMetier("forme", "Cette personne a un courriel : elle entre avec un code reçu.")
        _remettre(lettre.mandat, Moyen.LETTRE, lettre.code, par, now, reel)
    return len(donnees)


@transaction.atomic
def donner_un_code_de_secours(*, mandat: Mandat, par: Utilisateur, now: datetime, reel: datetime) -> str:
    """Un code à dicter, 15 minutes, une fois ; rend le code en clair. La personne est prévenue si elle a un courriel.

    Lève RefusMetier : "interdit" pour qui n'est pas agent, ou si le compte tient un rôle dans l'équipe.
    """
    if not is_agent(par):
        raise RefusMetier("interdit", "Seul un agent dicte un code de secours.")
    _exiger(mandat, par, now)
    code = engendrer_code(CHIFFRES)
    CodeRemis.objects.filter(mandat=mandat, moyen=Moyen.DICTE, reclame_le__isnull=True).update(is_annule=True)
    remis = _garder(mandat, Moyen.DICTE, code, par, reel)
    if mandat.utilisateur.email:
        poster(
            adresse=mandat.utilisateur.email, destinataire=mandat.utilisateur, evenement="code_de_secours",
            occurrence=str(remis.pk), sujet="Un code de secours a été donné pour votre compte", now=now,
            texte="Bonjour,\n\nL’équipe vient de dicter un code pour entrer dans votre compte.\n"
            "Il marche 15 minutes, une seule fois.\n\nCe n’était pas pour vous ? Appelez-nous sans attendre.",
        )  # fmt: skip
    return code


def _exiger(mandat: Mandat, par: Utilisateur, now: datetime) -> None:
    """Le pouvoir de qui donne, un mandat non fini, et jamais un compte qui tient d'autres droits que ce mandat.

    Un code ouvre tout le compte : l'équipe, et pour la présidence une personne d'un autre conseil, sont refusées.
    """
    exiger_le_pouvoir(par, mandat.instance, mandat.role, now, FINIS_PAR_LA_PRESIDENCE)
    compte = mandat.utilisateur
    if mandat.au is not None and mandat.au <= now:
        raise RefusMetier("conflit", "Ce mandat est fini. Renouvelez-le d’abord.")
    if not compte.is_active:
        raise RefusMetier("conflit", "Ce compte est fermé.")
    if compte.is_staff or compte.is_superuser or compte.groups.exists():
        raise RefusMetier("interdit", "Cette personne est de l’équipe : elle entre avec son courriel.")
    ailleurs = Mandat.objects.non_finis(now).filter(utilisateur=compte).exclude(instance=mandat.instance)
    if not is_agent(par) and ailleurs.exists():
        raise RefusMetier("interdit", "Cette personne siège aussi ailleurs. Demandez la lettre à l’équipe.")


def _remettre(mandat: Mandat, moyen: Moyen, code: str, par: Utilisateur, now: datetime, reel: datetime) -> CodeRemis:
    fermer_les_appareils_du_mandat(mandat=mandat, now=now)
    return _garder(mandat, moyen, code, par, reel)


def _garder(mandat: Mandat, moyen: Moyen, code: str, par: Utilisateur, reel: datetime) -> CodeRemis:
    duree = LETTRE_VALABLE if moyen == Moyen.LETTRE else DICTE_VALABLE
    return CodeRemis.objects.create(
        mandat=mandat, moyen=moyen, empreinte=empreinte_du_code(code), emis_le=reel, expire_le=reel + duree,
        emis_par=par,
    )  # fmt: skip


@transaction.atomic
def reclamer_un_code(*, saisi: str, now: datetime, reel: datetime) -> CodeRemis:
    """Prend le code, une seule fois, quel que soit le nombre d'essais en parallèle. La session s'ouvre ensuite.

    Lève RefusMetier : "forme" s'il est inconnu ; "conflit" s'il a servi, est annulé, périmé, ou si le mandat est fini
    (`remis` : le code, pour accueillir la personne qui l'a déjà utilisé sur cet appareil).
    """
    remis = (
        CodeRemis.objects.select_related("mandat__utilisateur", "mandat__instance")
        .filter(empreinte=empreinte_du_code(saisi))
        .first()
    )
    if remis is None:
        raise RefusMetier("forme", INCONNU)
    if phrase := _ce_qui_empeche(remis, now, reel):
        raise RefusMetier("conflit", phrase, remis=remis)
    libre = CodeRemis.objects.filter(pk=remis.pk, reclame_le__isnull=True, is_annule=False)
    if not libre.update(reclame_le=reel):
        raise RefusMetier("conflit", "Ce code a déjà servi.", remis=remis)
    remis.reclame_le = reel
    return remis


def _ce_qui_empeche(remis: CodeRemis, now: datetime, reel: datetime) -> str:
    mandat = remis.mandat
    if not mandat.utilisateur.is_active:
        return "Ce compte est fermé."
    if mandat.au is not None and mandat.au <= now:
        return "Le mandat ouvert par ce code est fini."
    if remis.is_annule:
        return "Ce code est annulé : un autre a été donné depuis."
    if remis.reclame_le is not None:
        return "Ce code a déjà servi."
    if reel >= remis.expire_le:
        return "Ce code est trop vieux."
    return ""

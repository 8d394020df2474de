"""Jouer les actes de la démonstration, une fois chacun, l'horloge du site entre deux."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import groupby

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from consultations.etats import TypeActe
from consultations.models import Saisine
from consultations.queries_remise import courriels_de_saisine
from consultations.rules import DELAI_DE_RETOUR
from participation.common.dates import PARIS, jour_a_paris
from participation.common.errors import RefusMetier
from participation.comptes.actions import creer_compte, donner_groupe, nommer_mandat
from participation.comptes.models import Referent, Utilisateur
from participation.demo.actes import Acte, liste
from participation.demo.models import ActeJoue, Personnage
from participation.demo.queries import PREMIER
from participation.demo.roles import Role
from participation.notifications.actions import vider_la_boite
from participation.territoires.models import Instance, Quartier

UNE_MINUTE = timedelta(minutes=1)
APRES = timedelta(seconds=30)  # un courriel part dans l'instant de l'acte ; sa remise se constate juste après
MATIN = time(8)
MATINS = range(5, 11)  # jours après une échéance : un rappel à cinq jours ouvrés tombe dans ceux-là, et part à sa date
SANS_SERVEUR = "django.core.mail.backends.dummy.EmailBackend"


@transaction.atomic
def origine(*, now: datetime) -> datetime:
    """L'heure du site au premier chargement : les dates de la consultation ouverte en partent. Écrite une fois."""
    premier, _ = ActeJoue.objects.get_or_create(nom=PREMIER, defaults={"instant": now, "joue_le": now})
    return premier.instant


def jouer_les_actes(*, now: datetime, depuis: datetime | None = None) -> list[str]:
    """Joue, dans l'ordre, chaque acte dû à `now` et pas encore joué ; rend leurs noms. Rejouable.

    Après les actes d'un même instant, les courriels partent et l'horloge bat : les remises sont prouvées à leur date.
    Elle bat aussi à chaque échéance passée en chemin : un silence s'inscrit à minuit, pas à l'arrivée.
    `depuis` : l'heure du site au départ, si elle y était déjà. Aucun serveur de courriel n'est touché.
    """
    deja = set(ActeJoue.objects.values_list("nom", flat=True))
    dus = [a for a in liste(origine(now=now)) if a.instant <= now and a.nom not in deja]
    joues: list[str] = []
    for instant, actes in groupby(dus, key=lambda a: a.instant):
        depuis = _passer(depuis or instant, instant)
        joues += [a.nom for a in actes if _jouer(a, now)]
        if envoyer(now=instant):
            battre(now=min(instant + APRES, now))
    _passer(depuis or now, now)
    return joues


def _passer(depuis: datetime, jusqu_a: datetime) -> datetime:
    """Bat l'horloge aux moments qui comptent entre ces deux instants, exclus puis compris ; rend le plus tardif."""
    for moment in sorted({m for m in _moments(depuis) if depuis < m < jusqu_a}):
        battre(now=moment)
    return max(depuis, jusqu_a)


def _moments(depuis: datetime) -> Iterator[datetime]:
    """La fin de chaque délai de retour ; chaque échéance, et ses matins tant que le procès-verbal manque."""
    partis = courriels_de_saisine().filter(envoye_le__gt=depuis - DELAI_DE_RETOUR - UNE_MINUTE)
    for envoi in partis:
        if envoi.envoye_le:  # une minute ronde, commune : un battement pour vingt courriels
            yield (envoi.envoye_le + DELAI_DE_RETOUR).replace(second=0, microsecond=0) + UNE_MINUTE
    recentes = Saisine.objects.en_vigueur().filter(borne__gt=depuis - timedelta(days=MATINS.stop))
    recentes = recentes.exclude(consultation__actes__type=TypeActe.PROCES_VERBAL)
    for borne in recentes.values_list("borne", flat=True).distinct():
        yield borne
        for n in MATINS:
            yield datetime.combine(jour_a_paris(borne) + timedelta(days=n), MATIN, tzinfo=PARIS)


def _jouer(acte: Acte, now: datetime) -> bool:
    """Un acte et sa marque, ensemble ou pas du tout. Faux si un autre processus vient de le jouer.

    Un acte que la règle refuse (une personne l'a devancé, ou a défait ce qu'il suppose) est marqué, avec son refus :
    l'année continue sans lui.
    """
    try:
        with transaction.atomic():
            ActeJoue(nom=acte.nom, instant=acte.instant, joue_le=now).save(force_insert=True)
            acte.fonction(acte.instant)
    except IntegrityError:
        if not ActeJoue.objects.filter(nom=acte.nom).exists():
            raise
        return False
    except (RefusMetier, ObjectDoesNotExist) as refus:
        champs = {"instant": acte.instant, "joue_le": now, "refus": str(refus)[:300]}
        return ActeJoue.objects.get_or_create(nom=acte.nom, defaults=champs)[1]
    return True


def envoyer(*, now: datetime) -> int:
    """Les courriels dus à cette heure, vers nulle part. Rend leur nombre."""
    return vider_la_boite(now=now, connexion=get_connection(SANS_SERVEUR))


def battre(*, now: datetime) -> None:
    """Un battement de l'horloge à cette heure : tout `settings.HORLOGE`, les courriels vers nulle part."""
    for chemin in settings.HORLOGE:
        action = import_string(chemin)
        (envoyer if action is vider_la_boite else action)(now=now)


@transaction.atomic
def tenir_le_role(*, role: Role, now: datetime) -> Utilisateur:
    """Le compte de ce rôle, créé avec ses droits s'il manque (supprimé, par exemple). Rejouable."""
    connu = Personnage.objects.filter(role=role.code).select_related("utilisateur").first()
    if connu is not None:
        return connu.utilisateur
    quartier = Quartier.objects.filter(slug=role.quartier).first() if role.quartier else None
    compte = creer_compte(courriel=role.courriel, nom_usage=role.nom, quartier=quartier, par=None, now=now)
    for groupe in role.groupes:
        donner_groupe(compte=compte, groupe=groupe, par=None, now=now)
    for instance in Instance.objects.filter(slug__in=dict(role.mandats)):
        nommer_mandat(utilisateur=compte, instance=instance, role=dict(role.mandats)[instance.slug], par=None, now=now)
    if role.referent and quartier:  # aucune action ne nomme encore une personne référente
        Referent.objects.create(utilisateur=compte, genre=role.referent, quartier=quartier)
    Personnage.objects.create(role=role.code, utilisateur=compte)
    return compte


@transaction.atomic
def noter_l_entree(*, compte: Utilisateur, now: datetime) -> None:
    """Date l'entrée à l'heure du site : la connexion d'un mandat prouve la remise (règle 6), à cette heure-là."""
    Utilisateur.objects.filter(pk=compte.pk).update(last_login=now)

"""Jouer les actes de la démonstration, une fois chacun, l'horloge du site entre deux."""

from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from participation.comptes.actions import creer_compte, donner_groupe, nommer_mandat
from participation.comptes.models import Referent, Utilisateur
from participation.demo.actes import Acte, liste
from participation.demo.models import ActeJoue, Personnage
from participation.demo.roles import Role
from participation.notifications.actions import vider_la_boite
from participation.territoires.models import Instance, Quartier

PREMIER = "premier-chargement"
APRES = timedelta(seconds=30)  # un courriel part dans l'instant de l'acte ; sa remise se constate juste après
SANS_SERVEUR = "django.core.mail.backends.dummy.EmailBackend"


@transaction.atomic
def origine(*, now: datetime) -> datetime:
    """L'heure du site au premier chargement : les dates de la consultation ouverte en partent. Écrite une fois."""
    premier, _ = ActeJoue.objects.get_or_create(nom=PREMIER, defaults={"instant": now, "joue_le": now})
    return premier.instant


def jouer_les_actes(*, now: datetime) -> list[str]:
    """Joue, dans l'ordre, chaque acte dû à `now` et pas encore joué ; rend leurs noms. Rejouable.

    Après les actes d'un même instant, l'horloge bat à cet instant : les courriels partent et les remises sont prouvées
    à leur date. Aucun serveur de courriel n'est touché.
    """
    deja = set(ActeJoue.objects.values_list("nom", flat=True))
    dus = [a for a in liste(origine(now=now)) if a.instant <= now and a.nom not in deja]
    joues: list[str] = []
    for instant, actes in groupby(dus, key=lambda a: a.instant):
        joues += [a.nom for a in actes if _jouer(a, now)]
        if battre(now=instant):
            battre(now=min(instant + APRES, now))
    return joues


def _jouer(acte: Acte, now: datetime) -> bool:
    """Un acte et sa marque, ensemble ou pas du tout. Faux si un autre processus vient de le jouer."""
    try:
        with transaction.atomic():
            ActeJoue(nom=acte.nom, instant=acte.instant, joue_le=now).save(force_insert=True)
            acte.fonction(acte.instant)
    except IntegrityError:
        if not ActeJoue.objects.filter(nom=acte.nom).exists():
            raise
        return False
    return True


def battre(*, now: datetime) -> int:
    """Un battement de l'horloge à cette heure : tout `settings.HORLOGE`, les courriels vers nulle part.

    Rend le nombre de courriels partis.
    """
    partis = 0
    for chemin in settings.HORLOGE:
        action = import_string(chemin)
        if action is vider_la_boite:
            partis = vider_la_boite(now=now, connexion=get_connection(SANS_SERVEUR))
        else:
            action(now=now)
    return partis


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

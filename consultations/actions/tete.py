"""Le registre hors de la machine : sa tête part chaque jour par courriel, chez quelqu'un d'autre (R7)."""

from datetime import datetime

from django.conf import settings

from participation.common.dates import instant_long, jour_a_paris, jour_long
from participation.notifications.actions import poster
from participation.notifications.models import Envoi
from participation.registre.models import Entree
from participation.registre.queries import tete as tete_du_registre

EVENEMENT = "tete_du_registre"


def envoyer_la_tete(*, now: datetime) -> int:
    """L'horloge poste la tête, une fois par jour civil de Paris, à l'adresse TETE_DU_REGISTRE_A. Rejouable.

    Rend 1 si le courriel est posté par cet appel. Sans adresse réglée, ou sans acte inscrit, rien ne part.
    """
    adresse, jour = settings.TETE_DU_REGISTRE_A, jour_a_paris(now)
    occurrence = jour.isoformat()
    deja = Envoi.objects.filter(adresse=adresse.lower(), evenement=EVENEMENT, occurrence=occurrence)
    if not adresse or deja.exists():  # lu d'abord : l'horloge bat chaque seconde, et n'écrit qu'une fois par jour
        return 0
    tete = tete_du_registre()
    if tete is None:
        return 0
    sujet, texte = f"Tête du registre, {jour_long(jour)} : n° {tete.n}", _texte(tete)
    poste = poster(
        adresse=adresse, destinataire=None, evenement=EVENEMENT, occurrence=occurrence, sujet=sujet, texte=texte,
        now=now,
    )  # fmt: skip
    return int(poste is not None)


def _texte(tete: Entree) -> str:
    return (
        f"Bonjour,\n\nLa tête du registre des actes est aujourd'hui :\n\n{tete.n}:{tete.empreinte}\n\n"
        f"Dernier acte inscrit le {instant_long(tete.inscrit_le)}.\n\n"
        f"Gardez ce message hors de la plateforme. Il prouve que rien n'a été récrit ni coupé avant cet acte.\n"
        f"Pour vérifier, sur le serveur :\n"
        f"python manage.py verifier_registre --tete {tete.n}:{tete.empreinte}\n\n"
        f"Pour vérifier ailleurs, gardez le registre : {settings.SITE_URL}/registre.jsonl\n"
    )

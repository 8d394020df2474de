"""Relancer qui n'a pas répondu : l'horloge pose, la boîte d'envoi envoie, chacun ne reçoit que ce qui sert encore."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from consultations import relances
from consultations.courriels import courriel_de_relance, courriel_de_resume
from consultations.models import Saisine
from consultations.queries_relances import Destinataire, derniers_jours, destinataires, en_attente, plans
from consultations.relances import Relance
from participation.common.dates import debut_de, jour_a_paris
from participation.notifications.actions import perimer, poster
from participation.notifications.models import Envoi, Niveau
from participation.notifications.rules import RELANCE, RESUME

Plans = Mapping[UUID, Sequence[Relance]]


@transaction.atomic
def relancer(*, now: datetime) -> int:
    """L'horloge poste les relances dues (`relances.PLANS`) et les résumés de la semaine ; rend leur nombre. Rejouable.

    Une saisine ne reçoit que la dernière relance due, une fois : après une horloge arrêtée, celles qu'elle a manquées
    n'ont plus de sens. Une relance encore dans la boîte s'écarte dès que la suivante la remplace, que l'instance a
    répondu, ou que rien n'est plus attendu d'elle.
    """
    saisines = en_attente(now)
    perimer(envois=Envoi.objects.filter(evenement=RELANCE).exclude(objet_id__in=[s.pk for s in saisines]))
    les_plans = plans(saisines)
    dues = _dues(saisines, les_plans, now)
    lundi = jour_a_paris(now) - timedelta(days=jour_a_paris(now).weekday())
    de_la_semaine = _de_la_semaine(saisines, les_plans, lundi, now)
    a_qui = destinataires([s for s, _ in (*dues, *de_la_semaine)], now) if dues or de_la_semaine else {}
    n = 0
    for saisine, relance in dues:
        expire_le = relances.fin(les_plans[saisine.pk], relance, saisine.borne)
        n += sum(_relancer(saisine, relance, qui, expire_le, now) for qui in a_qui.get(saisine.instance_id, []))
    return n + _resumer(de_la_semaine, a_qui, lundi, now)


def _dues(saisines: Sequence[Saisine], les_plans: Plans, now: datetime) -> list[tuple[Saisine, Relance]]:
    """La relance due de chaque saisine, si aucune du même jour ou d'un jour plus tardif n'est déjà postée.

    Ainsi l'ouvrier dont l'heure retarde ne poste pas, après les autres, une relance dépassée.
    """
    candidates = [(s, r) for s in saisines if (r := relances.due(les_plans[s.pk], now))]
    deja = derniers_jours([s for s, _ in candidates])
    return [(s, r) for s, r in candidates if deja.get(s.pk, "") < r.jour.isoformat()]


def _relancer(saisine: Saisine, relance: Relance, qui: Destinataire, expire_le: datetime, now: datetime) -> int:
    """Une personne nommée après le jour de la relance attend la suivante : son invitation vient de lui écrire."""
    if qui.niveau != Niveau.TOUT or (qui.depuis and qui.depuis > relance.instant):
        return 0
    sujet, texte = courriel_de_relance(saisine, relance)
    envoi = poster(
        adresse=qui.adresse, destinataire=qui.personne, evenement=RELANCE, occurrence=f"{saisine.pk}:{relance.cle}",
        sujet=sujet, texte=texte, objet=saisine._meta.label, objet_id=saisine.pk, expire_le=expire_le, now=now,
    )  # fmt: skip
    return int(envoi is not None)


def _de_la_semaine(
    saisines: Sequence[Saisine], les_plans: Plans, lundi: date, now: datetime
) -> list[tuple[Saisine, Relance]]:
    """Les saisines que leur plan relance cette semaine, avec la dernière de ces relances, à partir du lundi matin."""
    if now < Relance(relances.COMMUNE[0], lundi).instant:
        return []
    return [(s, r[-1]) for s in saisines if (r := relances.de_la_semaine(les_plans[s.pk], lundi))]


def _resumer(
    de_la_semaine: Sequence[tuple[Saisine, Relance]],
    a_qui: Mapping[UUID, Sequence[Destinataire]],
    lundi: date,
    now: datetime,
) -> int:
    """Un résumé par personne et par semaine, au plus ; celui qui n'a plus rien à dire ne part pas."""
    lots: dict[str, tuple[Destinataire, list[tuple[Saisine, Relance]]]] = {}
    for saisine, relance in de_la_semaine:
        for qui in a_qui.get(saisine.instance_id, []):
            if qui.niveau == Niveau.RESUME:
                lots.setdefault(qui.adresse, (qui, []))[1].append((saisine, relance))
    perimer(envois=Envoi.objects.filter(evenement=RESUME).exclude(adresse__in=lots))
    expire_le, n = debut_de(lundi + timedelta(days=7)), 0
    deja = set(
        Envoi.objects.filter(evenement=RESUME, occurrence=lundi.isoformat(), adresse__in=lots).values_list(
            "adresse", flat=True
        )
    )
    for adresse in lots.keys() - deja:
        qui, attendus = lots[adresse]
        sujet, texte = courriel_de_resume(attendus)
        n += poster(
            adresse=adresse, destinataire=qui.personne, evenement=RESUME, occurrence=lundi.isoformat(), sujet=sujet,
            texte=texte, expire_le=expire_le, now=now,
        ) is not None  # fmt: skip
    return n

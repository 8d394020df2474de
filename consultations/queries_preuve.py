"""Lire tout ce que montre la fiche de preuve d'une saisine, en un nombre constant de requêtes."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Count, Min, Model, Q, QuerySet

from consultations.etats import Etat
from consultations.mentions import mentions_de_remise
from consultations.models import Avis, PreuveRemise, Saisine
from consultations.preuve import LIBELLES, Fiche, Prevenu, Remise, Reponse
from consultations.queries import etiquettes
from consultations.queries_actes import actes_de, contributions_de
from consultations.queries_remise import retours_de
from participation.notifications.models import Envoi
from participation.notifications.rules import RELANCE
from participation.registre.models import Entree
from participation.registre.queries import en_clair


def fiche_de(saisine: Saisine, now: datetime, *, is_lisible: bool, has_detail: bool) -> Fiche:
    """La fiche d'une saisine annotée par `queries.etats`. `is_lisible` : ses avis se lisent (règle 20).

    `has_detail` : adresses, pièces et personnes, pour les agents et l'instance ; rien de cela n'est lu sinon.
    """
    preuves = list(saisine.preuves.select_related("piece", "par").order_by("remis_le", "pk"))
    publies = [a for a in reponses_de(saisine) if now >= saisine.borne or not a.is_silence]
    recues, retours = contributions_de(saisine), retours_de(saisine)
    signes = [lu for lu in actes_de(saisine.consultation) if lu.vise(saisine)]
    complements = chain.from_iterable(a.complements.all() for a in publies)
    constats = [r.constat for r in retours if hasattr(r, "constat")]
    cotes = (*recues, *complements, *(lu.acte for lu in signes), *retours, *constats)
    entrees = entrees_de(saisine, saisine.version, *preuves, *publies, *cotes)
    etat, lus = Etat(saisine.etat), publies if is_lisible else []  # type: ignore[attr-defined]
    return Fiche(
        saisine=saisine,
        etat=etat,
        etiquettes=etiquettes(saisine, etat, now),
        remises=_remises(preuves, has_detail=has_detail),
        reponses=[Reponse(a, list(a.complements.all())) for a in lus],
        contributions=recues,
        signes=signes,
        actes=en_clair(entrees),
        envois=list(envois_de(saisine, lus).select_related("message")) if has_detail else [],
        prevenus=prevenus_de(saisine, lus, now),
        is_lisible=is_lisible,
        has_detail=has_detail,
        mentions=mentions_de_remise(saisine, retours, etat),
        retours=retours,
    )


def reponses_de(saisine: Saisine) -> list[Avis]:
    """Tous les avis d'une saisine, silence compris, du premier au dernier, avec ce qui les remplace et les complète."""
    lignes = saisine.avis.select_related("remplacant", "depose_par").prefetch_related("complements__piece")
    return list(lignes.order_by("inscrit_le", "version"))


def entrees_de(*objets: Model) -> list[Entree]:
    """Les entrées du registre qui scellent ces objets, dans l'ordre : une requête. Les identifiants sont uniques."""
    return list(Entree.objects.filter(objet_id__in=[objet.pk for objet in objets]).order_by("n"))


def _remises(preuves: Sequence[PreuveRemise], *, has_detail: bool) -> list[Remise]:
    """Toutes, avec leur adresse, dans le détail ; sinon la première de chaque moyen, et le nombre des autres."""
    if has_detail:
        courriels = [p.envoi for p in preuves if p.envoi]
        adresses: dict[UUID, str] = dict(Envoi.objects.filter(pk__in=courriels).values_list("pk", "adresse"))
        return [Remise(p, adresses.get(p.envoi, "") if p.envoi else "") for p in preuves]
    combien = Counter(p.moyen for p in preuves)
    premieres: dict[str, PreuveRemise] = {}
    for preuve in preuves:
        premieres.setdefault(preuve.moyen, preuve)
    return [Remise(p, autres=combien[moyen] - 1) for moyen, p in premieres.items()]


def envois_de(saisine: Saisine, avis: Sequence[Avis]) -> QuerySet[Envoi]:
    """Les courriels qui concernent cette saisine, et les accusés de ces avis, du premier au dernier."""
    vises = Q(objet="consultations.Saisine", objet_id=saisine.pk)
    vises |= Q(objet="consultations.Avis", objet_id__in=[a.pk for a in avis])
    return Envoi.objects.filter(vises).order_by("cree_le", "pk")


def prevenus_de(saisine: Saisine, avis: Sequence[Avis], now: datetime) -> list[Prevenu]:
    """Les messages acceptés pour l'instance, un événement par ligne, sans adresse : une requête."""
    partis = envois_de(saisine, avis).filter(evenement__in=LIBELLES, envoye_le__lte=now)
    lignes = partis.order_by().values("evenement", "occurrence").annotate(le=Min("envoye_le"), combien=Count("pk"))
    return [
        Prevenu(_quoi(li["evenement"], li["occurrence"]), li["le"], li["combien"])
        for li in lignes.order_by("le", "evenement", "occurrence")
    ]


def _quoi(evenement: str, occurrence: str) -> str:
    """« Projet transmis » ; « Rappel J-7 » : l'occurrence d'une relance finit par son étape."""
    return f"{LIBELLES[evenement]} {occurrence.rpartition(':')[2]}" if evenement == RELANCE else LIBELLES[evenement]

"""« Nous demandons la même chose » : ce qui se rejoint, au projet comme dans l'avis publié."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from consultations.etats import Visibilite
from consultations.models import Avis, Observation, ProjetAvis, Ralliement, Saisine


@dataclass(frozen=True)
class Rejointe:
    """L'observation déposée d'une autre instance, que celle-ci rejoint."""

    pk: UUID
    instance: str
    texte: str
    adresse: str


def rejointes_de(source: ProjetAvis | Avis) -> list[Rejointe]:
    """Les observations que cette instance rejoint. Une requête, ou aucune si elles sont préchargées."""
    if isinstance(source, Avis):
        return [rejointe_lue(lien.observation) for lien in source.ralliements.all()]
    return [rejointe_lue(o) for o in source.rejointes.all()] if source.pk and not source._state.adding else []


def rejointe_lue(observation: Observation) -> Rejointe:
    """Cette observation, avec l'instance qui l'a déposée."""
    avis = observation.avis
    return Rejointe(observation.pk, avis.saisine.instance.nom, observation.texte, avis.get_absolute_url())


AVEC_LEUR_INSTANCE = ("avis__saisine__instance", "avis__saisine__consultation")


def avec_un_avis() -> list[Any]:
    """Ce qui se précharge avec des avis : observations comptées, pièces, ralliements. Trois requêtes."""
    liens = [f"observation__{lien}" for lien in AVEC_LEUR_INSTANCE]
    return [
        Prefetch("observations", Observation.objects.comptees().select_related("section")),
        "pieces_liees__piece",
        Prefetch("ralliements", Ralliement.objects.select_related(*liens)),
    ]


def observations_a_rejoindre(saisine: Saisine, now: datetime) -> QuerySet[Observation]:
    """Les observations en vigueur des autres instances de la consultation, visibles de toutes (règle 20)."""
    autres = Observation.objects.filter(
        avis__saisine__consultation=saisine.consultation_id,
        avis__saisine__remplacee_le__isnull=True,
        avis__remplacant__isnull=True,
    ).exclude(avis__saisine__instance=saisine.instance_id)
    if saisine.consultation.visibilite_avis == Visibilite.Avis.A_LA_CLOTURE:
        autres = autres.filter(avis__saisine__borne__lte=now)
    return autres.select_related("section", *AVEC_LEUR_INSTANCE).order_by("section__ordre", "avis", "ordre")


def rejoignables(saisine: Saisine, projet: ProjetAvis, now: datetime) -> list[Rejointe]:
    """Celles qui se proposent au projet : les visibles, et celles déjà rejointes, même remplacées depuis."""
    visibles = {o.pk: rejointe_lue(o) for o in observations_a_rejoindre(saisine, now)}
    return list((visibles | {r.pk: r for r in rejointes_de(projet)}).values())

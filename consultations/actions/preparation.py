"""Préparer une consultation : rien n'est encore opposable (règle 22)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction

from consultations import delais
from consultations.models import Consultation
from consultations.permissions import can_preparer
from consultations.saisies import SaisieConsultation
from participation.common.dates import jour_long
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.rapports.models import Version
from participation.territoires.models import Instance

PARAMETRES = (
    "titre", "slug", "arrete_le", "publie_le", "deliberation", "visibilite_projet", "visibilite_avis",
    "peut_changer", "ne_changera_pas", "qui_decide",
)  # fmt: skip
"""Ce qui se dit à la préparation et se corrige jusqu'à la transmission."""
ADRESSE_PRISE = "Une consultation a déjà cette adresse. Choisissez-en une autre."


def exiger_echeance_legale(saisie_echeance: delais.Simulation) -> None:
    """Refuse une échéance sous le plancher, avec la première date possible (règle 2)."""
    if not saisie_echeance.is_legale:
        raise RefusMetier(
            "forme",
            "Le délai n'est jamais plus court qu'un mois. "
            f"La première date possible est le {jour_long(saisie_echeance.plancher)}.",
            premiere=saisie_echeance.plancher,
        )


@contextmanager
def adresse_libre() -> Iterator[None]:
    """Deux personnes prennent la même adresse au même instant : la base n'en garde qu'une, l'autre a sa phrase.

    Lève RefusMetier("forme").
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as course:
        raise RefusMetier("forme", ADRESSE_PRISE) from course


@transaction.atomic
@adresse_libre()
def creer_consultation(
    *, saisie: SaisieConsultation, version: Version, instances: Iterable[Instance], par: Utilisateur, now: datetime
) -> Consultation:
    """Crée une consultation en préparation. Échéance par défaut : le plancher compté d'aujourd'hui (règle 2).

    Lève RefusMetier : "interdit" sans la qualité d'agent, "forme" sous le plancher ou si l'adresse est prise.
    """
    if not can_preparer(par):
        raise RefusMetier("interdit", "Seul un agent prépare une consultation.")
    simulation = delais.simuler(now, saisie.echeance)
    exiger_echeance_legale(simulation)
    if Consultation.objects.filter(slug=saisie.slug).exists():
        raise RefusMetier("forme", ADRESSE_PRISE)
    consultation = Consultation.objects.create(
        version=version,
        echeance=simulation.echeance,
        is_demonstration=saisie.is_demonstration,
        creee_le=now,
        creee_par=par,
        **{nom: getattr(saisie, nom) for nom in PARAMETRES},
    )
    consultation.instances.set(instances)
    return consultation

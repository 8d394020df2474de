"""Corriger une consultation en préparation. Après la transmission, ses paramètres sont gelés (règle 9)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from consultations import delais
from consultations.actions.preparation import ADRESSE_PRISE, PARAMETRES, adresse_libre, exiger_echeance_legale
from consultations.etats import EtapeCircuit
from consultations.models import Consultation
from consultations.permissions import can_preparer
from consultations.saisies import SaisieConsultation
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.rapports.models import Version
from participation.territoires.models import Instance

DU_CIRCUIT = ("arrete_le", "publie_le", "deliberation")
"""Ce que l'étape « arrêtée » dit, une fois inscrite : la préparation ne le contredit plus."""


@transaction.atomic
@adresse_libre()
def corriger_consultation(
    *,
    consultation: Consultation,
    saisie: SaisieConsultation,
    version: Version,
    instances: Iterable[Instance],
    par: Utilisateur,
    now: datetime,
) -> Consultation:
    """Remplace les paramètres d'une consultation pas encore transmise.

    Lève RefusMetier : "interdit" sans la qualité d'agent, "conflit" si elle vient d'être transmise, "forme" sous le
    plancher ou si l'adresse est prise.
    """
    if not can_preparer(par):
        raise RefusMetier("interdit", "Seul un agent prépare une consultation.")
    simulation = delais.simuler(now, saisie.echeance)
    exiger_echeance_legale(simulation)
    if Consultation.objects.filter(slug=saisie.slug).exclude(pk=consultation.pk).exists():
        raise RefusMetier("forme", ADRESSE_PRISE)
    is_arretee = consultation.etapes.filter(code=EtapeCircuit.ARRETEE).exists()
    champs = {nom: getattr(saisie, nom) for nom in PARAMETRES if not (is_arretee and nom in DU_CIRCUIT)}
    gagne = Consultation.objects.filter(pk=consultation.pk, transmise_le__isnull=True).update(
        version=version, echeance=simulation.echeance, **champs
    )
    if not gagne:
        raise RefusMetier("conflit", "Cette consultation vient d'être transmise : elle ne change plus.")
    consultation.refresh_from_db()
    consultation.instances.set(instances)
    return consultation

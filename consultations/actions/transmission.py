"""Transmettre : l'acte qui fige le texte, saisit chaque instance et fait courir le délai (règles 1, 2, 7, 8, 22)."""

from datetime import datetime

from django.db import transaction

from consultations import delais, rules
from consultations.actions.annonces import annoncer
from consultations.actions.preparation import exiger_echeance_legale
from consultations.courriels import courriel_de_saisine
from consultations.empreintes import marque_de
from consultations.models import Consultation, Saisine
from consultations.models.saisine import NON_INSTALLEE
from consultations.permissions import can_transmettre
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.rapports.actions.figer import figer
from participation.rapports.models import Version
from participation.registre.actions import inscrire
from participation.territoires.models import Instance, Quartier


@transaction.atomic
def transmettre(*, consultation: Consultation, par: Utilisateur, now: datetime, vu: str | None = None) -> list[Saisine]:
    """Fige la version, crée une saisine par instance, inscrit l'acte et met les courriels dans la boîte d'envoi.

    `vu` : la marque de ce que la personne a relu (`empreintes.marque_de`) ; on ne signe que ce qu'on a lu (règle 22).
    Lève RefusMetier : "interdit" sans la qualité de signataire, "conflit" si c'est déjà fait ou si le projet a changé
    depuis la relecture, "forme" sous le plancher ou sans instance.
    """
    if not can_transmettre(par):
        raise RefusMetier("interdit", "Seule une personne signataire transmet un projet de rapport.")
    en_preparation = Consultation.objects.filter(pk=consultation.pk, transmise_le__isnull=True)
    if not en_preparation.update(transmise_le=now, transmise_par=par):  # d'abord : plus personne ne corrige
        raise RefusMetier("conflit", "Ce projet est déjà transmis.")
    consultation.refresh_from_db()
    if vu is not None and vu != marque_de(consultation):
        raise RefusMetier("conflit", "Ce projet a changé depuis votre relecture. Relisez-le, puis signez.")
    simulation = delais.simuler(now, consultation.echeance)
    exiger_echeance_legale(simulation)
    instances = list(consultation.instances.select_related("commune").prefetch_related("quartiers"))
    if not instances:
        raise RefusMetier("forme", "Choisissez au moins une instance à saisir.")
    figer(version=consultation.version, now=now)
    return [_saisir_et_prevenir(consultation, instance, simulation, now) for instance in instances]


def _saisir_et_prevenir(
    consultation: Consultation, instance: Instance, simulation: delais.Simulation, now: datetime
) -> Saisine:
    saisine = saisir(
        consultation=consultation, instance=instance, version=consultation.version, simulation=simulation, now=now
    )
    if not saisine.is_sans_objet:
        annoncer(
            instance=instance,
            evenement="saisine",
            occurrence=str(saisine.pk),
            message=courriel_de_saisine(saisine),
            objet=saisine,
            now=now,
        )
    return saisine


def saisir(
    *,
    consultation: Consultation,
    instance: Instance,
    version: Version,
    simulation: delais.Simulation,
    now: datetime,
    rang: int = 1,
) -> Saisine:
    """Crée la saisine d'une instance et l'inscrit au registre ; sans objet si l'instance n'est pas installée."""
    saisine = Saisine.objects.create(
        consultation=consultation,
        instance=instance,
        version=version,
        rang=rang,
        transmise_le=now,
        echeance_initiale=simulation.echeance,
        echeance=simulation.echeance,
        borne=simulation.borne,
        fondement=rules.fondement(is_partenaire=instance.is_partenaire, has_qpv=has_qpv(instance)),
        is_sans_objet=not instance.is_installee,
        motif_sans_objet="" if instance.is_installee else NON_INSTALLEE,
    )
    inscrire(acte="saisine_transmise", objet=saisine, dossier=consultation.pk, now=now)
    return saisine


def has_qpv(instance: Instance) -> bool:
    """Règle 7 : un quartier prioritaire dans le ressort de l'instance, ou dans sa commune pour un conseil municipal."""
    ressort = instance.quartiers.all()
    if instance.type == Instance.Type.CONSEIL_MUNICIPAL and instance.commune:
        ressort = instance.commune.quartiers.all()
    return ressort.filter(type=Quartier.Type.QPV).exists()

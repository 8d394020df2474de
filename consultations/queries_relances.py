"""Lire qui relancer : les saisines qui attendent, leurs séances annoncées, leurs personnes et ce qu'elles veulent."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consultations import relances
from consultations.etats import Etat
from consultations.models import Saisine
from consultations.queries import etats
from participation.agenda.models import Seance
from participation.common.dates import jour_a_paris
from participation.comptes.models import Mandat, Utilisateur
from participation.notifications.models import Envoi, Niveau
from participation.notifications.queries import niveaux
from participation.notifications.rules import RELANCE


@dataclass(frozen=True)
class Destinataire:
    """Une boîte à relancer. `depuis` : le début du mandat, None pour la boîte de l'instance."""

    adresse: str
    personne: Utilisateur | None
    niveau: Niveau
    depuis: datetime | None = None


def en_attente(now: datetime) -> list[Saisine]:
    """Les saisines ouvertes, remises et muettes : ni répondue, ni retirée, ni remplacée, ni non saisie (règle 6)."""
    ouvertes = Saisine.objects.en_vigueur().ouvertes(now).select_related("instance", "consultation")
    return list(etats(ouvertes, now).filter(etat=Etat.EN_ATTENTE).order_by("borne", "pk"))  # type: ignore[misc]


def plans(saisines: Sequence[Saisine]) -> dict[UUID, list[relances.Relance]]:
    """Le plan de chacune, par identifiant : une requête (les séances annoncées de ces instances)."""
    seances: dict[UUID, list[relances.Annonce]] = defaultdict(list)
    for seance in Seance.objects.tenues_pour_dites().filter(instance__in={s.instance_id for s in saisines}):
        seances[seance.instance_id].append(relances.Annonce(seance.jour, seance.annoncee_le))
    return {
        s.pk: relances.plan(
            type_instance=s.instance.type,
            transmise_le=s.transmise_le,
            echeance=s.echeance,
            seances=[a for a in seances[s.instance_id] if a.jour >= jour_a_paris(s.transmise_le)],
        )
        for s in saisines
    }


def derniers_jours(saisines: Sequence[Saisine]) -> dict[UUID, str]:
    """Le jour (ISO) de la dernière relance postée pour chacune : une requête. Aucune ne revient en arrière."""
    postees = Envoi.objects.filter(evenement=RELANCE, objet_id__in=[s.pk for s in saisines])
    jours: dict[UUID, str] = {}
    for saisine, occurrence in postees.values_list("objet_id", "occurrence").distinct():
        if saisine:
            jours[saisine] = max(jours.get(saisine, ""), occurrence.split(":")[1])
    return jours


def destinataires(saisines: Sequence[Saisine], now: datetime) -> dict[UUID, list[Destinataire]]:
    """Qui reçoit, par instance : mandats en cours et boîte de l'instance, une fois par adresse. Trois requêtes."""
    instances = {s.instance_id: s.instance for s in saisines}
    mandats = Mandat.objects.en_cours(now).filter(instance__in=instances, utilisateur__is_active=True)
    lus = list(mandats.filter(utilisateur__email__isnull=False).select_related("utilisateur").order_by("du", "pk"))
    boites = {pk: i.courriel.lower() for pk, i in instances.items() if i.courriel}
    par_personne, par_boite = niveaux({m.utilisateur_id for m in lus}, set(boites.values()))
    rendus: dict[UUID, dict[str, Destinataire]] = defaultdict(dict)
    for mandat in lus:
        adresse = (mandat.utilisateur.email or "").lower()
        niveau = par_personne.get(mandat.utilisateur_id, Niveau.TOUT)
        rendus[mandat.instance_id].setdefault(adresse, Destinataire(adresse, mandat.utilisateur, niveau, mandat.du))
    for pk, adresse in boites.items():
        rendus[pk].setdefault(adresse, Destinataire(adresse, None, par_boite.get(adresse, Niveau.TOUT)))
    return {pk: list(par_adresse.values()) for pk, par_adresse in rendus.items()}

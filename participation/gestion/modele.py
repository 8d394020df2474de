"""Partir d'une consultation passée : ce qui se reprend d'une année à l'autre, et ce qui ne se reprend jamais."""

import re
from dataclasses import dataclass, field
from typing import Any

from consultations.models import Consultation
from participation.gestion.forms import depart_de
from participation.territoires.models import Instance

JAMAIS_REPRIS = ("slug", "version", "arrete_le", "publie_le", "deliberation", "echeance")
"""Les dates, le texte et l'adresse sont ceux d'une seule consultation."""


@dataclass(frozen=True)
class Modele:
    """Une consultation dont on part. `valeurs` : le formulaire prérempli ; `nouvelles` : les instances nées depuis.

    Le fondement de chaque saisine ne se copie pas : il se déduit de l'instance, comme la première fois (règle 7).
    """

    consultation: Consultation
    valeurs: dict[str, Any] = field(default_factory=dict)
    nouvelles: list[Instance] = field(default_factory=list)


def partir_de(consultation: Consultation) -> Modele:
    """Ce que le formulaire reprend : instances, cadre, qui lit quoi, et le titre de l'année suivante."""
    reprises = {nom: valeur for nom, valeur in depart_de(consultation).items() if nom not in JAMAIS_REPRIS}
    saisies = set(reprises["instances"]) | {
        str(pk) for pk in consultation.saisines.en_vigueur().filter(retiree_le=None).values_list("instance", flat=True)
    }
    reprises |= {"instances": sorted(saisies), "titre": annee_suivante(consultation.titre)}
    autres = Instance.objects.exclude(pk__in=saisies).filter(is_partenaire=False)
    nouvelles = [i for i in autres.order_by("type", "nom") if is_nee_apres(i, consultation)]
    return Modele(consultation, reprises, nouvelles)


def is_nee_apres(instance: Instance, consultation: Consultation) -> bool:
    """Vrai si l'instance a été inscrite ici après que la consultation a été préparée."""
    return instance.creee_le is not None and instance.creee_le > consultation.creee_le


def annee_suivante(titre: str) -> str:
    """« Rapport 2024 » devient « Rapport 2025 » ; un titre qui nomme zéro ou plusieurs années ne change pas."""
    annees = re.findall(r"\b20\d\d\b", titre)
    return titre.replace(annees[0], str(int(annees[0]) + 1)) if len(annees) == 1 else titre

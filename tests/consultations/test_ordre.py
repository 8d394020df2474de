"""L'annexe et les données rangent les instances comme les pages : les vraies d'abord, puis celles de démonstration."""

import pytest

from consultations.queries import saisines_completes
from participation.territoires.models import Instance
from tests import fabriques
from tests.fabriques import TRANSMISE_LE

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]


def test_l_annexe_range_les_vraies_instances_avant_celles_de_demonstration() -> None:
    conseil, commune = Instance.Type.CONSEIL_CITOYEN, Instance.Type.CONSEIL_MUNICIPAL
    instances = [
        fabriques.instance(nom=nom, type=genre, is_fictif=is_fictif)
        for nom, genre, is_fictif in (
            ("Alpha inventé", conseil, True), ("Zéphyr", conseil, False),
            ("Bourg inventé", commune, True), ("Wittes", commune, False),
        )
    ]  # fmt: skip
    consultation = fabriques.consultation()
    for instance in instances:
        fabriques.saisine(consultation_=consultation, instance_=instance)
    noms = [s.instance.nom for s in saisines_completes(consultation, TRANSMISE_LE)]
    assert noms == ["Wittes", "Bourg inventé", "Zéphyr", "Alpha inventé"]

"""Un retrait, un remplacement, un constat écrits, changés ou effacés en base sans acte sont vus et nommés (R7)."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from consultations.actions.actes import preparer_acte, signer_acte
from consultations.etats import TypeActe
from consultations.models import Acte, Saisine
from participation.registre import declencheurs
from participation.registre.actions import inscrire
from tests import fabriques
from tests.fabriques import TRANSMISE_LE, UN_JOUR
from tests.preuves.test_falsification import constats, defait

pytestmark = pytest.mark.django_db
LE = TRANSMISE_LE + 60 * UN_JOUR
ACTES = (TypeActe.DORMANCE, TypeActe.SANS_OBJET, TypeActe.RETRAIT, TypeActe.RETRANSMISSION, TypeActe.ANNULATION)
LIBELLES = {
    "retiree_le": "retirée le", "remplacee_le": "remplacée le", "dormante_le": "constatée dormante le",
    "motif_sans_objet": "pourquoi sans objet",
}  # fmt: skip


@pytest.fixture
def dormante() -> Saisine:
    """Tous les actes qui touchent une saisine, signés l'un après l'autre ; puis plus aucun déclencheur."""
    de = fabriques.consultation()
    dormante, retiree = (fabriques.saisine(consultation_=de) for _ in range(2))
    absente = fabriques.saisine(consultation_=de, instance_=fabriques.instance(is_installee=False))
    for saisine in (dormante, retiree, absente):
        inscrire(acte="saisine_transmise", objet=saisine, dossier=de.pk, now=saisine.transmise_le)
    version = fabriques.version(rapport_=de.version.rapport)
    neuf = {"version": str(version.pk), "v": version.v, "echeance": date(2025, 11, 28).isoformat()}
    parametres: tuple[dict[str, Any], ...] = (
        {"saisines": [str(dormante.pk)]}, {"saisines": [str(absente.pk)]}, {"saisines": [str(retiree.pk)]}, neuf, {},
    )  # fmt: skip
    agent, signataire = fabriques.agent(), fabriques.signataire()
    for n, (type_acte, dits) in enumerate(zip(ACTES, parametres, strict=True)):
        prepare = preparer_acte(
            consultation=de, type=type_acte, parametres=dits, par=agent, now=LE, motif="Un motif entier.",
            fondement="Délibération 2025/099",
        )  # fmt: skip
        signer_acte(prepare=prepare, par=signataire, now=LE + n * UN_JOUR)
    assert constats() == [], "chaque valeur est celle de son acte"
    assert de.saisines.get(instance=dormante.instance, rang=2).dormante_le == LE, "le constat suit l'instance"
    declencheurs.retirer(connection)
    return dormante


@pytest.mark.parametrize("champ", LIBELLES)
def test_un_constat_sans_acte_est_vu_et_nomme(dormante: Saisine, champ: str) -> None:
    """Écrit où il n'y en avait pas, changé ou effacé où il y en avait un, sur chaque saisine."""
    effacer = () if champ == "remplacee_le" else (None,)  # la base elle-même n'en veut pas deux en vigueur
    autres: tuple[Any, ...] = ("Autre motif.",) if champ == "motif_sans_objet" else (LE - UN_JOUR, *effacer)
    for saisine in Saisine.objects.all():
        for faux in (a for a in autres if a != getattr(saisine, champ)):
            with defait():
                Saisine.objects.filter(pk=saisine.pk).update(**{champ: faux})
                attendu = f"consultations.Saisine {saisine.pk} : « {LIBELLES[champ]} » ne dit plus ce que les actes ont"
                assert any(c.startswith(attendu) for c in constats()), (saisine.rang, champ, faux)


def test_un_acte_illisible_n_arrete_pas_la_verification(dormante: Saisine) -> None:
    Acte.objects.filter(type=TypeActe.RETRAIT).update(effets=["illisible"])
    Acte.objects.filter(type=TypeActe.DORMANCE).update(type=TypeActe.REPORT)
    vus = constats()
    assert any("ne se lisent plus" in c for c in vus)
    assert any("consultations.Acte" in c for c in vus)

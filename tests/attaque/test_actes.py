"""Les actes à signer, attaqués : viser une autre consultation, arriver pendant une annulation (règles 9, 22)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from consultations.actions.actes import signer_acte
from consultations.actions.depot import deposer_avis
from consultations.etats import TypeActe
from consultations.models import Acte, ActePrepare, Avis, Saisine
from participation.common.errors import RefusMetier
from tests import fabriques, fabriques_actes
from tests.fabriques import TRANSMISE_LE, UN_JOUR

pytestmark = pytest.mark.django_db
LE = TRANSMISE_LE + 30 * UN_JOUR


@pytest.mark.parametrize("type_acte", [TypeActe.REPORT, TypeActe.RETRAIT, TypeActe.DORMANCE, TypeActe.SANS_OBJET])
def test_un_acte_ne_touche_jamais_la_saisine_d_une_autre_consultation(type_acte: str) -> None:
    """Même préparé à la main avec l'identifiant d'ailleurs, mêlé à un vrai : rien ne bouge, nulle part."""
    ici, ailleurs = fabriques.saisine(), fabriques.saisine()
    vises: dict[str, Any] = {"saisines": [str(ici.pk), str(ailleurs.pk)], "echeance": "2025-12-15"}
    prepare = fabriques_actes.acte_prepare(ici.consultation, type_acte, parametres=vises, fondement="Délibération")
    avant = list(Saisine.objects.values())
    with pytest.raises(RefusMetier, match="plus saisie"):
        signer_acte(prepare=prepare, par=fabriques.signataire(), now=LE)
    assert list(Saisine.objects.values()) == avant
    assert not Acte.objects.exists()


def test_le_formulaire_n_offre_que_les_instances_de_sa_consultation(client: Client) -> None:
    de, ailleurs = fabriques.consultation(slug="ici"), fabriques.saisine()
    fabriques.saisine(consultation_=de)
    client.force_login(fabriques.agent())
    corps = {"saisines": [str(ailleurs.pk)], "motif": "Elle est sortie du contrat."}
    assert client.post("/gestion/consultations/ici/actes/retrait/", corps).status_code == 422
    assert not ActePrepare.objects.exists()


def test_un_depot_arrive_avant_l_annulation_vaut_et_apres_il_est_refuse() -> None:
    """L'instant qui compte est celui de l'arrivée, même si la signature passe avant la fin du dépôt (règle 4)."""
    saisine = fabriques.saisine()
    par = fabriques.mandat(saisine.instance).utilisateur
    projet = fabriques.projet_pret(saisine)
    signer_acte(
        prepare=fabriques_actes.acte_prepare(saisine.consultation, TypeActe.ANNULATION, parametres={}),
        par=fabriques.signataire(), now=LE,
    )  # fmt: skip
    commun: dict[str, Any] = {"saisine": saisine, "projet_v": projet.v, "remplace": None, "par": par}
    with pytest.raises(RefusMetier, match="n'est plus consultée"):
        deposer_avis(**commun, cle=uuid4(), recu_le=LE, now=LE)
    avis = deposer_avis(**commun, cle=uuid4(), recu_le=LE - timedelta(microseconds=1), now=LE + UN_JOUR)
    assert Avis.objects.get() == avis

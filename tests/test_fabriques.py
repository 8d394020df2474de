"""Les fabriques rendent ce qu'elles annoncent : un essai qui part d'un faux état ne prouve rien."""

import pytest
from django.db import connection, transaction

from consultations.models import Avis, Saisine
from participation.common.canonique import empreinte_de
from participation.territoires.models import Epci
from tests import fabriques


@pytest.mark.django_db
def test_une_saisine_par_defaut_est_remise_et_a_son_projet() -> None:
    saisine = fabriques.saisine()
    assert saisine.preuves.count() == 1
    assert saisine.projet.sens == ""
    assert saisine.version.is_figee


@pytest.mark.django_db
def test_l_empreinte_d_une_version_figee_est_la_sienne() -> None:
    version = fabriques.version_figee(sections=2)
    assert version.empreinte == empreinte_de(version.contenu_canonique())


@pytest.mark.django_db
def test_un_avis_porte_l_empreinte_de_ce_qui_est_en_base() -> None:
    avis = fabriques.avis(observations=["Et l'axe 4 ?"])
    relu = Avis.objects.get(pk=avis.pk)
    assert relu.empreinte == empreinte_de(relu.contenu_canonique())
    silence = fabriques.avis_repute()
    assert silence.is_silence


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tour", [1, 2])
def test_la_base_repart_du_gabarit_apres_chaque_essai_en_vraies_transactions(tour: int) -> None:
    assert not Saisine.objects.exists(), "l'essai précédent a laissé des lignes"
    assert not Epci.objects.exists()
    with transaction.atomic():
        fabriques.epci()
        fabriques.avis()
    assert connection.in_atomic_block is False


def test_un_dossier_reel_est_migre_et_vide(dossier_reel) -> None:
    lu = dossier_reel.python("from consultations.models import Avis; print(Avis.objects.count())")
    assert lu == "0"

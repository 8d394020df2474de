"""Les silences s'inscrivent une fois, datés de l'échéance ; un dépôt arrivé à temps l'emporte (règles 3, 4, 5, 6)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consultations.actions.depot import deposer_avis
from consultations.actions.silence import acter_silences
from consultations.etats import Etat, Sens
from consultations.models import Avis, Saisine
from consultations.queries import etats
from participation.registre.models import Entree
from tests import fabriques

US = timedelta(microseconds=1)
pytestmark = pytest.mark.django_db


def test_un_silence_s_inscrit_une_seule_fois_date_de_l_echeance() -> None:
    saisine = fabriques.saisine()
    retard = saisine.borne + timedelta(days=17)
    assert acter_silences(now=retard) == 1
    assert acter_silences(now=retard) == 0
    avis = Avis.objects.get()
    assert (avis.sens, avis.date_legale, avis.inscrit_le) == (Sens.REPUTE_FAVORABLE, saisine.echeance, retard)
    assert (avis.depose_par, avis.texte, avis.recu_le) == (None, "", None)
    entree = Entree.objects.get(acte="silence_constate")
    assert entree.instant == saisine.borne - US
    assert entree.inscrit_le == retard


def test_avant_la_borne_rien_ne_s_inscrit() -> None:
    saisine = fabriques.saisine()
    assert acter_silences(now=saisine.borne - US) == 0
    assert not Avis.objects.exists()


def test_sans_remise_prouvee_ou_sans_objet_aucun_silence_ne_s_inscrit() -> None:
    de = fabriques.consultation()
    saisine = fabriques.saisine(consultation_=de, remise=False)
    fabriques.saisine(consultation_=de, is_sans_objet=True, motif_sans_objet="Conseil non installé.")
    assert acter_silences(now=saisine.borne) == 0


def test_un_ouvrier_en_avance_de_deux_heures_ne_clot_rien_et_le_depot_a_temps_gagne() -> None:
    saisine = fabriques.saisine()
    fabriques.projet_pret(saisine, sens=Sens.DEFAVORABLE)
    membre = fabriques.mandat(instance_=saisine.instance).utilisateur
    juste_a_temps = saisine.borne - timedelta(seconds=1)
    acter_silences(now=juste_a_temps + timedelta(hours=2))
    assert etats(Saisine.objects.all(), juste_a_temps).get().etat == Etat.EN_ATTENTE
    avis = deposer_avis(
        saisine=saisine,
        cle=uuid4(),
        projet_v=1,
        remplace=None,
        par=membre,
        recu_le=juste_a_temps,
        now=saisine.borne + timedelta(minutes=1),
    )
    assert avis.remplace is not None
    assert avis.remplace.is_silence
    apres = etats(Saisine.objects.all(), saisine.borne + timedelta(days=1)).get()
    assert (apres.etat, apres.avis_en_vigueur_id) == (Etat.DEFAVORABLE, avis.pk)
    assert acter_silences(now=saisine.borne + timedelta(days=2)) == 0
    assert Avis.objects.count() == 2

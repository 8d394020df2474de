"""La règle pure et son filtre SQL disent la même chose, aux instants qui comptent (architecture, règle 2)."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from consultations import delais, rules
from consultations.etats import Etat, Fondement, Sens, Statut
from consultations.models import Saisine
from consultations.queries import bilan, etats, saisines_de, silences
from tests import fabriques

BORNE = delais.borne(fabriques.ECHEANCE)
US = timedelta(microseconds=1)
JOUR = timedelta(days=1)


@pytest.mark.django_db
def test_le_sql_dit_la_meme_chose_que_la_regle() -> None:
    cas = []
    remises = (None, -JOUR, timedelta(0), JOUR)
    sens = (None, Sens.DEFAVORABLE, Sens.REPUTE_FAVORABLE)
    for visibilite in ("depot", "cloture"):
        de = fabriques.consultation(visibilite_avis=visibilite)
        for remise, s, fondement, sans_objet, fin in product(
            remises, sens, Fondement, (False, True), (None, "retiree_le", "remplacee_le")
        ):
            saisine = fabriques.saisine(
                consultation_=de,
                **({fin: BORNE - JOUR} if fin else {}),
                remise=False,
                projet=False,
                fondement=fondement,
                is_sans_objet=sans_objet,
                motif_sans_objet="essai" if sans_objet else "",
            )
            if remise is not None:
                fabriques.preuve_remise(saisine, remis_le=saisine.borne + remise)
            if s == Sens.REPUTE_FAVORABLE:
                fabriques.avis_repute(saisine)
            elif s:
                fabriques.avis(saisine, sens=s)
            cas.append((saisine, remise, s))
    borne = cas[0][0].borne
    for now in (borne - 2 * JOUR, borne - JOUR - US, borne - JOUR, borne - US, borne, borne + US, borne + 2 * JOUR):
        calcules = dict(etats(Saisine.objects.all(), now).values_list("pk", "etat"))
        for saisine, remise, s in cas:
            attendu = rules.etat_saisine(
                fondement=saisine.fondement,
                is_sans_objet=saisine.is_sans_objet,
                sens=s,
                remis_le=None if remise is None else borne + remise,
                borne=borne,
                visibilite_avis=saisine.consultation.visibilite_avis,
                retiree_le=saisine.retiree_le,
                remplacee_le=saisine.remplacee_le,
                now=now,
            )
            assert calcules[saisine.pk] == attendu, (now - borne, remise, s, saisine.fondement)


@pytest.mark.django_db
def test_les_filtres_ouvertes_et_closes_suivent_le_statut() -> None:
    saisine = fabriques.saisine()
    instants = [saisine.transmise_le - US, saisine.transmise_le, saisine.borne - US, saisine.borne, saisine.borne + US]
    for now in instants:
        statut = rules.statut(transmise_le=saisine.transmise_le, borne=saisine.borne, now=now)
        assert Saisine.objects.ouvertes(now).exists() == (statut == Statut.OUVERTE)
        assert Saisine.objects.closes(now).exists() == (statut == Statut.CLOSE)


@pytest.mark.django_db
def test_le_bilan_ne_compte_jamais_un_silence_parmi_les_avis_exprimes() -> None:
    de = fabriques.consultation()
    fabriques.avis(fabriques.saisine(consultation_=de))
    for _ in range(3):
        fabriques.saisine(consultation_=de)
    fabriques.saisine(consultation_=de, remise=False)
    borne = de.saisines.first().borne
    compte = bilan(list(saisines_de(de, borne)))
    assert (compte.exprimes, compte.silences, compte.attendus, compte.en_attente) == (1, 3, 4, 0)
    assert compte.par_etat[Etat.NON_SAISIE] == 1
    assert bilan(list(saisines_de(de, borne - US))).en_attente == 3


@pytest.mark.django_db
def test_les_silences_a_inscrire_sont_les_muets_remis_et_clos(now: datetime) -> None:
    de = fabriques.consultation()
    muette = fabriques.saisine(consultation_=de)
    fabriques.saisine(consultation_=de, remise=False)
    fabriques.avis(fabriques.saisine(consultation_=de))
    fabriques.saisine(consultation_=de, fondement=Fondement.PARTENAIRE)
    assert list(silences(muette.borne - US)) == []
    assert list(silences(muette.borne)) == [muette]

"""La règle pure et son filtre SQL disent la même chose, aux instants qui comptent (architecture, règle 2)."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from consultations import delais, rules
from consultations.etats import Etat, Fondement, Sens, Statut
from consultations.models import RetourCourriel, Saisine
from consultations.queries import BIENTOT_PROUVEE, bilan, etats, etiquettes, saisines_de, silences
from consultations.views.presentation import phrase_du_bilan
from tests import fabriques, fabriques_remise

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
def test_trois_jours_durant_un_courriel_accepte_se_dit_bientot_prouve_et_compte_parmi_les_attendues() -> None:
    """Le code reste « non saisie » (contrat) ; l'étiquette est à côté, et tombe si le courriel revient (règle 6)."""
    saisine = fabriques.saisine(remise=False)
    fabriques.saisine(consultation_=saisine.consultation, remise=False)
    le = saisine.transmise_le
    envoi = fabriques_remise.envoi_accepte(saisine)

    def lu(now: datetime) -> tuple[str, tuple[str, ...], str]:
        lues = list(saisines_de(saisine.consultation, now))
        (sienne,) = (s for s in lues if s.pk == saisine.pk)
        etat = Etat(sienne.etat)  # type: ignore[attr-defined]
        return etat, etiquettes(sienne, etat, now), phrase_du_bilan(bilan(lues))

    bientot = "0 réponse reçue sur 1 attendue. Réception bientôt prouvée pour une instance."
    aucune = "0 réponse reçue sur 0 attendue."
    assert lu(le) == (Etat.NON_SAISIE, (BIENTOT_PROUVEE,), bientot)
    assert lu(le + rules.DELAI_DE_RETOUR - US) == (Etat.NON_SAISIE, (BIENTOT_PROUVEE,), bientot)
    assert lu(le + rules.DELAI_DE_RETOUR) == (Etat.NON_SAISIE, (), aucune)
    assert lu(le - US)[1] == (), "pas encore accepté"
    RetourCourriel.objects.create(
        saisine=saisine, envoi=envoi.pk, accepte_le=le, retourne_le=le + US, motif="550", inscrit_le=le + US
    )
    assert lu(le + US) == (Etat.NON_SAISIE, (), aucune)


@pytest.mark.django_db
def test_les_silences_a_inscrire_sont_les_muets_remis_et_clos(now: datetime) -> None:
    de = fabriques.consultation()
    muette = fabriques.saisine(consultation_=de)
    fabriques.saisine(consultation_=de, remise=False)
    fabriques.avis(fabriques.saisine(consultation_=de))
    fabriques.saisine(consultation_=de, fondement=Fondement.PARTENAIRE)
    assert list(silences(muette.borne - US)) == []
    assert list(silences(muette.borne)) == [muette]

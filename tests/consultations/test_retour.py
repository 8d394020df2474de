"""Un courriel revient : sous 72 h il ne prouve rien ; plus tard, un agent constate avant le procès-verbal (règle 6)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from consultations import non_remise, rules
from consultations.actions.actes import preparer_acte, signer_acte
from consultations.actions.depot import deposer_avis
from consultations.actions.remise import constater_remises, inscrire_remise
from consultations.actions.retour import constater_retour, inscrire_retour, relever_retour
from consultations.actions.silence import acter_silences
from consultations.etats import DecisionRetour, Etat, TypeActe
from consultations.models import Avis, ConstatRetour, PreuveRemise, RetourCourriel, Saisine
from consultations.queries import etats
from consultations.queries_remise import preuves_valables, retours_a_traiter
from participation.common.errors import RefusMetier
from participation.notifications.models import Envoi
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests import fabriques
from tests.fabriques_remise import dsn, envoi_accepte

H72 = timedelta(hours=72)
US = timedelta(microseconds=1)
JOUR = timedelta(days=1)
POURQUOI = "L'adresse n'existe plus depuis le mois de juin."


@pytest.fixture
def saisine(db: None) -> Saisine:
    """Transmise, un courriel accepté, pas encore de preuve."""
    faite = fabriques.saisine(remise=False)
    envoi_accepte(faite)
    return faite


def etat(saisine: Saisine, now: datetime) -> str:
    return str(etats(Saisine.objects.filter(pk=saisine.pk), now).get().etat)  # type: ignore[attr-defined]


def revenir(saisine: Saisine, apres: timedelta, saisi: timedelta | None = None, **autres: Any) -> RetourCourriel:
    le = saisine.transmise_le + apres
    partis = Envoi.objects.filter(objet_id=saisine.pk, evenement="saisine")
    voulu: dict[str, Any] = {
        "envoi": partis.values_list("pk", flat=True)[0], "retourne_le": le, "motif": "550, boîte inconnue.",
        "piece": None, "par": fabriques.agent(), "now": saisine.transmise_le + (apres if saisi is None else saisi),
    }  # fmt: skip
    return inscrire_retour(saisine=saisine, **voulu | autres)


def constater(retour: RetourCourriel, now: datetime, decision: str = DecisionRetour.NON_REMISE) -> ConstatRetour:
    return constater_retour(retour=retour, decision=decision, motif=POURQUOI, par=fabriques.agent(), now=now)


def signer_le_pv(saisine: Saisine, now: datetime) -> None:
    de = saisine.consultation
    prepare = preparer_acte(consultation=de, type=TypeActe.PROCES_VERBAL, parametres={}, par=fabriques.agent(), now=now)
    signer_acte(prepare=prepare, par=fabriques.signataire(), now=now)


def test_un_courriel_accepte_ne_prouve_la_remise_qu_apres_72_heures_et_a_sa_date(saisine: Saisine) -> None:
    assert constater_remises(now=saisine.transmise_le + H72 - US) == 0
    assert etat(saisine, saisine.transmise_le + H72 - US) == Etat.NON_SAISIE
    assert constater_remises(now=saisine.transmise_le + H72) == 1
    assert etat(saisine, saisine.transmise_le + H72) == Etat.EN_ATTENTE
    entree = Entree.objects.get(acte="remise_prouvee")
    assert (entree.instant, entree.inscrit_le) == (saisine.transmise_le, saisine.transmise_le + H72)


def test_un_retour_sous_72_h_empeche_la_preuve_et_le_silence_meme_apres_le_proces_verbal(saisine: Saisine) -> None:
    revenir(saisine, H72 - US)
    for now in (saisine.transmise_le + H72, saisine.borne - US, saisine.borne, saisine.borne + JOUR):
        assert constater_remises(now=now) == 0
        assert acter_silences(now=now) == 0
        assert etat(saisine, now) == Etat.NON_SAISIE
    signer_le_pv(saisine, saisine.borne + JOUR)
    assert acter_silences(now=saisine.borne + 2 * JOUR) == 0
    assert etat(saisine, saisine.borne + 2 * JOUR) == Etat.NON_SAISIE
    assert not Avis.objects.exists()
    assert "courriel_revenu" in Entree.objects.values_list("acte", flat=True)


def test_compte_l_arrivee_du_retour_non_sa_saisie_meme_le_silence_deja_inscrit(saisine: Saisine) -> None:
    """Le retour du lendemain, saisi après l'échéance : il défait la preuve déjà inscrite, rien n'est effacé."""
    acter_silences(now=saisine.borne)
    assert etat(saisine, saisine.borne) == Etat.REPUTE_FAVORABLE
    revenir(saisine, JOUR, saisi=saisine.borne + JOUR - saisine.transmise_le)
    assert etat(saisine, saisine.borne + JOUR) == Etat.NON_SAISIE
    assert (PreuveRemise.objects.count(), Avis.objects.count()) == (1, 1)
    assert acter_silences(now=saisine.borne + 2 * JOUR) == 0
    assert verifier().is_intact


def test_un_retour_plus_tardif_ne_defait_rien_seul_il_alerte(saisine: Saisine) -> None:
    retour = revenir(saisine, H72)
    assert constater_remises(now=saisine.transmise_le + H72) == 1
    assert etat(saisine, saisine.borne - US) == Etat.EN_ATTENTE
    assert etat(saisine, saisine.borne) == Etat.REPUTE_FAVORABLE
    assert list(retours_a_traiter()) == [retour]


def test_le_constat_avant_le_proces_verbal_remplace_le_silence_par_non_saisie_et_les_deux_restent(
    saisine: Saisine,
) -> None:
    acter_silences(now=saisine.borne)
    retour = revenir(saisine, 5 * JOUR, saisi=saisine.borne + JOUR - saisine.transmise_le)
    apres = saisine.borne + 2 * JOUR
    constat = constater(retour, apres)
    assert constat.silence == Avis.objects.get()
    assert etat(saisine, apres) == Etat.NON_SAISIE
    assert acter_silences(now=apres) == 0
    signer_le_pv(saisine, apres)
    assert etat(saisine, apres + JOUR) == Etat.NON_SAISIE
    actes = list(Entree.objects.order_by("n").values_list("acte", flat=True))
    assert actes == ["remise_prouvee", "silence_constate", "courriel_revenu", "retour_constate", "acte_signe"]
    assert list(retours_a_traiter()) == []
    assert verifier().is_intact


def test_un_recepisse_retrouve_fait_valoir_de_nouveau_le_silence(saisine: Saisine) -> None:
    acter_silences(now=saisine.borne)
    constater(revenir(saisine, 5 * JOUR), saisine.borne + JOUR)
    inscrire_remise(
        saisine=saisine, moyen="RECEPISSE", remis_le=saisine.transmise_le + JOUR, note="Récépissé gardé à l'accueil.",
        piece=None, par=fabriques.agent(), now=saisine.borne + 2 * JOUR,
    )  # fmt: skip
    assert etat(saisine, saisine.borne + 2 * JOUR) == Etat.REPUTE_FAVORABLE
    assert Avis.objects.count() == 1


def test_le_proces_verbal_attend_le_constat_et_les_72_heures(saisine: Saisine) -> None:
    retour = revenir(saisine, 5 * JOUR)
    with pytest.raises(RefusMetier, match="constatez d'abord"):
        signer_le_pv(saisine, saisine.borne)
    constater(retour, saisine.borne, DecisionRetour.REMISE_TIENT)
    tardive = fabriques.saisine(consultation_=saisine.consultation, remise=False)
    envoi_accepte(tardive, envoye_le=tardive.borne - JOUR)
    with pytest.raises(RefusMetier, match="72 heures"):
        signer_le_pv(saisine, saisine.borne + JOUR)
    signer_le_pv(saisine, saisine.borne + 2 * JOUR)
    assert etat(saisine, saisine.borne + 2 * JOUR) == etat(tardive, saisine.borne + 2 * JOUR) == Etat.REPUTE_FAVORABLE


def test_apres_le_proces_verbal_un_retour_se_garde_mais_ne_se_constate_plus(saisine: Saisine) -> None:
    signer_le_pv(saisine, saisine.borne)
    retour = revenir(saisine, saisine.borne + JOUR - saisine.transmise_le)
    with pytest.raises(RefusMetier) as refus:
        constater(retour, saisine.borne + 2 * JOUR)
    assert refus.value.statut == 409
    assert etat(saisine, saisine.borne + 2 * JOUR) == Etat.REPUTE_FAVORABLE
    assert list(retours_a_traiter()) == []


def test_une_autre_adresse_qui_a_recu_ou_une_connexion_prouvent_encore(saisine: Saisine) -> None:
    revenir(saisine, JOUR)
    entree = saisine.transmise_le + 2 * JOUR
    fabriques.mandat(saisine.instance, par=fabriques.utilisateur(last_login=entree))
    assert constater_remises(now=entree) == 1
    assert PreuveRemise.objects.get().moyen == "CONNEXION"
    assert list(retours_a_traiter()) == []
    autre = fabriques.saisine(remise=False)
    envoi_accepte(autre, adresse="un@essai.invalid")
    envoi_accepte(autre, adresse="deux@essai.invalid")
    revenir(autre, JOUR, envoi=Envoi.objects.get(adresse="un@essai.invalid").pk)
    assert constater_remises(now=autre.transmise_le + H72) == 1
    assert etat(autre, autre.borne) == Etat.REPUTE_FAVORABLE


def test_repondre_prouve_la_reception_meme_si_le_courriel_est_revenu(saisine: Saisine) -> None:
    constater_remises(now=saisine.transmise_le + H72)
    revenir(saisine, JOUR, saisi=4 * JOUR)
    fabriques.projet_pret(saisine)
    le = saisine.transmise_le + 10 * JOUR
    membre = fabriques.mandat(saisine.instance).utilisateur
    deposer_avis(saisine=saisine, cle=uuid4(), projet_v=1, remplace=None, par=membre, recu_le=le, now=le)
    assert preuves_valables().get().moyen == "CONNEXION"
    assert list(retours_a_traiter()) == []


@pytest.mark.parametrize(
    ("autres", "statut"),
    [
        ({"envoi": uuid4()}, 422),
        ({"motif": "550"}, 422),
        ({"apres": -JOUR}, 422),
        ({"saisi": timedelta(0)}, 422),
        ({"par": None}, 403),
    ],
)
def test_un_retour_impossible_est_refuse(saisine: Saisine, autres: dict[str, Any], statut: int) -> None:
    if "par" in autres:
        autres = {"par": fabriques.mandat(saisine.instance).utilisateur}
    with pytest.raises(RefusMetier) as refus:
        revenir(saisine, **{"apres": JOUR} | autres)
    assert refus.value.statut == statut
    assert not RetourCourriel.objects.exists()


def test_un_retour_sous_72_h_ne_se_juge_pas_mais_une_saisie_fausse_se_repare(saisine: Saisine) -> None:
    retour = revenir(saisine, JOUR)
    with pytest.raises(RefusMetier):
        constater(retour, saisine.borne, DecisionRetour.REMISE_TIENT)
    constater(retour, saisine.transmise_le + 2 * JOUR, DecisionRetour.ERREUR)
    assert constater_remises(now=saisine.transmise_le + H72) == 1
    with pytest.raises(RefusMetier) as refus:
        constater(retour, saisine.borne, DecisionRetour.ERREUR)
    assert refus.value.statut == 409
    assert revenir(saisine, 2 * JOUR).pk != retour.pk


@pytest.mark.parametrize("decision", [None, *DecisionRetour])
@pytest.mark.parametrize("ecart", [-US, timedelta(0), US])
def test_le_filtre_dit_la_meme_chose_que_la_regle(saisine: Saisine, ecart: timedelta, decision: str | None) -> None:
    retour = revenir(saisine, H72 + ecart)
    if decision:
        ConstatRetour.objects.create(retour=retour, decision=decision, motif=POURQUOI, constate_le=saisine.borne)
    dates = {"accepte_le": retour.accepte_le, "retourne_le": retour.retourne_le}
    assert RetourCourriel.objects.defaisants().exists() == rules.is_remise_defaite(**dates, decision=decision)
    assert RetourCourriel.objects.sous_72_h().exists() == rules.is_retour_sous_72_h(**dates)


def test_un_message_de_non_remise_s_inscrit_une_fois_sans_adresse(saisine: Saisine) -> None:
    envoi = Envoi.objects.get()
    le = saisine.transmise_le + JOUR
    recu = relever_retour(message=dsn(envoi, le), now=le + JOUR)
    assert recu is not None
    assert (recu.retourne_le, recu.origine) == (le, "SERVEUR")
    assert "5.1.1" in recu.motif
    assert envoi.adresse not in recu.motif
    assert relever_retour(message=dsn(envoi, le), now=le + 3 * JOUR) == recu
    assert RetourCourriel.objects.count() == 1
    assert etat(saisine, saisine.borne) == Etat.NON_SAISIE


def test_la_date_du_message_est_bornee_par_l_envoi_et_par_l_heure(saisine: Saisine) -> None:
    trop_tot = relever_retour(message=dsn(Envoi.objects.get(), saisine.transmise_le - JOUR), now=saisine.borne)
    assert trop_tot is not None
    assert trop_tot.retourne_le == saisine.transmise_le


def test_un_retard_un_faux_ou_un_autre_courriel_n_inscrivent_rien(saisine: Saisine) -> None:
    envoi, le = Envoi.objects.get(), saisine.transmise_le + JOUR
    Envoi.objects.filter(pk=envoi.pk).update(evenement="report")
    assert relever_retour(message=dsn(envoi, le), now=le) is None
    Envoi.objects.filter(pk=envoi.pk).update(evenement="saisine")
    for octets in (
        dsn(envoi, le, action="delayed"),
        dsn(envoi, le, message_id="<autre@exemple.invalid>"),
        b"\xff" * 99,
    ):
        assert relever_retour(message=octets, now=le) is None
    assert non_remise.lire(b"x" * (non_remise.OCTETS_MAX + 1)) is None
    assert not RetourCourriel.objects.exists()


def test_un_retour_qui_ne_rend_que_les_en_tetes_ou_une_reference_se_lit_aussi(saisine: Saisine) -> None:
    envoi, le = Envoi.objects.get(), saisine.transmise_le + JOUR
    for forme in ("en-tetes", "reference"):
        lu = non_remise.lire(dsn(envoi, le, forme=forme))
        assert lu is not None
        assert lu.envoi == envoi.pk

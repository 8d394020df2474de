"""Les relances : peu, à leur jour, à qui n'a pas répondu ; une horloge arrêtée n'en fait jamais deux."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations import delais, relances
from consultations.actions.relance import relancer
from consultations.etats import Fondement
from consultations.models import Saisine
from participation.common.dates import PARIS
from participation.notifications.actions import regler_les_messages, vider_la_boite
from participation.notifications.models import Envoi, Niveau
from participation.notifications.rules import RELANCE, RESUME
from participation.territoires.models import Instance
from tests import fabriques
from tests.fabriques import ECHEANCE, TRANSMISE_LE, UN_JOUR

CONSEIL, COMMUNE = Instance.Type.CONSEIL_CITOYEN, Instance.Type.CONSEIL_MUNICIPAL
SECONDE = timedelta(seconds=1)


def matin(jour: date) -> datetime:
    return datetime.combine(jour, relances.HEURE, tzinfo=PARIS)


def jours(type_instance: str, **autres: Any) -> list[str]:
    voulu = {"transmise_le": TRANSMISE_LE, "echeance": ECHEANCE} | autres
    return [r.cle for r in relances.plan(type_instance=type_instance, **voulu)]


# --- le plan, pur -----------------------------------------------------------------------------------------------------
def test_le_plan_d_une_commune_suit_ses_seances_celui_d_un_conseil_ses_soirees() -> None:
    assert jours(COMMUNE) == [
        "2025-08-14:J-75", "2025-09-30:J-30", "2025-10-15:J-15", "2025-10-28:J-2", "2025-10-29:J-1",
    ]  # fmt: skip
    assert jours(CONSEIL) == ["2025-09-30:J-30", "2025-10-23:J-7", "2025-10-28:J-2", "2025-10-29:J-1"]
    assert jours(Instance.Type.AUTRE) == jours(CONSEIL)


def test_un_delai_d_un_mois_ne_relance_pas_dans_la_semaine_de_la_transmission() -> None:
    assert jours(COMMUNE, echeance=date(2025, 7, 30)) == ["2025-07-15:J-15", "2025-07-28:J-2", "2025-07-29:J-1"]


def test_une_mairie_fermee_est_relancee_le_dernier_jour_ouvre() -> None:
    lundi = date(2025, 11, 3)  # J-2 et J-1 : le samedi 1er novembre, férié, et le dimanche
    assert jours(COMMUNE, echeance=lundi)[-2:] == ["2025-10-31:J-2", "2025-10-31:J-1"]
    assert jours(CONSEIL, echeance=lundi)[-2:] == ["2025-11-01:J-2", "2025-11-02:J-1"]


def test_une_seance_annoncee_prend_la_place_des_rappels_qui_la_precedent() -> None:
    seance = relances.Annonce(date(2025, 10, 14), TRANSMISE_LE + UN_JOUR)
    assert jours(COMMUNE, seances=[seance]) == [
        "2025-10-03:S-10", "2025-10-15:J-15", "2025-10-15:S+1", "2025-10-28:J-2", "2025-10-29:J-1",
    ]  # fmt: skip
    apres = relances.Annonce(ECHEANCE + UN_JOUR, TRANSMISE_LE)
    assert jours(COMMUNE, seances=[apres]) == jours(COMMUNE), "une séance après l'échéance ne sert à rien"


def test_une_seance_annoncee_l_avant_veille_ne_rappelle_que_son_lendemain() -> None:
    tardive = relances.Annonce(date(2025, 10, 14), datetime(2025, 10, 12, 18, tzinfo=PARIS))
    assert jours(CONSEIL, seances=[tardive]) == [
        "2025-10-15:S+1", "2025-10-23:J-7", "2025-10-28:J-2", "2025-10-29:J-1",
    ]  # fmt: skip


def test_le_jour_se_lit_a_paris_au_changement_d_heure() -> None:
    (relance,) = [
        r
        for r in relances.plan(type_instance=CONSEIL, transmise_le=TRANSMISE_LE, echeance=date(2025, 11, 25))
        if r.etape.code == "J-30"
    ]
    assert relance.instant.isoformat() == "2025-10-26T08:00:00+01:00"


@pytest.mark.parametrize("type_instance", Instance.Type.values)
def test_chaque_type_d_instance_a_son_plan_et_chaque_phrase_se_remplit(type_instance: str) -> None:
    plan = relances.PLANS[type_instance]
    assert len({e.code for e in plan}) == len(plan)
    for etape in plan:
        assert ("{seance}" in etape.phrase) == (etape.repere == relances.S)


# --- les actes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def saisine(db: None) -> Saisine:
    """Un conseil remis, deux personnes avec courriel, une sans, et la boîte du conseil."""
    une = fabriques.saisine()
    for courriel in ("presidente@exemple.invalid", "membre@exemple.invalid", None):
        fabriques.mandat(une.instance, par=fabriques.utilisateur(email=courriel), role="MEMBRE")
    Instance.objects.filter(pk=une.instance_id).update(courriel="conseil@exemple.invalid")
    return une


def postees() -> list[tuple[str, str]]:
    return sorted((e.adresse.partition("@")[0], e.occurrence.split(":", 1)[1]) for e in Envoi.objects.all())


def passer(saisine: Saisine, depuis: int, jusqu_a: int) -> int:
    """Bat l'horloge toutes les six heures de J-`depuis` à J-`jusqu_a` ; rend le nombre de relances postées."""
    heures = range(0, (depuis - jusqu_a) * 24, 6)
    return sum(relancer(now=matin(saisine.echeance - depuis * UN_JOUR) + timedelta(hours=h)) for h in heures)


def test_chaque_personne_recoit_chaque_relance_une_fois_a_son_jour(saisine: Saisine) -> None:
    assert relancer(now=matin(date(2025, 9, 30)) - SECONDE) == 0
    assert relancer(now=matin(date(2025, 9, 30))) == 3
    assert relancer(now=matin(date(2025, 9, 30))) == 0
    assert postees() == [(qui, "2025-09-30:J-30") for qui in ("conseil", "membre", "presidente")]
    assert passer(saisine, 30, 0) == 9
    envoi = Envoi.objects.filter(adresse="membre@exemple.invalid").latest("cree_le")
    assert (envoi.evenement, envoi.objet_id, envoi.expire_le) == (RELANCE, saisine.pk, saisine.borne)
    for dit in ("jeudi 30 octobre 2025 à minuit, heure de Paris", "réputé favorable", saisine.get_absolute_url()):
        assert dit in envoi.texte


def test_une_horloge_arretee_trois_jours_ne_rend_que_la_derniere_utile(saisine: Saisine) -> None:
    relancer(now=matin(ECHEANCE - 7 * UN_JOUR))
    reprise = matin(ECHEANCE) + timedelta(hours=2)  # arrêtée du J-3 au jour même : J-2 et J-1 sont passés
    assert [relancer(now=reprise), relancer(now=reprise + SECONDE)] == [3, 0]
    assert {o for _, o in postees()} == {"2025-10-23:J-7", "2025-10-29:J-1"}


def test_un_ouvrier_qui_retarde_ne_poste_pas_une_relance_depassee(saisine: Saisine) -> None:
    assert relancer(now=matin(ECHEANCE - UN_JOUR)) == 3
    assert relancer(now=matin(ECHEANCE - UN_JOUR) - timedelta(hours=2)) == 0


def test_rien_apres_la_borne(saisine: Saisine) -> None:
    assert relancer(now=saisine.borne) == 0
    assert relancer(now=saisine.borne - SECONDE) == 3


LE_LENDEMAIN = TRANSMISE_LE + UN_JOUR
CAS: dict[str, dict[str, Any]] = {
    "retiree, ou annulee": {"retiree_le": LE_LENDEMAIN},
    "remplacee": {"remplacee_le": LE_LENDEMAIN},
    "sans objet": {"is_sans_objet": True, "motif_sans_objet": "Pas installée."},
    "partenaire": {"fondement": Fondement.PARTENAIRE},
    "non saisie": {"remise": False},
}


@pytest.mark.parametrize("traits", CAS.values(), ids=CAS)
def test_rien_a_qui_ne_doit_rien_ou_n_est_pas_saisi(db: None, traits: dict[str, Any]) -> None:
    fabriques.saisine(**traits)
    assert relancer(now=matin(ECHEANCE - UN_JOUR)) == 0


def test_rien_a_qui_a_repondu(saisine: Saisine) -> None:
    fabriques.avis(saisine)
    assert relancer(now=matin(ECHEANCE - UN_JOUR)) == 0


def test_une_relance_encore_dans_la_boite_ne_part_pas_apres_la_reponse(saisine: Saisine) -> None:
    quand = matin(ECHEANCE - 7 * UN_JOUR)
    relancer(now=quand)
    fabriques.avis(saisine)
    relancer(now=quand + SECONDE)
    assert vider_la_boite(now=quand + SECONDE) == 0
    assert set(Envoi.objects.values_list("etat", flat=True)) == {Envoi.Etat.PERIME}


def test_une_relance_que_la_suivante_remplace_ne_part_plus(saisine: Saisine) -> None:
    """Le serveur de courriel est muet de J-7 à J-1 : il n'en part qu'une par personne."""
    relancer(now=matin(ECHEANCE - 7 * UN_JOUR))
    relancer(now=matin(ECHEANCE - 2 * UN_JOUR))
    relancer(now=matin(ECHEANCE - UN_JOUR))
    assert vider_la_boite(now=matin(ECHEANCE - UN_JOUR)) == 3
    assert set(Envoi.objects.filter(etat=Envoi.Etat.ENVOYE).values_list("occurrence", flat=True)) == {
        f"{saisine.pk}:2025-10-29:J-1"
    }


def test_un_report_fait_un_nouveau_plan_sans_revenir_en_arriere(saisine: Saisine) -> None:
    relancer(now=matin(ECHEANCE - 30 * UN_JOUR))
    nouvelle = ECHEANCE + 20 * UN_JOUR
    Saisine.objects.filter(pk=saisine.pk).update(echeance=nouvelle, borne=delais.borne(nouvelle))
    assert relancer(now=matin(ECHEANCE - 29 * UN_JOUR)) == 0
    assert relancer(now=matin(nouvelle - 30 * UN_JOUR)) == 3


def test_qui_arrive_apres_le_jour_d_une_relance_attend_la_suivante(saisine: Saisine) -> None:
    arrivee = fabriques.mandat(saisine.instance, role="MEMBRE", du=matin(ECHEANCE - 20 * UN_JOUR))
    relancer(now=matin(ECHEANCE - 19 * UN_JOUR))
    assert not Envoi.objects.filter(destinataire=arrivee.utilisateur).exists()
    relancer(now=matin(ECHEANCE - 7 * UN_JOUR))
    assert Envoi.objects.filter(destinataire=arrivee.utilisateur).count() == 1


# --- les trois niveaux ------------------------------------------------------------------------------------------------
def regler(saisine: Saisine, niveau: str) -> None:
    personne = saisine.instance.mandats.get(utilisateur__email="membre@exemple.invalid").utilisateur
    regler_les_messages(personne=personne, niveau=niveau, now=TRANSMISE_LE)
    regler_les_messages(adresse="Conseil@exemple.invalid", niveau=niveau, now=TRANSMISE_LE)


def test_l_essentiel_ne_recoit_aucun_rappel(saisine: Saisine) -> None:
    regler(saisine, Niveau.ESSENTIEL)
    passer(saisine, 40, 0)
    assert {qui for qui, _ in postees()} == {"presidente"}


def test_le_resume_tient_en_un_courriel_par_semaine_toutes_instances_reunies(saisine: Saisine) -> None:
    regler(saisine, Niveau.RESUME)
    autre = fabriques.saisine(consultation_=saisine.consultation)
    fabriques.mandat(
        autre.instance, par=saisine.instance.mandats.get(utilisateur__email="membre@exemple.invalid").utilisateur
    )
    passer(saisine, 40, 0)
    recus = Envoi.objects.filter(adresse="membre@exemple.invalid").order_by("cree_le")
    assert [(e.evenement, e.occurrence) for e in recus] == [
        (RESUME, "2025-09-29"), (RESUME, "2025-10-20"), (RESUME, "2025-10-27"),
    ]  # fmt: skip
    dernier = recus.latest("cree_le")
    assert dernier.sujet == "Votre semaine : 2 avis attendus"
    assert str(saisine.instance) in dernier.texte
    assert str(autre.instance) in dernier.texte


def test_un_resume_qui_n_a_plus_rien_a_dire_ne_part_pas(saisine: Saisine) -> None:
    regler(saisine, Niveau.RESUME)
    lundi = matin(date(2025, 10, 27))
    assert relancer(now=lundi) == 3, "deux résumés, et la relance de la présidente"
    fabriques.avis(saisine)
    relancer(now=lundi + SECONDE)
    assert vider_la_boite(now=lundi + SECONDE) == 0


def test_les_requetes_sont_constantes(saisine: Saisine) -> None:
    def requetes() -> int:
        with CaptureQueriesContext(connection) as vues:
            relancer(now=matin(ECHEANCE - UN_JOUR))
        return len(vues)

    relancer(now=matin(ECHEANCE - UN_JOUR))
    avant = requetes()
    for _ in range(5):
        fabriques.saisine(consultation_=saisine.consultation)
    relancer(now=matin(ECHEANCE - UN_JOUR))
    assert requetes() == avant
    assert avant <= 10

"""Reçu autrement : compte la réception par l'agglomération, non la saisie (règle 11)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from consultations.actions.reception import AvisRecu, completer_avis, inscrire_avis_recu
from consultations.actions.silence import acter_silences
from consultations.etats import Etat, Sens
from consultations.models import Avis, Contribution, Saisine
from consultations.queries import etats
from consultations.saisies import SaisieSeance
from participation.common.dates import PARIS
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests import fabriques

pytestmark = pytest.mark.django_db
DERNIER_JOUR_16H20 = datetime(2025, 10, 30, 16, 20, tzinfo=PARIS)
QUATRE_JOURS_APRES = datetime(2025, 11, 3, 9, 0, tzinfo=PARIS)
MOTIF = "Papier remis à l'accueil, tamponné."


@pytest.fixture
def saisine() -> Saisine:
    return fabriques.saisine()


def saisir(saisine: Saisine, par: Utilisateur | None = None, cle: UUID | None = None, **autres: Any) -> Any:
    recu = AvisRecu(
        **{"sens": Sens.DEFAVORABLE, "texte": "Non.", "canal": "ACCUEIL", "recu_le": DERNIER_JOUR_16H20, "motif": MOTIF}
        | autres
    )
    return inscrire_avis_recu(
        saisine=saisine,
        recu=recu,
        piece=fabriques.piece(),
        remplace=None,
        cle=cle or uuid4(),
        par=par or fabriques.agent(),
        now=QUATRE_JOURS_APRES,
    )


def test_un_papier_recu_le_dernier_jour_remplace_le_silence_et_les_deux_restent_au_registre(saisine: Saisine) -> None:
    acter_silences(now=saisine.borne)
    avis = saisir(saisine)
    assert isinstance(avis, Avis)
    assert avis.remplace is not None
    assert avis.remplace.is_silence
    assert (avis.recu_le, avis.inscrit_le) == (DERNIER_JOUR_16H20, QUATRE_JOURS_APRES)
    assert etats(Saisine.objects.all(), QUATRE_JOURS_APRES).get().etat == Etat.DEFAVORABLE
    actes = list(Entree.objects.filter(acte__in=["silence_constate", "avis_recu"]).values_list("acte", flat=True))
    assert actes == ["silence_constate", "avis_recu"]
    assert verifier().is_intact


def test_un_papier_du_lendemain_est_tardif_et_le_silence_tient(saisine: Saisine) -> None:
    acter_silences(now=saisine.borne)
    recu = saisir(saisine, recu_le=saisine.borne)
    assert isinstance(recu, Contribution)
    assert recu.type == "TARDIF"
    assert etats(Saisine.objects.all(), QUATRE_JOURS_APRES).get().etat == Etat.REPUTE_FAVORABLE


def test_la_lettre_d_un_maire_sans_deliberation_est_gardee_comme_une_lettre() -> None:
    saisine = fabriques.saisine(instance_=fabriques.conseil_municipal())
    with pytest.raises(RefusMetier, match="lettre sans délibération"):
        saisir(saisine)
    lettre = saisir(saisine, is_courrier=True)
    assert isinstance(lettre, Contribution)
    assert lettre.type == "COURRIER"
    votee = saisir(saisine, seance=SaisieSeance(date(2025, 10, 20), 20, 1, 0))
    assert votee.date_legale == date(2025, 10, 20)


@pytest.mark.parametrize(
    "autres",
    [
        {"motif": ""},
        {"canal": "PLATEFORME"},
        {"canal": "SILENCE"},
        {"sens": "REPUTE_FAVORABLE"},
        {"recu_le": datetime(2025, 6, 1, tzinfo=PARIS)},
        {"recu_le": datetime(2025, 12, 1, tzinfo=PARIS)},
    ],
)
def test_sans_preuve_motif_ou_date_possible_rien_ne_s_inscrit(saisine: Saisine, autres: dict[str, Any]) -> None:
    with pytest.raises(RefusMetier) as refus:
        saisir(saisine, **autres)
    assert refus.value.statut == 422
    assert not Avis.objects.exists()
    assert not Contribution.objects.exists()


def test_mairie_presidente_et_administrateur_ne_saisissent_pas(saisine: Saisine) -> None:
    presidente = fabriques.mandat(saisine.instance).utilisateur
    for personne in (presidente, fabriques.utilisateur(is_superuser=True, is_staff=True)):
        with pytest.raises(RefusMetier) as refus:
            saisir(saisine, par=personne)
        assert refus.value.statut == 403


def test_la_meme_cle_n_inscrit_qu_une_fois(saisine: Saisine) -> None:
    cle = uuid4()
    assert saisir(saisine, cle=cle) == saisir(saisine, cle=cle)
    tardive = uuid4()
    assert saisir(saisine, cle=tardive, recu_le=saisine.borne) == saisir(saisine, cle=tardive, recu_le=saisine.borne)
    assert (Avis.objects.count(), Contribution.objects.count()) == (1, 1)


def test_un_avis_deja_depose_ne_s_ecrase_pas_en_silence(saisine: Saisine) -> None:
    depose = fabriques.avis(saisine)
    with pytest.raises(RefusMetier) as refus:
        saisir(saisine)
    assert (refus.value.statut, refus.value.donnees["en_vigueur"]) == (409, depose)


@pytest.mark.parametrize(("champ", "dit"), [("remplacee_le", "transmis de nouveau"), ("retiree_le", "retirée")])
def test_une_saisine_qui_n_est_plus_due_ne_prend_que_ce_qui_est_arrive_avant(
    saisine: Saisine, champ: str, dit: str
) -> None:
    """Remplacée (règle 1) ou retirée (règle 22) le 15 octobre : à cet instant exact, c'est déjà trop tard."""
    fin = datetime(2025, 10, 15, 9, 0, tzinfo=PARIS)
    Saisine.objects.filter(pk=saisine.pk).update(**{champ: fin})
    with pytest.raises(RefusMetier, match=dit) as refus:
        saisir(saisine, recu_le=fin)
    assert refus.value.code == "conflit"
    assert not Avis.objects.exists()
    assert isinstance(saisir(saisine, recu_le=fin - timedelta(microseconds=1)), Avis)


def test_apres_un_retrait_une_lettre_reste_gardee_comme_lettre(saisine: Saisine) -> None:
    Saisine.objects.filter(pk=saisine.pk).update(retiree_le=saisine.transmise_le)
    assert isinstance(saisir(saisine, is_courrier=True), Contribution)
    assert etats(Saisine.objects.all(), QUATRE_JOURS_APRES).get().etat == Etat.SANS_OBJET


def test_un_complement_ne_change_ni_le_sens_ni_le_texte(now: datetime) -> None:
    avis = fabriques.avis(fabriques.saisine(instance_=fabriques.conseil_municipal()))
    mairie = fabriques.mandat(avis.saisine.instance).utilisateur
    complement = completer_avis(
        avis=avis, deliberation="2025-112", prefecture_le=date(2025, 9, 14), piece=None, par=mairie, now=now
    )
    empreinte = avis.empreinte
    avis.refresh_from_db()
    assert (avis.empreinte, complement.deliberation) == (empreinte, "2025-112")
    with pytest.raises(RefusMetier):
        completer_avis(
            avis=avis, deliberation="", prefecture_le=None, piece=None, par=mairie, now=now + timedelta(days=1)
        )

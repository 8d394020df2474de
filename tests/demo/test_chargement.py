"""Charger la démonstration : des actes datés, joués une fois, à toute heure du site."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from consultations.etats import Etat
from consultations.models import Avis, Consultation, Saisine
from consultations.queries import saisines_de
from participation.common.dates import PARIS, jour_a_paris
from participation.comptes.models import Utilisateur
from participation.demo import actes, actions
from participation.demo.models import ActeJoue
from participation.notifications.models import Envoi
from participation.registre.actions import verifier
from participation.registre.models import Entree
from tests.demo.conftest import DIX_SECONDES_AVANT

Charger = Callable[..., list[str]]
REELLES = {"bethune", "beuvry", "bruay-la-buissiere", "divion"}
REELLES |= {"conseil-citoyen-du-mont-liebaut", "conseil-citoyen-du-centre"}


def etats_de(slug: str, now: datetime) -> dict[str, Etat]:
    """L'état de chaque instance, par son adresse."""
    saisines = saisines_de(Consultation.objects.get(slug=slug), now)
    return {s.instance.slug: Etat(vars(s)["etat"]) for s in saisines}


def test_les_actes_ont_chacun_leur_nom_et_sont_dans_l_ordre() -> None:
    tous = actes.liste(DIX_SECONDES_AVANT)
    assert max(Counter(a.nom for a in tous).values()) == 1
    assert [a.instant for a in tous] == sorted(a.instant for a in tous)


def test_recharger_ne_joue_rien_deux_fois(charger: Charger) -> None:
    premiers = charger()
    compte = (Avis.objects.count(), Entree.objects.count(), Envoi.objects.count(), Utilisateur.objects.count())
    assert len(premiers) > 20
    assert charger() == []
    assert compte == (
        Avis.objects.count(), Entree.objects.count(), Envoi.objects.count(), Utilisateur.objects.count()
    )  # fmt: skip


def test_un_chargement_interrompu_reprend_ou_il_en_etait(charger: Charger, monkeypatch: pytest.MonkeyPatch) -> None:
    def casser(now: datetime) -> None:
        raise OSError("coupure")

    vrais = actes.liste(DIX_SECONDES_AVANT)
    casses = [actes.Acte(a.instant, a.nom, casser) if n == 12 else a for n, a in enumerate(vrais)]
    monkeypatch.setattr(actions, "liste", lambda origine: casses)
    with pytest.raises(OSError, match="coupure"):
        charger()
    assert not ActeJoue.objects.filter(nom=casses[12].nom).exists()
    monkeypatch.setattr(actions, "liste", lambda origine: vrais)
    assert charger()[0] == vrais[12].nom


def test_aucun_avis_n_est_prete_a_une_instance_reelle(charger: Charger) -> None:
    charger(datetime(2026, 11, 22, 9, tzinfo=PARIS))
    reels = Avis.objects.filter(saisine__instance__is_fictif=False)
    assert set(reels.values_list("sens", flat=True)) == {"REPUTE_FAVORABLE"}
    assert not Saisine.objects.filter(
        consultation__slug="rapport-2023-demonstration", instance__is_fictif=False
    ).exists()
    exprimes = Avis.objects.exclude(sens="REPUTE_FAVORABLE")
    assert all(a.texte.startswith("Avis inventé pour la démonstration") for a in exprimes)


@pytest.mark.parametrize(
    "jour", [datetime(2025, 3, 2, 8, tzinfo=PARIS), datetime(2026, 11, 22, 23, 59, 59, tzinfo=PARIS)]
)
def test_la_consultation_ouverte_part_du_premier_chargement(charger: Charger, jour: datetime) -> None:
    charger(jour)
    consultation = Consultation.objects.get(slug="rapport-2024-demonstration")
    assert consultation.echeance == jour_a_paris(jour) + timedelta(days=12)
    charger(jour + timedelta(days=2))
    consultation.refresh_from_db()
    assert consultation.echeance == jour_a_paris(jour) + timedelta(days=12)
    assert Etat.EN_ATTENTE in etats_de(consultation.slug, jour).values()


def test_charge_apres_coup_le_silence_est_inscrit_a_l_echeance(charger: Charger) -> None:
    charger(datetime(2026, 11, 22, 9, tzinfo=PARIS))
    silences = Avis.objects.filter(saisine__consultation__slug="rapport-2024", sens="REPUTE_FAVORABLE")
    assert silences.count() == 10
    assert set(silences.values_list("date_legale", flat=True)) == {date(2025, 10, 30)}
    assert set(silences.values_list("inscrit_le", flat=True)) == {datetime(2025, 10, 31, tzinfo=PARIS)}


@pytest.mark.parametrize("jour", [datetime(2025, 6, 16, 9, tzinfo=PARIS), datetime(2026, 11, 22, 9, tzinfo=PARIS)])
def test_aucun_acte_du_monde_n_est_refuse(charger: Charger, jour: datetime) -> None:
    """Chargé au début de l'année ou après elle, puis mené jusqu'à sa fin : tout ce qui est prévu a lieu."""
    charger(jour)
    charger(datetime(2026, 12, 31, tzinfo=PARIS))
    assert ActeJoue.objects.count() == len(actes.liste(jour)) + 1  # et la marque du premier chargement
    assert list(ActeJoue.objects.exclude(refus="").values_list("nom", "refus")) == []
    assert verifier().constats == []


def test_la_commande_refuse_hors_demonstration(db: None, site: Settings) -> None:
    site.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo", verbosity=0)
    assert not ActeJoue.objects.exists()


def test_la_page_vit_avant_tout_chargement(db: None, site: Settings, client: Client) -> None:
    assert "python manage.py demo" in client.get("/demo/").text
    assert client.post("/demo/connexion/agent/").status_code == 503

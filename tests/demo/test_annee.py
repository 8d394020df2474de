"""« Une année en trois minutes » : le cas de référence joué sur ses vraies dates, en avançant seulement."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from consultations.actions.actes import preparer_acte, signer_acte
from consultations.etats import Etat
from consultations.models import Acte, Avis, Consultation, Contribution, Saisine
from consultations.queries import etiquettes, saisines_de
from participation.common.dates import PARIS, garder_reference, maintenant, reference
from participation.demo import annee, avance
from participation.demo.actions import jouer_les_actes
from participation.demo.models import ActeJoue
from participation.demo.monde.outils import tenu_par
from participation.demo.monde.rapport_2024 import SLUG
from participation.notifications.models import Envoi
from participation.registre.models import Entree

DEPART = annee.JALONS[0].instant
FIN = annee.JALONS[-1].instant
JOURS = [date(2025, 6, 16), date(2025, 6, 24), date(2025, 6, 27), date(2025, 6, 30), date(2025, 10, 31)]
PAPIER = "commune-de-demonstration-2"
RETARD = "conseil-citoyen-de-demonstration-5"


@pytest.fixture
def depart(db: None, site: Settings) -> datetime:
    """Le site comme `make annee` le laisse : chargé, à l'écoute depuis le 16 juin 2025 à 9 h."""
    site.MAINTENANT = DEPART
    jouer_les_actes(now=DEPART)
    garder_reference(DEPART)
    return DEPART


def aller(client: Client, instant: datetime) -> int:
    """Avance le site par sa page ; rend le code de la réponse."""
    return client.post("/demo/horloge/", {"instant": instant.isoformat()}).status_code


def lue(slug: str, now: datetime) -> tuple[Etat, tuple[str, ...]]:
    """L'état et les étiquettes d'une instance dans le cas de référence."""
    saisine = saisines_de(Consultation.objects.get(slug=SLUG), now).get(instance__slug=slug)
    etat = Etat(vars(saisine)["etat"])
    return etat, etiquettes(saisine, etat, now)


def test_les_six_dates_sont_celles_des_sources(racine: Path) -> None:
    """`procedure_2024` vient de la délibération ; la dernière date, inventée, suit l'échéance de J+1 à J+5 ouvrés."""
    texte = (racine / "participation/demo/donnees/territoire.json").read_text()
    procedure = json.loads(texte)["procedure_2024"]
    noms = ("commission_avis", "conseil_communautaire", "publication", "transmission")
    attendus = [date.fromisoformat(procedure[nom]) for nom in noms]
    echeance = date.fromisoformat(procedure["echeance_avis"])
    assert [j.instant.date() for j in annee.JALONS[:5]] == [*attendus, echeance + timedelta(days=1)] == JOURS
    assert datetime(2025, 10, 31, tzinfo=PARIS) == annee.MINUIT
    assert echeance + timedelta(days=1) <= FIN.date() <= date(2025, 11, 6)  # le 1er novembre tombe un samedi


def test_le_circuit_se_date_etape_par_etape(depart: datetime, client: Client) -> None:
    consultation = Consultation.objects.get(slug=SLUG)
    assert [(e.code, e.date) for e in consultation.etapes.all()] == [("COMMISSION", date(2025, 6, 16))]
    assert (consultation.arrete_le, consultation.publie_le, consultation.transmise_le) == (None, None, None)
    assert aller(client, annee.JALONS[1].instant) == 303
    consultation.refresh_from_db()
    assert (consultation.arrete_le, consultation.publie_le) == (date(2025, 6, 24), None)
    assert aller(client, annee.JALONS[2].instant) == 303
    consultation.refresh_from_db()
    assert (consultation.publie_le, consultation.transmise_le) == (date(2025, 6, 27), None)
    assert client.get(f"/consultations/{SLUG}/").status_code == 404
    assert aller(client, annee.JALONS[3].instant) == 303
    consultation.refresh_from_db()
    assert consultation.transmise_le == datetime(2025, 6, 30, 10, tzinfo=PARIS)
    assert client.get(f"/consultations/{SLUG}/").status_code == 200


def test_un_seul_saut_date_chaque_chose_a_son_heure(depart: datetime, client: Client) -> None:
    """De juin au procès-verbal d'un coup : remises, silences et rappels portent leur date, pas celle de l'arrivée."""
    assert aller(client, FIN) == 303
    assert FIN <= maintenant() < FIN + timedelta(minutes=5)
    reelle = Saisine.objects.get(consultation__slug=SLUG, instance__slug="bethune")
    preuve = reelle.preuves.earliest("remis_le")
    assert reelle.transmise_le <= preuve.remis_le < reelle.transmise_le + timedelta(minutes=1)
    assert preuve.inscrite_le - preuve.remis_le < timedelta(hours=72, minutes=2)
    silences = Avis.objects.filter(saisine__consultation__slug=SLUG, sens="REPUTE_FAVORABLE")
    assert set(silences.values_list("inscrit_le", flat=True)) == {annee.MINUIT}
    assert silences.count() == 10
    rappel = Envoi.objects.get(evenement="rappel_proces_verbal")  # la consultation d'essai, que personne n'a close
    assert rappel.cree_le == datetime(2025, 7, 4, 8, tzinfo=PARIS)
    inscrits = list(Entree.objects.order_by("n").values_list("inscrit_le", flat=True))
    assert inscrits == sorted(inscrits)


def test_le_courrier_verifie_puis_le_proces_verbal(depart: datetime, client: Client) -> None:
    """Règles 3 bis et 11 : le papier reçu à temps remplace le silence, le retardataire ne change rien."""
    aller(client, annee.MINUIT)
    for slug in ("bethune", PAPIER, RETARD):
        assert lue(slug, annee.MINUIT) == (Etat.REPUTE_FAVORABLE, ("Vérification du courrier en cours",))
    clotures = Envoi.objects.filter(
        evenement="cloture", objet_id__in=Saisine.objects.filter(consultation__slug=SLUG).values("pk")
    )
    assert not clotures.exists()
    assert aller(client, FIN) == 303
    assert lue("bethune", FIN) == (Etat.REPUTE_FAVORABLE, ())
    assert lue(PAPIER, FIN) == (Etat.FAVORABLE_OBSERVATIONS, ())
    assert lue(RETARD, FIN) == (Etat.REPUTE_FAVORABLE, ("Reçu hors délai",))
    avis = Avis.objects.get(saisine__consultation__slug=SLUG, saisine__instance__slug=PAPIER, version=1)
    assert (avis.recu_le, avis.inscrit_le) == (
        datetime(2025, 10, 30, 16, 20, tzinfo=PARIS), datetime(2025, 11, 3, 10, 20, tzinfo=PARIS)
    )  # fmt: skip
    assert avis.remplace is not None
    assert avis.remplace.sens == "REPUTE_FAVORABLE"
    assert Contribution.objects.get().type == "TARDIF"
    acte = Acte.objects.get(consultation__slug=SLUG, type="PROCES_VERBAL")
    assert acte.signe_le == datetime(2025, 11, 5, 10, tzinfo=PARIS)
    prevenues = set(clotures.filter(cree_le=acte.signe_le).values_list("objet_id", flat=True))
    assert len(prevenues) == 15  # ni la non installée, ni les deux sans courriel


def test_la_page_dit_ou_l_on_en_est_et_ne_propose_que_l_avenir(depart: datetime, client: Client) -> None:
    avant = client.get("/demo/")
    assert avant.context["annee"].position == 0
    assert "Aller au 24 juin" in avant.text
    assert 'type="range"' in avant.text
    assert "make annee" not in avant.text
    assert client.post("/demo/horloge/", {"etape": "3", "curseur": "1"})["Location"] == "/demo/#l-heure"
    apres = client.get("/demo/")
    assert [e.etat for e in apres.context["annee"].etapes] == ["faite"] * 3 + ["encours"] + ["avenir"] * 2
    assert "Aller au 24 juin" not in apres.text
    assert "La signataire signe la transmission" in apres.text
    assert f'href="/consultations/{SLUG}/"' in apres.text
    client.post("/demo/horloge/", {"etape": "5"})
    assert "L’année est finie" in client.get("/demo/").text


@pytest.mark.parametrize("etape", ["-1", "6", "x", "", "0"])
def test_une_date_hors_de_l_annee_ou_passee_est_refusee(depart: datetime, client: Client, etape: str) -> None:
    assert client.post("/demo/horloge/", {"etape": etape}).status_code == 422
    assert maintenant() < DEPART + timedelta(minutes=5)


def test_partie_apres_l_annee_la_page_dit_comment_la_revoir(db: None, site: Settings, client: Client) -> None:
    tard = datetime(2026, 11, 22, 9, tzinfo=PARIS)
    site.MAINTENANT = tard
    jouer_les_actes(now=tard)
    page = client.get("/demo/")
    assert page.context["annee"] is None
    assert "make annee" in page.text


def test_qui_devance_un_acte_ne_bloque_pas_l_annee(depart: datetime, client: Client) -> None:
    """La signataire transmet dès le 28 juin, sur sa page : l'acte prévu le 30 est refusé, dit, et l'année continue."""
    tot = datetime(2025, 6, 28, 9, tzinfo=PARIS)
    aller(client, tot)
    consultation = Consultation.objects.get(slug=SLUG)
    prepare = preparer_acte(
        consultation=consultation, type="TRANSMISSION", parametres={}, par=tenu_par("agent"), now=tot
    )  # fmt: skip
    signer_acte(prepare=prepare, par=tenu_par("signataire"), now=tot)
    assert aller(client, FIN) == 303
    refuses = dict(ActeJoue.objects.exclude(refus="").values_list("nom", "refus"))
    assert refuses == {f"{SLUG}-transmission": "Ce projet est déjà transmis."}
    assert "N’a pas eu lieu" in client.get("/demo/").text
    assert Acte.objects.filter(consultation=consultation, type="PROCES_VERBAL").exists()


@pytest.mark.django_db(transaction=True)
def test_deux_avances_ensemble_une_seule_joue(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deux clics au même instant : l'un avance, l'autre est refusé par une phrase, et rien n'a lieu deux fois."""
    site.MAINTENANT = DEPART
    jouer_les_actes(now=DEPART)
    garder_reference(DEPART)
    joues: list[datetime] = []

    def compter(*, now: datetime, depuis: datetime) -> list[str]:
        joues.append(now)
        return jouer_les_actes(now=now, depuis=depuis)

    monkeypatch.setattr(avance, "jouer_les_actes", compter)

    def cliquer(_: int) -> int:
        try:
            return aller(Client(), annee.JALONS[3].instant)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as ouvriers:
        assert sorted(ouvriers.map(cliquer, range(2))) == [303, 422]
    assert len(joues) == 1
    assert Saisine.objects.filter(consultation__slug=SLUG).count() == 18
    couple = reference()
    assert couple is not None
    assert couple[0] == annee.JALONS[3].instant

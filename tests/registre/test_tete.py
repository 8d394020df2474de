"""Le registre hors de la machine : une tête par jour, et ce qu'elle seule fait voir (R7)."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from consultations.actions.tete import envoyer_la_tete
from participation.common.dates import PARIS
from participation.config.settings import _adresse
from participation.notifications.models import Envoi
from participation.registre import declencheurs
from participation.registre.actions import inscrire
from participation.registre.chaine import empreinte_d_entree
from participation.registre.models import Entree, Sel
from participation.registre.queries import tete
from tests import fabriques

GREFFE = "Greffe@exemple.invalid"
VEILLE = datetime(2025, 10, 30, 23, 59, 59, tzinfo=PARIS)
en_base = pytest.mark.django_db


@pytest.fixture
def entrees(settings: Settings, db: None) -> list[Entree]:
    """Trois actes inscrits, et une adresse réglée."""
    settings.TETE_DU_REGISTRE_A = GREFFE
    saisines = [fabriques.saisine() for _ in range(3)]
    return [inscrire(acte="saisine_transmise", objet=s, dossier=None, now=s.transmise_le) for s in saisines]


def test_elle_part_une_fois_par_jour_de_paris(entrees: list[Entree]) -> None:
    battements = [VEILLE, VEILLE, VEILLE + timedelta(seconds=1), VEILLE + timedelta(hours=23)]
    assert [envoyer_la_tete(now=now) for now in battements] == [1, 0, 1, 0]
    assert list(Envoi.objects.order_by("cree_le").values_list("occurrence", flat=True)) == ["2025-10-30", "2025-10-31"]
    envoi = Envoi.objects.order_by("cree_le")[0]
    assert envoi.adresse == GREFFE.lower()
    assert f"{entrees[-1].n}:{entrees[-1].empreinte}" in envoi.texte
    assert "n° 3" in envoi.sujet


def test_une_machine_arretee_deux_jours_n_en_envoie_qu_une_en_repartant(entrees: list[Entree]) -> None:
    assert envoyer_la_tete(now=VEILLE) == 1
    assert [envoyer_la_tete(now=VEILLE + timedelta(days=n)) for n in (3, 3)] == [1, 0]


@en_base
def test_sans_adresse_ou_sans_acte_rien_ne_part(settings: Settings) -> None:
    settings.TETE_DU_REGISTRE_A = GREFFE
    assert envoyer_la_tete(now=VEILLE) == 0
    saisine = fabriques.saisine()
    inscrire(acte="saisine_transmise", objet=saisine, dossier=None, now=saisine.transmise_le)
    settings.TETE_DU_REGISTRE_A = ""
    assert envoyer_la_tete(now=VEILLE) == 0
    assert not Envoi.objects.exists()


def test_l_horloge_la_porte(settings: Settings) -> None:
    assert "consultations.actions.tete.envoyer_la_tete" in settings.HORLOGE


def test_une_adresse_mal_ecrite_arrete_le_demarrage() -> None:
    assert _adresse("TETE_DU_REGISTRE_A", "") == ""
    with pytest.raises(ValueError, match="TETE_DU_REGISTRE_A"):
        _adresse("TETE_DU_REGISTRE_A", "greffe at exemple")


def verifier(note: str) -> tuple[int, str]:
    """`manage.py verifier_registre --tete` : (code de sortie, ce qu'il dit)."""
    sortie = StringIO()
    try:
        call_command("verifier_registre", tete=note, stdout=sortie)
    except SystemExit as fin:
        return int(str(fin.code)), sortie.getvalue()
    return 0, sortie.getvalue()


def test_une_queue_coupee_est_vue_par_la_tete_notee_et_par_elle_seule(entrees: list[Entree]) -> None:
    note = f"{entrees[2].n}:{entrees[2].empreinte}"
    assert verifier(note)[0] == 0
    declencheurs.retirer(connection)
    Sel.objects.filter(entree=3).delete()
    Entree.objects.filter(n=3)._raw_delete("default")  # type: ignore[attr-defined]
    assert verifier("")[0] == 0
    code, dit = verifier(note)
    assert (code, "entrée n° 3 : la tête notée n'est plus au registre : il a été coupé." in dit) == (1, True)


def test_un_registre_recrit_en_entier_est_vu_par_la_tete_notee_et_par_elle_seule(entrees: list[Entree]) -> None:
    """Qui tient la base refait l'entrée 2 et toute la suite : la chaîne est juste, mais ce n'est plus la même."""
    note = f"{entrees[2].n}:{entrees[2].empreinte}"
    declencheurs.retirer(connection)
    precedent = entrees[0].empreinte
    for entree in Entree.objects.filter(n__gte=2).order_by("n"):
        champs = {c: getattr(entree, c) for c in ("n", "inscrit_le", "acte", "objet", "objet_id", "dossier", "contenu")}
        champs |= {"instant": entree.instant - timedelta(days=1), "precedent": precedent}
        precedent = empreinte_d_entree(champs)
        Entree.objects.filter(n=entree.n).update(**champs, empreinte=precedent)
    derniere = tete()
    assert derniere
    assert verifier("")[0] == 0
    assert verifier(f"3:{derniere.empreinte}")[0] == 0
    code, dit = verifier(note)
    assert (code, "le registre a été récrit" in dit) == (1, True)

"""Les couleurs d'une autre agglomération, même pâles ou criardes : chaque texte se lit encore, de jour et de nuit."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.outillage.navigateur import Ecran, surveiller, violations
from tests.outillage.processus import Atelier, Serveur
from tests.parcours.conftest import MAINTENANT

PAGES = ("/", "/comprendre/", "/consultations/rapport-2024/", "/registre/", "/compte/login/", "/page-absente/")
CHANGER = """
from participation.territoires.models import Epci
Epci.objects.update(couleur_action="#7fe3c4", couleur_fond_fort="#5a1e6b", couleur_accent="#ff5fa2", decor="aucun",
    nom_plateforme="La place", nom_court="Le Grand Lac")
"""


@pytest.fixture
def ailleurs(atelier: Atelier) -> Iterator[Serveur]:
    """Le site d'une agglomération qui a choisi trois couleurs difficiles."""
    dossier = atelier.demonstration(maintenant=MAINTENANT)
    dossier.python(CHANGER)
    serveur = Serveur(dossier).demarrer()
    yield serveur
    serveur.arreter()


def test_les_contrastes_tiennent_avec_d_autres_couleurs(browser: Browser, ailleurs: Serveur) -> None:
    reproches = []
    for ecran in (Ecran(390, "light"), Ecran(1280, "dark")):
        contexte = browser.new_context(base_url=ailleurs.adresse, **ecran.contexte())
        page = contexte.new_page()
        fautes = surveiller(page)
        for adresse in PAGES:
            page.goto(adresse)
            assert page.locator(".scene").count() == 0
            reproches += [f"{adresse} {ecran.theme} : {violation}" for violation in violations(page)]
        reproches += fautes
        contexte.close()
    assert reproches == []

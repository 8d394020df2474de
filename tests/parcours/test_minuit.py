"""Minuit sous vos yeux : la page ouverte avant l'échéance, rechargée après, sans que personne ne relance rien."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.outillage.navigateur import Ecran, surveiller
from tests.outillage.processus import Dossier, Serveur

VINGT_SECONDES_AVANT = "2025-10-30T23:59:40+01:00"
CONSULTATION = "/consultations/rapport-2024/"
MUETTES = 10  # six instances réelles, trois de démonstration, et celle dont le papier n’est pas encore saisi
ATTENTE = 40_000  # millisecondes : minuit vient en vingt secondes, la machine peut être lente


@pytest.fixture
def ouvrir(browser: Browser) -> Iterator[Callable[[Serveur], Page]]:
    """Une page surveillée sur ce serveur."""
    contextes: list[BrowserContext] = []
    fautes: list[list[str]] = []

    def neuve(serveur: Serveur) -> Page:
        contextes.append(browser.new_context(base_url=serveur.adresse, **Ecran(390).contexte()))
        page = contextes[-1].new_page()
        fautes.append(surveiller(page))
        return page

    yield neuve
    for contexte in contextes:
        contexte.close()
    assert not [faute for liste in fautes for faute in liste]


def test_a_minuit_la_page_passe_d_en_attente_a_repute_favorable_horloge_tuee_ou_non(
    dossier_demo: Callable[..., Dossier], serveur: Callable[..., Serveur], ouvrir: Callable[[Serveur], Page]
) -> None:
    """Deux serveurs à la même heure : l'un bat, l'autre a son horloge tuée. Le droit et l'écran sont les mêmes."""
    sites = [
        serveur(dossier_demo(maintenant=VINGT_SECONDES_AVANT), HORLOGE_PAS=pas) for pas in ("0", "1")
    ]  # fmt: skip
    pages = [ouvrir(site) for site in sites]
    for page in pages:
        page.goto(CONSULTATION)
        page.evaluate("() => { window.ouverteAvant = true }")
        assert sens(page) == {"EN_ATTENTE": MUETTES}
        assert etats(page, "attente")
        assert etats(page, "repute") == 0
    for page in pages:
        expect(page.locator("main")).to_contain_text("C’est terminé. Rechargez la page", timeout=ATTENTE)
        assert page.evaluate("() => window.ouverteAvant"), "la page s'est rechargée seule"
        page.reload()
        assert sens(page) == {"REPUTE_FAVORABLE": MUETTES}
        assert etats(page, "attente") == 0
        assert etats(page, "repute")
        page.goto(f"{CONSULTATION}instances/")
        assert etats(page, "repute") == MUETTES
        expect(page.get_by_text("Vérification du courrier en cours")).to_have_count(MUETTES)
    morte, vive = (site.sante()["horloge"] for site in sites)
    assert morte != vive, (morte, vive)


def sens(page: Page) -> dict[str, int]:
    """Combien d'instances attendent, combien sont réputées favorables, d'après les données ouvertes."""
    lignes = page.request.get(f"{CONSULTATION}avis.json").json()
    lus = [ligne["AVIS_SENS"] for ligne in lignes]
    return {code: n for code in ("EN_ATTENTE", "REPUTE_FAVORABLE") if (n := lus.count(code))}


def etats(page: Page, code: str) -> int:
    """Combien de cartes d'instance portent cet état."""
    return page.locator(f'main .instance[data-etat="{code}"]').count()

"""Les parcours au navigateur : le vrai serveur, le vrai Chromium. Rien ne touche la base : tout passe par les pages."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.outillage.navigateur import OPTIONS, Ecran, entrer, surveiller
from tests.outillage.processus import Atelier, Dossier, Serveur
from tests.parcours.mesures import ANONYME
from tests.parcours.monde import completer

MAINTENANT = "2025-09-15T10:00:00+02:00"
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Le Chromium du système ; absent, chaque parcours est compté comme sauté."""
    chemin = next((c for n in ("chromium", "chromium-browser", "google-chrome") if (c := shutil.which(n))), None)
    if chemin is None:
        pytest.skip("Chromium n'est pas installé")
    return {"executable_path": chemin, "args": OPTIONS}


@pytest.fixture(scope="session")
def dossier_des_parcours(atelier: Atelier) -> Dossier:
    """La démonstration, le 15 septembre 2025 à 10 h : la consultation réelle est ouverte."""
    return atelier.demonstration(maintenant=MAINTENANT)


@pytest.fixture(scope="session")
def reperes(dossier_des_parcours: Dossier) -> dict[str, str]:
    """Les adresses des objets à visiter, par leur nom."""
    return completer(dossier_des_parcours)


@pytest.fixture(scope="session")
def site(dossier_des_parcours: Dossier, reperes: dict[str, str]) -> Iterator[Serveur]:
    """Le serveur commun des parcours qui lisent ; un parcours qui change le monde prend le sien (`serveur`)."""
    serveur = Serveur(dossier_des_parcours).demarrer()
    yield serveur
    serveur.arreter()


@pytest.fixture(scope="session")
def base_url(site: Serveur) -> str:
    """Les adresses courtes des parcours partent du site commun."""
    return site.adresse


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Un téléphone français, sans mouvement : les animations ne comptent pas dans les mesures."""
    return browser_context_args | Ecran().contexte()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Une page surveillée : une erreur de script, de console ou de politique de contenu fait échouer le parcours."""
    page = context.new_page()
    fautes = surveiller(page)
    yield page
    assert not fautes, "\n".join(fautes)


@pytest.fixture
def ouvrir(browser: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    """`ouvrir(Ecran(1280, "dark"), "agent")` : une page surveillée dans ce réglage, entrée sous ce rôle."""
    contextes: list[BrowserContext] = []
    fautes: list[list[str]] = []

    def neuve(ecran: Ecran, role: str = ANONYME) -> Page:
        contextes.append(browser.new_context(base_url=base_url, **ecran.contexte()))
        page = contextes[-1].new_page()
        fautes.append(surveiller(page))
        if role != ANONYME:
            entrer(page, role)
        return page

    yield neuve
    for contexte in contextes:
        contexte.close()
    assert not [f for liste in fautes for f in liste]


@pytest.fixture
def capture(request: pytest.FixtureRequest) -> Callable[[Page, str], Path | None]:
    """`capture(page, "accueil-390")` : garde l'image si CAPTURES nomme un dossier, ne fait rien sinon."""

    def prendre(page: Page, nom: str) -> Path | None:
        if not (dossier := os.environ.get("CAPTURES")):
            return None
        chemin = Path(dossier) / f"{nom}.png"
        page.screenshot(path=chemin, full_page=True)
        return chemin

    return prendre

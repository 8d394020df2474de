"""Chaque page, à deux tailles et deux lumières : axe ne reproche rien, rien ne déborde, le geste est à portée."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.outillage.navigateur import GESTE_MAX, Ecran, bas_du_geste, debordement, entrer, surveiller, violations

PUBLIQUES = (
    "/", "/mon-quartier/", "/quartiers/mont-liebaut/", "/chiffres/", "/comprendre/", "/glossaire/", "/aide/",
    "/contact/", "/accessibilite/", "/donnees-personnelles/", "/mentions-legales/", "/moderation/", "/registre/",
    "/demo/", "/consultations/", "/consultations/rapport-2024/", "/consultations/rapport-2024/instances/",
    "/compte/login/", "/affichage/", "/page-absente/",
)  # fmt: skip
RESERVEES = (
    ("agent", "/gestion/"),
    ("presidente", "/compte/"),
    ("presidente", "/compte/sessions/"),
    ("presidente", "/consultations/rapport-2024/"),
    ("admin", "/admin/"),
)
PAIRES = [Ecran(390, "light"), Ecran(1280, "dark")]
AUTRES = [Ecran(390, "dark"), Ecran(1280, "light"), Ecran(360, "light"), Ecran(320, "light")]


def nom_d_ecran(ecran: object) -> str | None:
    """« 390-light » dans le nom de l'essai."""
    return f"{ecran.largeur}-{ecran.theme}" if isinstance(ecran, Ecran) else None


@pytest.fixture
def ouvrir(browser: Browser, base_url: str) -> Iterator[Callable[[Ecran], Page]]:
    """`ouvrir(Ecran(1280, "dark"))` : une page surveillée dans ce réglage."""
    contextes = []
    fautes: list[list[str]] = []

    def neuve(ecran: Ecran) -> Page:
        contextes.append(browser.new_context(base_url=base_url, **ecran.contexte()))
        page = contextes[-1].new_page()
        fautes.append(surveiller(page))
        return page

    yield neuve
    for contexte in contextes:
        contexte.close()
    assert not [f for liste in fautes for f in liste]


def juger(page: Page, adresse: str, capture: Callable[[Page, str], Path | None], nom: str) -> None:
    """Les mesures communes à toute page."""
    page.goto(adresse)
    capture(page, nom)
    assert violations(page) == [], adresse
    assert debordement(page) <= 0, f"{adresse} déborde en largeur"
    bas = bas_du_geste(page)
    assert bas is None or bas <= GESTE_MAX, f"{adresse} : le geste principal finit à {bas:.0f} px"


@pytest.mark.parametrize(
    "ecran", [*PAIRES, *(pytest.param(e, marks=pytest.mark.paires) for e in AUTRES)], ids=nom_d_ecran
)
@pytest.mark.parametrize("adresse", PUBLIQUES)
def test_une_page_publique_se_lit_partout(
    ouvrir: Callable[[Ecran], Page], capture: Callable[[Page, str], Path | None], ecran: Ecran, adresse: str
) -> None:
    nom = adresse.strip("/").replace("/", "-") or "accueil"
    juger(ouvrir(ecran), adresse, capture, f"{nom}-{nom_d_ecran(ecran)}")


@pytest.mark.parametrize(
    "ecran", [*PAIRES, *(pytest.param(e, marks=pytest.mark.paires) for e in AUTRES)], ids=nom_d_ecran
)
@pytest.mark.parametrize(("role", "adresse"), RESERVEES)
def test_une_page_reservee_se_lit_partout(
    ouvrir: Callable[[Ecran], Page],
    capture: Callable[[Page, str], Path | None],
    ecran: Ecran,
    role: str,
    adresse: str,
) -> None:
    page = ouvrir(ecran)
    entrer(page, role)
    juger(page, adresse, capture, f"{role}-{adresse.strip('/').replace('/', '-')}-{nom_d_ecran(ecran)}")

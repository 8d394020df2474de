"""Ce que les parcours mesurent : axe, le geste principal, les fautes de console, l'entrée sous un rôle."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
GESTE_MAX = 560
PETIT = {"width": 360, "height": 640}


@dataclass(frozen=True)
class Ecran:
    """Un réglage d'affichage : largeur en pixels, clair ou sombre, avec ou sans JavaScript."""

    largeur: int = 390
    theme: str = "light"
    javascript: bool = True

    def contexte(self) -> dict[str, Any]:
        """Les options du contexte de Playwright."""
        return {
            "viewport": {"width": self.largeur, "height": 844 if self.largeur < 700 else 900},
            "color_scheme": self.theme,
            "java_script_enabled": self.javascript,
            "locale": "fr-FR",
            "timezone_id": "Europe/Paris",
            "reduced_motion": "reduce",
        }


def surveiller(page: Page) -> list[str]:
    """Rend la liste, tenue à jour, des fautes de la page : exceptions, erreurs de console, réponses 5xx."""
    fautes: list[str] = []

    def voir(reponse: Response) -> None:
        if reponse.status >= 500 and reponse.status != 503:
            fautes.append(f"{reponse.status} {reponse.url}")

    page.on("pageerror", lambda e: fautes.append(f"exception : {e}"))
    page.on("console", lambda m: fautes.append(f"console : {m.text}") if is_faute(m.type, m.text) else None)
    page.on("response", voir)
    return fautes


def is_faute(genre: str, texte: str) -> bool:
    """Chromium écrit aussi chaque refus voulu (404, 409, 422) en console : ce n'est pas une faute de la page."""
    return genre == "error" and not texte.startswith("Failed to load resource: the server responded with a status of 4")


def entrer(page: Page, role: str) -> None:
    """Entre dans la démonstration sous ce rôle, par sa page."""
    page.goto("/demo/")
    page.locator(f'form[action$="/demo/connexion/{role}/"] button').click()
    page.wait_for_load_state()


@cache
def _axe() -> str:
    return AXE.read_text()


def violations(page: Page, *, importe: bool = False) -> list[str]:
    """Ce qu'axe reproche à la page, une ligne par règle : identifiant, gravité, premier élément. Vide : rien.

    `importe` : une feuille de la page en importe une autre ; axe, pour la lire, poserait un style en ligne que la
    politique refuse, et la faute serait la sienne.
    """
    page.evaluate(_axe())
    resultat = page.evaluate("preload => axe.run(document, {resultTypes: ['violations'], preload})", not importe)
    return [f"{v['id']} ({v['impact']}) : {v['nodes'][0]['html'][:160]}" for v in resultat["violations"]]


def bas_du_geste(page: Page) -> float | None:
    """Le bas du geste principal à 360 × 640, page en haut, barre basse comprise ; None si la page n'en a pas."""
    taille = page.viewport_size
    page.set_viewport_size(PETIT)
    page.evaluate("window.scrollTo(0, 0)")
    geste = page.locator("[data-principal]")
    assert geste.count() <= 1, "deux gestes principaux"
    boite = geste.bounding_box() if geste.count() else None
    if taille:
        page.set_viewport_size(taille)
    return boite["y"] + boite["height"] if boite else None


def debordement(page: Page) -> int:
    """De combien de pixels la page dépasse sa fenêtre en largeur : rien ne doit défiler de côté."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def mots_lus(page: Page) -> int:
    """Le nombre de mots du contenu principal, tels qu'affichés."""
    return len(page.locator("main").inner_text().split())

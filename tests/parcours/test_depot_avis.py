"""Donner son avis au navigateur : avec JavaScript, sans, au clavier, à deux mains ; trois cents mots à lire."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.outillage.navigateur import (
    GESTE_MAX,
    Ecran,
    bas_du_geste,
    debordement,
    entrer,
    surveiller,
    violations,
)
from tests.outillage.processus import Dossier, Serveur

CONSULTATION = "/consultations/rapport-2024-demonstration/"
MOTS_MAX = 300
COUPURE = "net::ERR_FAILED"  # la panne de réseau voulue par un parcours
DEMANDES = (
    ("2-3", "Le tableau compte 32 projets, le texte 31. Quel est le bon nombre ?"),
    ("5-1", "« Un second temps », c’est quand ? Nous demandons une date."),
)


@pytest.fixture(scope="module")
def a_part(atelier: Any) -> Iterator[Serveur]:
    """Ces parcours changent le monde : leur serveur est à eux."""
    dossier: Dossier = atelier.demonstration(maintenant="2025-10-18T14:31:00+02:00")
    serveur = Serveur(dossier).demarrer()
    yield serveur
    serveur.arreter()


@pytest.fixture
def ouvrir(browser: Browser, a_part: Serveur) -> Iterator[Callable[..., Page]]:
    """`ouvrir("presidente", Ecran(390))` : une page où cette personne est entrée."""
    contextes, fautes = [], []

    def neuve(role: str, ecran: Ecran = Ecran()) -> Page:  # noqa: B008
        contextes.append(browser.new_context(base_url=a_part.adresse, **ecran.contexte()))
        page = contextes[-1].new_page()
        fautes.append(surveiller(page))
        entrer(page, role)
        return page

    yield neuve
    for contexte in contextes:
        contexte.close()
    assert not [faute for liste in fautes for faute in liste if COUPURE not in faute]


def aller_au_projet(page: Page) -> None:
    page.goto(CONSULTATION)
    page.locator("[data-principal]").click()
    if "/avis/" in page.url:  # déjà déposé : remplacer
        page.get_by_role("link", name="Remplacez cet avis").click()


def mesurer(page: Page) -> int:
    """Les mots à lire de cet écran ; axe, débordement et geste principal jugés au passage.

    Un mot : des lettres ou des chiffres de suite. Ce qui n'est dit qu'au lecteur d'écran (`.vh`) et les dessins ne
    sont pas à lire.
    """
    assert violations(page) == []
    assert debordement(page) <= 0
    bas = bas_du_geste(page)
    assert bas is not None
    assert bas <= GESTE_MAX
    page.evaluate("document.querySelectorAll('main .vh, main svg').forEach(e => e.remove())")
    return len(re.findall(r"[\w’'-]+", page.locator("main").inner_text()))


def demander(page: Page, partie: str, texte: str) -> None:
    brouillon = page.locator("article.en-edition")
    brouillon.locator("summary").click()
    brouillon.locator("select[name$=section]").select_option(partie)
    brouillon.locator("textarea").fill(texte)


@pytest.mark.parametrize("ecran", [Ecran(390), Ecran(1280, "dark")], ids=["390", "1280-sombre"])
def test_tout_le_depot_tient_en_trois_cents_mots(ouvrir: Callable[..., Page], ecran: Ecran) -> None:
    page = ouvrir("membre-bruay" if ecran.largeur == 390 else "presidente", ecran)
    aller_au_projet(page)
    page.get_by_text("D’accord, à condition que…").click()
    mots = [mesurer(page)]
    page.locator("[data-principal]").click()
    for n, (partie, texte) in enumerate(DEMANDES):
        if n:
            page.get_by_role("button", name="Ajouter une demande").click()
        demander(page, partie, texte)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("article.obs")).to_have_count(2)
    mots.append(mesurer(page))
    page.locator("[data-principal]").click()
    mots.append(mesurer(page))
    page.get_by_label("Je dépose au nom").check()
    page.get_by_role("button", name="Déposer l’avis").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre avis est bien reçu")
    mots.append(mesurer(page))
    assert sum(mots) <= MOTS_MAX, mots


def test_sans_javascript_tout_le_depot_marche(ouvrir: Callable[..., Page]) -> None:
    page = ouvrir("mairie-bethune", Ecran(390, javascript=False))
    aller_au_projet(page)
    page.locator("input[value=DEFAVORABLE]").check()
    page.get_by_label("Date du vote").fill("2025-10-02")
    for nom, votes in (("Votes pour", "20"), ("Votes contre", "3"), ("Abstentions", "1")):
        page.get_by_label(nom).fill(votes)
    page.get_by_role("button", name="Continuer").click()
    demander(page, *DEMANDES[0])
    page.get_by_role("button", name="Ajouter une demande").click()
    demander(page, *DEMANDES[1])
    page.get_by_role("button", name="Relire").click()
    expect(page.locator("main")).to_contain_text(
        "Séance du jeudi 2 octobre 2025. Pour : 20. Contre : 3. Abstentions : 1."
    )
    page.get_by_label("Je dépose au nom de la commune").check()
    page.get_by_role("button", name="Déposer l’avis").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre avis est bien reçu")


def test_au_clavier_seul_le_depot_va_jusqu_au_recu(ouvrir: Callable[..., Page]) -> None:
    page = ouvrir("secretaire", Ecran(1280))
    page.goto(CONSULTATION)
    tabuler(page, "[data-principal]")
    valider(page)
    tabuler(page, "input[name=sens]")
    page.keyboard.press("Space")
    for nom, valeur in (("date_seance", "02102025"), ("pour", "9"), ("contre", "0"), ("abstention", "0")):
        tabuler(page, f"[name={nom}]")
        page.keyboard.type(valeur)
    valider(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que vous demandez")
    tabuler(page, "[data-principal]")
    valider(page)
    tabuler(page, "[name=au_nom_de]")
    page.keyboard.press("Space")
    tabuler(page, "[data-principal]")
    valider(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre avis est bien reçu")


def valider(page: Page) -> None:
    """Entrée, puis la page suivante."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tabuler(page: Page, cible: str) -> None:
    """Avance de Tab en Tab jusqu'à la cible, qui se voit : elle n'est jamais sous une barre."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("cible => document.activeElement.matches(cible)", cible):
            return
    pytest.fail(f"{cible} ne s'atteint pas au clavier")


def test_le_brouillon_s_enregistre_seul_et_deux_mains_se_voient(ouvrir: Callable[..., Page]) -> None:
    une, autre = ouvrir("presidente"), ouvrir("membre")
    for page in (une, autre):
        page.goto(CONSULTATION)
        page.goto(adresse_du_projet(page) + "?etape=observations")
    ecrire_l_ensemble(une, "Le texte de la présidente.")
    expect(une.locator("[data-statut]")).to_contain_text("Brouillon enregistré à 14 h")
    ecrire_l_ensemble(une, "Le texte de la présidente, corrigé.")
    expect(une.locator("[data-statut]")).to_contain_text("Brouillon enregistré")
    une.get_by_role("button", name="Enregistrer").click()
    expect(une.locator("#id_texte")).to_have_value("Le texte de la présidente, corrigé.")
    ecrire_l_ensemble(autre, "Le texte du membre.")
    expect(autre.locator("[data-statut]")).to_contain_text("Ce projet a changé ailleurs")
    autre.get_by_role("button", name="Relire").click()
    expect(autre.get_by_label("Votre texte")).to_have_value(re.compile("Le texte du membre"))
    expect(autre.get_by_label("Le texte enregistré")).to_have_value(re.compile("présidente, corrigé"))
    assert violations(autre) == []
    autre.get_by_role("button", name="Garder mon texte").click()
    expect(autre.locator("main")).to_contain_text("Le texte du membre.")


def test_le_brouillon_local_survit_a_la_panne_et_meurt_a_la_sortie(ouvrir: Callable[..., Page]) -> None:
    page = ouvrir("suppleante")
    page.goto(CONSULTATION)
    page.goto(adresse_du_projet(page) + "?etape=observations")
    page.route("**/projet/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    ecrire_l_ensemble(page, "Écrit dans le tunnel.")
    expect(page.locator("[data-statut]")).to_contain_text("Pas de réseau")
    page.reload()
    page.get_by_role("button", name="Reprendre ce texte").click()
    expect(page.locator("#id_texte")).to_have_value("Écrit dans le tunnel.")
    assert gardes(page) == 1
    page.unroute_all()
    page.goto("/compte/logout/")
    page.get_by_role("button", name="Sortir").first.click()
    page.wait_for_load_state()
    assert gardes(page) == 0


def gardes(page: Page) -> int:
    compte: int = page.evaluate("Object.keys(localStorage).filter(c => c.startsWith('brouillon:')).length")
    return compte


def adresse_du_projet(page: Page) -> str:
    """L'adresse du projet du conseil, qu'il ait déjà déposé ou non."""
    page.locator("[data-principal]").click()
    if "/avis/" in page.url:
        page.get_by_role("link", name="Remplacez cet avis").click()
    return page.url.split("?")[0]


def ecrire_l_ensemble(page: Page, texte: str) -> None:
    ensemble = page.locator("details", has_text="Texte d’ensemble")
    if not ensemble.evaluate("d => d.open"):
        ensemble.locator("summary").click()
    page.locator("#id_texte").fill(texte)

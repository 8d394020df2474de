"""« Une année en trois minutes » : le site de `make annee`, mené par le curseur de `/demo/` d'une date à l'autre."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from outils.preparer import ANNEE
from participation.common.dates import jour_long
from participation.demo.annee import JALONS
from tests.outillage.navigateur import Ecran, debordement, entrer, surveiller, violations
from tests.outillage.processus import Dossier, Serveur

pytestmark = pytest.mark.une_base
CONSULTATION = "/consultations/rapport-2024/"
VERIFICATION = "Vérification du courrier en cours"
TRANSMIS = 3  # le rang de la transmission : la page devient publique
Capture = Callable[[Page, str], Path | None]


@dataclass(frozen=True)
class Attendu:
    """Ce que la page publique doit montrer à une date : la frise, la procédure, chaque réponse et ses étiquettes."""

    ici: str
    faites: tuple[str, ...]
    procedure: tuple[str, ...]
    etats: dict[str, int]
    etiquettes: dict[str, int]


EXPRIMES = {"favorable": 1, "observations": 1, "reserves": 2, "defavorable": 1, "abstention": 1}
A_PART = {"nonsaisie": 1, "sansobjet": 1}
ANNONCEE = ("Commission « Cohésion sociale »", "lundi 16 juin 2025")
ARRETEE = (*ANNONCEE, "mardi 24 juin 2025", "Reçue en sous-préfecture : date non renseignée.")
PUBLIEE = (
    *ARRETEE[:-1], "Reçue en sous-préfecture le vendredi 27 juin 2025.", "Publiée le vendredi 27 juin 2025.",
    "Recours possible jusqu’au mercredi 27 août 2025",
)  # fmt: skip
TRANSMISE = (*PUBLIEE, "lundi 30 juin 2025")
FRISE = ("Projet arrêté 24 juin", "Transmis 30 juin")
CLOSE = (*FRISE, "Avis des communes et des conseils citoyens jusqu’au 30 octobre")
ATTENDUS = (
    Attendu("Projet arrêté", (), ANNONCEE, {}, {}),
    Attendu("Transmis", FRISE[:1], ARRETEE, {}, {}),
    Attendu("Transmis", FRISE[:1], PUBLIEE, {}, {}),
    Attendu(
        "Avis des communes et des conseils citoyens jusqu’au 30 octobre", FRISE, TRANSMISE,
        {"nonsaisie": 17, "sansobjet": 1},
        {"Réception bientôt prouvée": 15},  # un courriel ne prouve la réception qu'après 72 h sans retour
    ),
    Attendu(
        "Rapport amendé avec les réponses", CLOSE, TRANSMISE,
        EXPRIMES | A_PART | {"repute": 10}, {VERIFICATION: 10, "Version 2": 1},
    ),
    Attendu(
        "Rapport amendé avec les réponses", CLOSE,
        (*TRANSMISE, "Procès-verbal de clôture signé", "mercredi 5 novembre 2025"),
        EXPRIMES | A_PART | {"observations": 2, "repute": 9}, {"Reçu hors délai": 1, "Version 2": 1},
    ),
)  # fmt: skip


@pytest.fixture
def annee(dossier_demo: Callable[..., Dossier], serveur: Callable[..., Serveur]) -> Serveur:
    """Le serveur de `make annee`, dans un dossier neuf."""
    return serveur(dossier_demo(maintenant=ANNEE["MAINTENANT"]))


@pytest.fixture
def ouvrir(browser: Browser, annee: Serveur) -> Iterator[Callable[..., Page]]:
    """Une page surveillée de ce serveur, à cette largeur et dans ce thème."""
    contextes: list[BrowserContext] = []
    fautes: list[list[str]] = []

    def neuve(largeur: int, theme: str = "light") -> Page:
        contextes.append(browser.new_context(base_url=annee.adresse, **Ecran(largeur, theme).contexte()))
        page = contextes[-1].new_page()
        fautes.append(surveiller(page))
        return page

    yield neuve
    for contexte in contextes:
        contexte.close()
    assert not [faute for liste in fautes for faute in liste]


def test_le_curseur_mene_d_une_date_a_l_autre_et_la_page_publique_suit(
    ouvrir: Callable[..., Page], capture: Capture
) -> None:
    curseur, public, agente = ouvrir(390), ouvrir(1280, "dark"), ouvrir(390)
    entrer(agente, "agent")
    for rang, attendu in enumerate(ATTENDUS):
        arriver(curseur, rang)
        capture(curseur, f"annee-{rang}-demo-390")
        is_publique = rang >= TRANSMIS
        assert public.request.get(CONSULTATION).status == (200 if is_publique else 404), f"date {rang}"
        lue = public if is_publique else agente
        lue.goto(CONSULTATION)
        assert debordement(lue) == 0
        comparer(lue, attendu)
        capture(lue, f"annee-{rang}-consultation-{1280 if is_publique else 390}")
    assert "L’année est finie" in curseur.locator("main").inner_text()
    assert violations(curseur) == []


def arriver(page: Page, rang: int) -> None:
    """Mène le curseur à ce rang, comme une personne ; au premier, le site y est déjà."""
    if rang:
        page.locator("#curseur").fill(str(rang))
        expect(page.locator("output")).to_have_text(f"{JALONS[rang].quand}, {JALONS[rang].nom}")
        page.get_by_role("button", name="Avancer jusqu’à cette date").click()
        expect(page).to_have_url(re.compile(r"/demo/#l-heure$"))
    else:
        page.goto("/demo/")
    ici = page.locator("#l-heure li[aria-current=step][data-rang]")
    expect(ici).to_have_attribute("data-rang", str(rang))
    jour = jour_long(JALONS[rang].instant.date())
    assert jour in page.locator("#l-heure time").first.inner_text()


def comparer(page: Page, attendu: Attendu) -> None:
    """La frise, la procédure datée, puis chaque instance sur la page qui les liste toutes."""
    frise = page.locator("main .frise").first
    assert mots(frise.locator("li[aria-current=step]").inner_text()) == f"Nous sommes ici {attendu.ici}"
    faites = frise.locator('li[data-etape="faite"]').all_inner_texts()
    assert tuple(mots(texte) for texte in faites) == attendu.faites
    lu = mots(page.locator("main").text_content() or "").lower()
    assert [dit for dit in attendu.procedure if dit.lower() not in lu] == []
    assert "démonstration" in mots(page.locator("body").inner_text()).lower()
    if attendu.etats:
        page.goto(f"{CONSULTATION}instances/")
        cartes = page.locator("main .instance[data-etat]")
        assert Counter(cartes.evaluate_all("els => els.map(e => e.dataset.etat)")) == attendu.etats
        assert Counter(page.locator("main .instance .etiquette").all_inner_texts()) == attendu.etiquettes
        page.go_back()


def mots(texte: str) -> str:
    """Le texte, ses blancs ramenés à une espace."""
    return " ".join(texte.split())

"""La secrétaire qui vient une fois l'an, et qui lit difficilement : du lien du courriel au reçu, à 360 × 640.

Cinq écrans, vingt gestes : choisir un champ, y écrire, toucher un bouton comptent un geste chacun. Elle n'a encore ni
le numéro de la délibération, ni le récépissé de la préfecture : ils se complètent après (règle 15).
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.outillage.navigateur import GESTE_MAX, PETIT, Ecran, bas_du_geste, entrer, surveiller, violations
from tests.outillage.processus import Serveur
from tests.parcours.mesures import debordement_a

ECRANS_MAX, GESTES_MAX = 5, 20
LIEN_DU_COURRIEL = """
import re
from consultations.models import Saisine
from participation.notifications.models import Envoi
beuvry = Saisine.objects.get(consultation__slug="rapport-2024", instance__slug="beuvry")
envoi = Envoi.objects.filter(objet_id=beuvry.pk, destinataire__mandats__role="SECRETARIAT").order_by("cree_le").first()
print(re.search(r"répondre : (\\S+)", envoi.texte)[1])
"""


@pytest.fixture
def a_part(atelier: Any) -> Iterator[tuple[Serveur, str]]:
    """Un serveur à ce parcours, qui dépose ; et le lien du courriel reçu par la secrétaire de Beuvry."""
    dossier = atelier.demonstration(maintenant="2025-10-18T14:31:00+02:00")
    lien = urlsplit(dossier.python(LIEN_DU_COURRIEL).strip()).path
    serveur = Serveur(dossier).demarrer()
    yield serveur, lien
    serveur.arreter()


class Main:
    """Une main qui compte ses gestes, et les écrans qu'elle traverse."""

    def __init__(self, page: Page) -> None:
        self.page, self.gestes, self.ecrans = page, 0, 0

    def regarder(self) -> None:
        """Un écran de plus : rien n'y déborde, axe n'y reproche rien, son geste principal est sous le pouce."""
        self.ecrans += 1
        assert violations(self.page) == []
        assert debordement_a(self.page, PETIT["width"]) <= 0
        bas = bas_du_geste(self.page)
        assert bas is not None
        assert bas <= GESTE_MAX

    def toucher(self, cible: Locator) -> None:
        self.gestes += 1
        cible.click()

    def ecrire(self, champ: str, texte: str) -> None:
        self.gestes += 2
        self.page.get_by_label(champ).fill(texte)


def test_la_secretaire_depose_depuis_le_courriel_sans_numero_ni_recepisse(
    browser: Any, a_part: tuple[Serveur, str]
) -> None:
    serveur, lien = a_part
    contexte = browser.new_context(base_url=serveur.adresse, **Ecran(360).contexte() | {"viewport": PETIT})
    page = contexte.new_page()
    fautes, main = surveiller(page), Main(page)
    page.goto(lien)  # sans compte : le lien ne donne aucun droit, mais il répond à la question
    silence_au_premier_regard(page)
    entrer(page, "secretaire")
    page.goto(lien)
    silence_au_premier_regard(page)
    main.regarder()
    main.toucher(page.get_by_role("link", name="Donner l’avis de la commune"))
    main.toucher(page.get_by_text("D’accord", exact=True))
    for champ, texte in (
        ("Date du vote", "2025-10-14"), ("Votes pour", "27"), ("Votes contre", "0"), ("Abstentions", "2")
    ):  # fmt: skip
        main.ecrire(champ, texte)
    main.regarder()
    main.toucher(page.locator("[data-principal]"))
    expect(page).to_have_url(re.compile("etape=observations"))
    main.regarder()
    main.toucher(page.locator("[data-principal]"))
    main.regarder()
    main.toucher(page.get_by_label("Je dépose au nom"))
    main.toucher(page.get_by_role("button", name="Déposer l’avis"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre avis est bien reçu")
    main.regarder()
    expect(page.get_by_role("link", name="Compléter la délibération")).to_be_visible()
    contexte.close()
    assert fautes == []
    assert (main.ecrans, main.gestes <= GESTES_MAX) == (ECRANS_MAX, True), (main.ecrans, main.gestes)


def silence_au_premier_regard(page: Page) -> None:
    """« Que se passe-t-il si on ne répond pas ? » : la réponse est là, sans rien toucher ni dérouler."""
    phrase = page.get_by_text("Si la commune ne répond pas, la loi fait comme s’elle avait dit oui.").first
    boite = phrase.bounding_box()
    assert boite is not None
    assert boite["y"] + boite["height"] <= PETIT["height"], boite

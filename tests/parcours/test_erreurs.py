"""Chaque page d'erreur, provoquée pour de vrai au navigateur : lisible partout, son statut, le texte rendu.

Seules 500 et 503 sont rendues par leur vue puis servies à la place du site : une panne ne se commande pas
(`tests/config/test_panne.py` coupe la base d'un vrai serveur).
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, Route

from participation.common import vues
from tests.outillage.navigateur import Ecran
from tests.parcours.mesures import ANONYME, AUTRES, PAIRES, juger, nom_d_ecran

ECRANS = [*PAIRES, *(pytest.param(ecran, marks=pytest.mark.paires) for ecran in AUTRES)]
TEXTE = "Le texte dit 31 projets soutenus."
POSER = """({adresse, champs, long, nombre}) => {
    const form = document.createElement("form");
    const jeton = document.querySelector("[name=csrfmiddlewaretoken]");
    form.method = "post"; form.action = adresse; form.hidden = true;
    if (jeton) champs.csrfmiddlewaretoken = jeton.value;
    if (long) champs.texte = "a".repeat(long);
    for (let i = 0; i < (nombre || 0); i++) champs["champ-" + i] = "1";
    for (const [nom, valeur] of Object.entries(champs)) {
        const champ = document.createElement("textarea");
        champ.name = nom; champ.value = valeur; form.append(champ);
    }
    document.body.append(form); form.submit();
}"""
CLE = "00000000-0000-4000-8000-000000000000"
ENVOIS: tuple[tuple[str, str, str, dict[str, Any], int, bool], ...] = (
    # rôle, page d'où l'on part, adresse de l'envoi, ce qu'on envoie, statut attendu, le texte est-il rendu
    (ANONYME, "/affichage/", "/affichage/", {"nombre": 2001}, 400, False),
    ("admin", "/affichage/", "/admin/registre/entree/add/", {"champs": {"texte": TEXTE}}, 403, True),
    ("presidente", "/affichage/", "{finie}avis/", {"champs": {"cle": CLE, "projet_v": "1"}}, 409, True),
    ("presidente", "/affichage/", "{saisine}projet/", {"champs": {"v": "99", "texte": TEXTE}}, 409, True),
    (ANONYME, "/affichage/", "/affichage/", {"long": 2_200_000}, 413, False),
    (ANONYME, "/affichage/", "/mon-quartier/", {"champs": {"quartier": "nulle-part"}}, 422, False),
    (ANONYME, "/compte/login/", "/compte/login/", {"champs": {"email": "trop@demonstration.invalid"}}, 429, True),
)


@pytest.mark.parametrize("ecran", ECRANS, ids=nom_d_ecran)
def test_chaque_page_d_erreur_se_lit_partout(
    ouvrir: Callable[..., Page], capture: Callable[[Page, str], Any], reperes: dict[str, str], ecran: Ecran
) -> None:
    reproches, pages = [], dict[str, Page]()
    for role, depuis, adresse, envoi, attendu, is_rendu in ENVOIS:
        if role not in pages:
            pages[role] = ouvrir(ecran, role)
        page, nom = pages[role], f"{role} {adresse} {attendu}"
        statut = envoyer(page, depuis, adresse.format(**reperes), envoi, attendu)
        if statut != attendu:
            reproches.append(f"{nom} : {statut}")
        if is_rendu and not page.locator("textarea").count():
            reproches.append(f"{nom} : le texte n'est pas rendu")
        capture(page, f"erreur-{attendu}-{len(reproches)}-{role}-{nom_d_ecran(ecran)}")
        reproches += juger(page, nom, ecran)
    assert reproches == []


def envoyer(page: Page, depuis: str, adresse: str, envoi: dict[str, Any], attendu: int) -> int:
    """Envoie depuis cette page ; pour 429, autant de fois qu'il faut (dix au plus). Rend le dernier statut."""
    statut = 0
    for _ in range(10 if attendu == 429 else 1):
        page.context.clear_cookies(name="sessionid") if attendu == 429 else None
        page.goto(depuis)
        with page.expect_navigation() as navigation:
            page.evaluate(POSER, {"champs": {}, **json.loads(json.dumps(envoi)), "adresse": adresse})
        page.wait_for_load_state()
        reponse = navigation.value
        statut = reponse.status if reponse else 0
        if statut == attendu:
            break
    return statut


@pytest.mark.parametrize("ecran", ECRANS, ids=nom_d_ecran)
@pytest.mark.parametrize("statut", [500, 503])
def test_une_panne_se_lit_partout(
    ouvrir: Callable[..., Page], capture: Callable[[Page, str], Any], rf: RequestFactory, ecran: Ecran, statut: int
) -> None:
    vue = {500: vues.erreur_500, 503: vues.erreur_503}[statut]
    reponse = vue(rf.post("/affichage/", {"texte": TEXTE}))  # type: ignore[operator]
    page = ouvrir(ecran)
    entetes: dict[str, str] = {}

    def servir(route: Route) -> None:
        entetes.update(page.request.get("/affichage/").headers)
        politique = {"content-security-policy": entetes["content-security-policy"], "content-type": "text/html"}
        route.fulfill(status=200, headers=politique, body=reponse.content)

    page.route("**/panne/", servir)
    page.goto("/panne/")
    capture(page, f"panne-{statut}-{nom_d_ecran(ecran)}")
    assert page.get_by_text(TEXTE).count() == 1 or page.locator("textarea").input_value() == TEXTE
    assert juger(page, str(statut), ecran) == []

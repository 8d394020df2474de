"""L'administration, page par page : chaque liste, chaque fiche, chaque ajout. Un modèle ajouté s'y ajoute seul."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Page

from tests.outillage.navigateur import Ecran
from tests.parcours.mesures import AUTRES, PAIRES, juger, nom_d_ecran

ECRANS = [PAIRES[0], *(pytest.param(ecran, marks=pytest.mark.paires) for ecran in (PAIRES[1], *AUTRES))]
DIVERSES = "admin:territoires_terme"  # l'historique et la suppression sont les mêmes gabarits pour tous


def noms() -> Iterator[str]:
    """« admin:comptes_mandat », pour chaque modèle de l'administration."""
    for modele in admin.site._registry:
        yield f"admin:{modele._meta.app_label}_{modele._meta.model_name}"


@pytest.mark.parametrize("ecran", ECRANS, ids=nom_d_ecran)
def test_chaque_page_de_l_administration_se_lit(ouvrir: Callable[..., Page], ecran: Ecran) -> None:
    page = ouvrir(ecran, "admin")
    reproches: list[str] = []

    def lire(adresse: str) -> None:
        page.goto(adresse)
        reproches.extend(juger(page, adresse, ecran, importe=True))

    for nom in noms():
        lire(liste := reverse(f"{nom}_changelist"))
        fiche = page.locator("#result_list tbody th a").first
        adresses = [fiche.get_attribute("href") or ""] if fiche.count() else []
        adresses += [f"{liste}add/"] if page.locator("a.addlink").count() else []
        if nom == DIVERSES:
            adresses += [adresses[0].replace("/change/", f"/{suite}/") for suite in ("history", "delete")]
        for adresse in adresses:
            lire(adresse)
    assert reproches == []


def test_supprimer_plusieurs_fiches_se_confirme_et_la_sortie_est_celle_de_la_maison(
    ouvrir: Callable[..., Page],
) -> None:
    page = ouvrir(PAIRES[0], "admin")
    page.goto(reverse(f"{DIVERSES}_changelist"))
    page.locator("input.action-select").first.check()
    page.select_option("select[name=action]", "delete_selected")
    page.locator("button[name=index]").click()
    assert juger(page, "plusieurs", PAIRES[0], importe=True) == []
    assert page.locator("input[name=post][value=yes]").count() == 1
    page.locator("#logout-form button").click()
    page.goto("/admin/")
    assert "/compte/login/" in page.url

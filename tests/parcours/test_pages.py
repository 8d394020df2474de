"""Chaque page, à deux tailles et deux lumières : axe ne reproche rien, rien ne déborde, le geste est à portée.

Une page ajoutée au tableau des accès et absente d'ici fait échouer le dernier essai.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import resolve
from playwright.sync_api import Page

from tests.acces.tableau import ACCES
from tests.outillage.navigateur import Ecran
from tests.parcours.mesures import ANONYME, AUTRES, PAIRES, juger, nom_d_ecran

C = "/consultations/rapport-2024/"
P = "/consultations/en-preparation/"
PAGES: dict[str, tuple[str, ...]] = {
    ANONYME: (
        "/", "/mon-quartier/", "/quartiers/mont-liebaut/", "/chiffres/", "/comprendre/", "/glossaire/", "/aide/",
        "/contact/", "/accessibilite/", "/donnees-personnelles/", "/mentions-legales/", "/moderation/", "/affichage/",
        "/donnees-ouvertes/", "/agenda/", "/modalites/", "/consultations/participation/",
        "/registre/", "/demo/", "/consultations/", C, f"{C}instances/", f"{C}instances/?filtre=attente", f"{C}rapport/",
        f"{C}sections/2-1/", "{saisine}", "{avis}", "/consultations/rapport-2023-demonstration/", "{finie}",
        "/compte/login/", "/compte/login/code/", "/compte/2fa/webauthn/login/", "/page-absente/",
        "/lettre/", "/invitation/", "/invitation/forge/", "/compte/messages/{arret}/",
    ),
    "presidente": (
        "/", C, "{saisine}", "{saisine}kit/", "{saisine}projet/", "{saisine}projet/?etape=observations&ajouter=1",
        "{saisine}avis/",
        "{saisine}reunion/", "{finie}projet/", "{finie}avis/", "/compte/", "/compte/reprise/",
        "/compte/sessions/", "/compte/email/",
        "/compte/mes-donnees/", "/compte/supprimer/", "/compte/messages/",
        "/compte/2fa/webauthn/", "/compte/2fa/webauthn/add/", "/compte/logout/", "/gestion/",
        "/mon-conseil/{conseil}/", "/mon-conseil/{conseil}/nommer/", "/mon-conseil/{conseil}/{mandat}/",
        "/agenda/instances/{conseil}/",
    ),
    "agent": (
        "/gestion/", f"/gestion{C}", f"/gestion{P}", f"/gestion{P}modifier/", f"/gestion{P}transmettre/", P,
        f"/gestion{P}circuit/",
        f"/gestion{P}circuit/?etape=COMMISSION", f"/gestion{P}contenu/", f"/gestion{C}circuit/", f"/gestion{C}contenu/",
        "/gestion/consultations/nouvelle/", "/gestion/consultations/nouvelle/?modele=rapport-2024",
        "/gestion/participation/", "/gestion/saisines/{preuve}/remise/", "{saisine}", "/gestion/rapports/",
        "/gestion/rapports/importer/", "/gestion/rapports/versions/{brouillon}/", "/gestion/rapports/parties/{partie}/",
        "/gestion/rapports/versions/{brouillon}/presentation/", "/gestion/rapports/versions/{brouillon}/figer/",
        "/gestion/rapports/versions/{brouillon}/effacer/", "/gestion/rapports/images/{image}/",
        "/gestion/a-signer/", "/gestion/a-signer/{acte}/",
        "/gestion/saisines/{preuve}/appel/",
        "/gestion/saisines/{preuve}/avis-recu/", "/gestion/saisines/{preuve}/retour/", "/gestion/retours/{retour}/",
        "/gestion/mandats/", "/gestion/mandats/importer/",
        *(f"/gestion/mandats/instances/{{conseil}}/{page}" for page in ("", "nommer/", "{mandat}/")),
        *(f"/gestion{C}actes/{acte}/" for acte in ("report", "rectificatif", "retrait", "annulation", "cloture",
            "nouvelle-transmission", "dormance", "sans-objet")),
    ),
    "secretaire": ("{communal}", "{mairie}kit/", "{communal}complement/"),
    "signataire": (
        "/gestion/", "/gestion/a-signer/", "/gestion/a-signer/{acte}/", f"/gestion{P}transmettre/",
        "/gestion/consultations/nouvelle/", f"{P}rapport/",
    ),
    "admin": ("/admin/", "/admin/comptes/utilisateur/"),
}  # fmt: skip
REFUS = (  # rôle, page, ce qui rend l'envoi faux ; la réponse attendue
    (ANONYME, "/affichage/", "rien", 422),
    (ANONYME, "/mon-quartier/", "rien", 422),
    (ANONYME, "/affichage/", "sans jeton", 403),
    ("presidente", "{saisine}avis/", "rien", 422),
    ("presidente", "/compte/supprimer/", "rien", 422),
    ("presidente", "/compte/messages/", "rien", 422),
    ("presidente", "{saisine}projet/", "faux compte", 422),
    ("presidente", "{saisine}reunion/", "faux compte", 422),
    ("agent", "/gestion/consultations/nouvelle/", "rien", 422),
    ("agent", "/gestion/saisines/{preuve}/remise/", "rien", 422),
    ("agent", "/gestion/rapports/importer/", "rien", 422),
    ("agent", "/gestion/saisines/{preuve}/avis-recu/", "rien", 422),
    ("agent", "/gestion/saisines/{preuve}/retour/", "rien", 422),
    ("agent", "/gestion/retours/{retour}/", "rien", 422),
    ("agent", f"/gestion{C}actes/report/", "rien", 422),
    ("agent", f"/gestion{C}actes/nouvelle-transmission/", "rien", 422),
    ("agent", f"/gestion{P}circuit/?etape=ARRETEE", "rien", 422),
    ("agent", "/gestion/mandats/importer/", "rien", 422),
    ("agent", "/gestion/mandats/instances/{conseil}/nommer/", "rien", 422),
    ("presidente", "/agenda/instances/{conseil}/", "rien", 422),
    (ANONYME, "/lettre/", "rien", 422),
    ("secretaire", "{communal}complement/", "rien", 422),
    ("signataire", "/gestion/a-signer/{acte}/", "rien", 422),
)
SANS_PAGE = {  # des documents, des feuilles, des données : rien à voir dans un navigateur
    "common:favicon", "common:identite", "common:identite_logo", "registre:registre_jsonl", "sante",
    "consultations:piece",
    "consultations:kit_odt", "consultations:kit_pdf", "gestion:avis_papier",  # le carré renvoie à la saisie
    "consultations:etat_svg",
    "consultations:avis_json", "consultations:avis_csv", "consultations:avis_ods", "consultations:deliberations_csv",
    "consultations:observations_json", "consultations:observations_csv", "consultations:observations_ods",
    "consultations:annexe", "consultations:annexe_odt",
    "consultations:rapport_pdf", "consultations:accuse", "consultations:projet_piece",
    "consultations:contribution_piece", "consultations:preuve_piece", "consultations:preuve_pdf",
    "consultations:dossier", "consultations:feuille", "comptes:cle_options",
    "comptes:mes_donnees_json", "accueil:agenda_ics", "registre:registre_atom",
    "accueil:donnees_zip", "accueil:donnees_jeu", "accueil:schema", "conseil:membre_piece",
    "gestion:mandats:conseil:membre_piece", "gestion:mandats:mandats_csv",
}  # fmt: skip
ECRANS = [*PAIRES, *(pytest.param(ecran, marks=pytest.mark.paires) for ecran in AUTRES)]
Capture = Callable[[Page, str], Path | None]


@pytest.mark.parametrize("ecran", ECRANS, ids=nom_d_ecran)
@pytest.mark.parametrize("role", PAGES)
def test_chaque_page_se_lit_partout(
    ouvrir: Callable[..., Page], capture: Capture, reperes: dict[str, str], ecran: Ecran, role: str
) -> None:
    page, reproches = ouvrir(ecran, role), []
    for adresse in PAGES[role]:
        page.goto(adresse.format(**reperes))
        nom = adresse.strip("/").replace("/", "-").translate(str.maketrans("", "", "{}?&=")) or "accueil"
        capture(page, f"{role}-{nom}-{nom_d_ecran(ecran)}")
        reproches += juger(page, f"{role} {adresse}", ecran)
    assert reproches == []


@pytest.mark.parametrize("ecran", ECRANS, ids=nom_d_ecran)
def test_chaque_refus_se_lit_partout(
    ouvrir: Callable[..., Page], capture: Capture, reperes: dict[str, str], ecran: Ecran
) -> None:
    reproches, pages = [], dict[str, Page]()
    for n, (role, adresse, faute, attendu) in enumerate(REFUS):
        page = pages.setdefault(role, ouvrir(ecran, role) if role not in pages else pages.get(role))
        page.goto(adresse.format(**reperes))
        statut = envoyer(page, faute)
        nom = f"{role} {adresse} ({faute})"
        if statut != attendu:
            reproches.append(f"{nom} : {statut}, attendu {attendu}")
        capture(page, f"refus-{n}-{attendu}-{nom_d_ecran(ecran)}")
        reproches += juger(page, nom, ecran)
    assert reproches == []


def envoyer(page: Page, faute: str) -> int:
    """Envoie le formulaire principal, mal rempli, sans les contrôles du navigateur ; rend le statut."""
    if faute == "sans jeton":
        page.context.clear_cookies(name="csrftoken")
    with page.expect_navigation() as navigation:
        page.evaluate(
            """faute => {
                const form = document.querySelector("main [data-principal]")?.closest("form")
                    ?? document.querySelector("main form[method=post]:has(button)");
                form.noValidate = true;
                for (const champ of form.querySelectorAll("input:not([type=hidden]), select, textarea")) {
                    if (faute === "rien") { champ.checked = false; champ.disabled = champ.type !== "checkbox"; }
                    if (faute === "faux compte" && champ.name === "pour") champ.value = "-7";
                }
                form.submit();
            }""",
            faute,
        )
    reponse = navigation.value
    page.wait_for_load_state()
    return reponse.status if reponse else 0


def test_aucune_page_du_tableau_des_acces_n_est_oubliee() -> None:
    tous: dict[str, Any] = dict.fromkeys(
        ("saisine", "finie", "mairie"), "/consultations/x/saisines/00000000-0000-7000-8000-000000000000/"
    )
    tous |= dict.fromkeys(("avis", "communal"), "/consultations/x/avis/00000000-0000-7000-8000-000000000000/")
    uuid = "00000000-0000-7000-8000-000000000000"
    tous |= dict.fromkeys(("brouillon", "image", "partie", "preuve", "acte", "retour"), uuid)
    tous |= {"arret": "x.y", "conseil": "conseil", "mandat": "00000000-0000-7000-8000-000000000000"}
    adresses = [adresse.format(**tous).partition("?")[0] for pages in PAGES.values() for adresse in pages]
    vues = {resolve(adresse).view_name for adresse in adresses if adresse != "/page-absente/"}
    attendues = {nom.partition("#")[0] for nom, regle in ACCES.items() if regle.get} - SANS_PAGE
    assert attendues - vues == set()

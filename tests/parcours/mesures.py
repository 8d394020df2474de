"""Ce qu'on mesure sur une page affichée, et les réglages d'affichage où on le mesure."""

from playwright.sync_api import Page

from tests.outillage.navigateur import GESTE_MAX, Ecran, bas_du_geste, debordement, violations

ANONYME = "anonyme"
PAIRES = [Ecran(390, "light"), Ecran(1280, "dark")]
AUTRES = [Ecran(390, "dark"), Ecran(1280, "light"), Ecran(360, "light"), Ecran(320, "light")]


def nom_d_ecran(valeur: object) -> str | None:
    """« 390-light » dans le nom de l'essai."""
    return f"{valeur.largeur}-{valeur.theme}" if isinstance(valeur, Ecran) else None


def juger(page: Page, nom: str, ecran: Ecran, *, importe: bool = False) -> list[str]:
    """Ce qu'on reproche à la page affichée ; à l'écran du téléphone clair, aussi à 360 × 640 et à 320 px."""
    reproches = [f"{nom} : {v}" for v in violations(page, importe=importe)]
    if (depasse := debordement(page)) > 0:
        reproches.append(f"{nom} : déborde de {depasse} px en largeur")
    if page.locator("h1").count() != 1:
        reproches.append(f"{nom} : un seul h1")
    bas = bas_du_geste(page) if ecran.largeur < 700 else None
    if bas is not None and bas > GESTE_MAX:
        reproches.append(f"{nom} : le geste principal finit à {bas:.0f} px")
    if ecran == PAIRES[0] and (depasse := debordement_a(page, 320)) > 0:
        reproches.append(f"{nom} : déborde de {depasse} px à 320 px de large")
    return reproches


def debordement_a(page: Page, largeur: int) -> int:
    """Le débordement à cette largeur ; la fenêtre reprend la sienne."""
    taille = page.viewport_size
    assert taille
    page.set_viewport_size({"width": largeur, "height": taille["height"]})
    depasse = debordement(page)
    page.set_viewport_size(taille)
    return depasse

"""Corriger une version avant de la figer. Deux mains sur le même texte : la seconde reçoit les deux."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from participation.common.errors import RefusMetier
from participation.common.html import sans_invisibles
from participation.rapports.imports.decoupe import BLOC_MAX, SECTION_MAX, TITRE_MAX
from participation.rapports.models import Image, Section, Version
from participation.rapports.queries import marque
from participation.rapports.rendu import blocs

FIGEE = "Cette version est figée. Elle ne change plus. Importez une nouvelle version."
CONFLIT = "Quelqu'un vient de changer ce texte. Les deux textes sont ci-dessous."


@transaction.atomic
def corriger_section(
    *, section: Section, titre: str, texte: str, en_clair: str, v: int, par: Any, now: datetime
) -> Section:
    """Change une partie lue à la version `v`. Lève RefusMetier : figée ou changée entre-temps (409), forme (422)."""
    toucher(section.version)
    champs = {"titre": " ".join(titre.split()), "texte": propre(texte), "en_clair": propre(en_clair)}
    _verifier(**champs)
    if not Section.objects.filter(pk=section.pk, v=v).update(v=F("v") + 1, **champs):
        raise RefusMetier("conflit", CONFLIT)
    section.refresh_from_db()
    return section


@transaction.atomic
def corriger_presentation(
    *, version: Version, titre: str, preambule: str, libelle: str, vu: str, par: Any, now: datetime
) -> Version:
    """Change le titre, le préambule et le libellé. `vu` est la marque de ce que la personne a lu (`queries.marque`).

    Lève RefusMetier : figée ou changée entre-temps (409), forme (422).
    """
    toucher(version)  # tient la version : ce qui est relu ensuite ne change plus avant la fin
    version.refresh_from_db()
    if marque(version) != vu:
        raise RefusMetier("conflit", CONFLIT)
    _verifier(titre=titre, texte=preambule, en_clair="")
    champs = {"titre": " ".join(titre.split()), "preambule": propre(preambule), "libelle": " ".join(libelle.split())}
    Version.objects.filter(pk=version.pk).update(**champs)
    version.refresh_from_db()
    return version


@transaction.atomic
def decrire_image(*, image: Image, alt: str, ancien: str, par: Any, now: datetime) -> Image:
    """Pose la description d'une image. `ancien` est celle que la personne a vue. Lève RefusMetier."""
    toucher(image.version)
    voulu = " ".join(sans_invisibles(alt).split())
    if not 3 <= len(voulu) <= 300:
        raise RefusMetier("forme", "Décrivez l'image en quelques mots, 300 signes au plus.")
    if not Image.objects.filter(pk=image.pk, alt=ancien).update(alt=voulu):
        raise RefusMetier("conflit", CONFLIT)
    image.refresh_from_db()
    return image


def toucher(version: Version) -> None:
    """Prend la version pour cette transaction : personne ne la fige avant la fin. Lève RefusMetier si elle est figée.

    Un UPDATE et non un verrou de lecture : il vaut sur SQLite comme sur PostgreSQL.
    """
    if not Version.objects.filter(pk=version.pk, figee_le__isnull=True).update(v=F("v") + 1):
        raise RefusMetier("conflit", FIGEE)


def propre(texte: str) -> str:
    """Le texte tel qu'il sera gardé : fins de ligne unies, signes invisibles retirés."""
    return sans_invisibles(texte).strip("\n").rstrip()


def _verifier(*, titre: str, texte: str, en_clair: str) -> None:
    if not titre.strip():
        raise RefusMetier("forme", "Écrivez un titre.")
    if len(titre) > TITRE_MAX:
        raise RefusMetier("forme", f"Le titre dépasse {TITRE_MAX} signes.")
    if len(texte) > SECTION_MAX:
        raise RefusMetier("forme", f"Le texte dépasse {SECTION_MAX} signes. Coupez-le en plusieurs parties.")
    if any(bloc.genre == "texte" and len(bloc.source) > BLOC_MAX for bloc in blocs(texte)):
        raise RefusMetier("forme", f"Un paragraphe dépasse {BLOC_MAX} signes. Coupez-le.")
    if len(en_clair) > BLOC_MAX:
        raise RefusMetier("forme", f"« En clair » dépasse {BLOC_MAX} signes.")

"""Les objets qui portent leur propre empreinte, en plus du registre : version figée, avis, pièce citée.

Écrits par étiquette : le registre n'importe aucun métier.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser

from participation.common.canonique import empreinte_de

Dire = Callable[[str, str], None]
BLOC = 1 << 20


def is_personne(modele: Any) -> bool:
    """Vrai pour le modèle des comptes : aucune personne n'entre dans un contenu scellé."""
    return isinstance(modele, type) and issubclass(modele, AbstractBaseUser)


def verifier_les_scelles(dire: Dire) -> None:
    """Compare chaque empreinte portée à ce que la base contient."""
    _versions(dire)
    _avis(dire)
    _pieces(dire)


def _versions(dire: Dire) -> None:
    """Une version figée : son empreinte ; si elle ne correspond plus, la section qui a changé est nommée."""
    versions = apps.get_model("rapports.Version")._base_manager.filter(figee_le__isnull=False)
    for version in versions.select_related("rapport"):
        if empreinte_de(version.contenu_canonique()) == version.empreinte:
            continue
        dire(f"rapports.Version {version.pk}", f"« {version} » n'est plus le texte figé.")
        for section in version.sections.order_by("ordre"):
            scellee = getattr(section, "empreinte", "")
            if scellee and empreinte_de(section.contenu_canonique()) != scellee:
                dire(f"rapports.Section {section.pk}", f"« {section} » n'est plus la section figée.")


def _avis(dire: Dire) -> None:
    for avis in apps.get_model("consultations.Avis")._base_manager.select_related("saisine").iterator(chunk_size=500):
        if empreinte_de(avis.contenu_canonique()) != avis.empreinte:
            dire(f"consultations.Avis {avis.pk}", f"« {avis} » n'est plus l'avis scellé.")


def _pieces(dire: Dire) -> None:
    pieces = apps.get_model("pieces.PieceJointe")._base_manager
    for piece in pieces.filter(avis_lies__isnull=False).distinct():
        nom = f"pieces.PieceJointe {piece.pk}"
        try:
            with piece.fichier.open("rb") as fichier:
                calcul = hashlib.sha256()
                while bloc := fichier.read(BLOC):
                    calcul.update(bloc)
        except OSError:
            dire(nom, "son fichier a disparu.")
            continue
        if calcul.hexdigest() != piece.empreinte:
            dire(nom, "son fichier n'est plus celui qui a été déposé.")

"""Aucun champ n'échappe au choix : chaque champ de chaque modèle est exporté, publié ailleurs, ou déclaré privé."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey

from participation.accueil.donnees import JEUX
from tests.test_architecture import PRODUIT, RACINE

DESTINATIONS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (RACINE / "participation/accueil/champs.toml").read_text()
)
RANGES = Counter(
    f"{modele}.{champ}" for modele, ou in DESTINATIONS.items() for champs in ou.values() for champ in champs
)


def champs_du_produit() -> Iterator[str]:
    """« consultations.Avis.sens » : chaque champ que nos modèles déclarent."""
    for modele in apps.get_models():
        if modele.__module__.startswith(PRODUIT):
            concrets = [*modele._meta.concrete_fields, *modele._meta.many_to_many]
            yield from (f"{modele._meta.label}.{champ.name}" for champ in concrets)


def test_chaque_champ_est_exporte_ou_declare_prive() -> None:
    voulus = set(champs_du_produit())
    assert len(voulus) > 200
    assert sorted(voulus - set(RANGES)) == [], "à ranger dans participation/accueil/champs.toml"
    assert sorted(set(RANGES) - voulus) == [], "ces champs n'existent plus"
    assert [champ for champ, fois in RANGES.items() if fois > 1] == [], "rangés deux fois"


def test_chaque_destination_est_une_colonne_un_lieu_ou_une_raison() -> None:
    colonnes = {f"{jeu.nom}.{nom}" for jeu in JEUX.values() for nom in jeu.noms}
    dites = {ou for destinations in DESTINATIONS.values() for ou in destinations}
    inconnues = [ou for ou in sorted(dites - colonnes) if not re.fullmatch(r"(PUBLIC|PRIVÉ) : .{10,}", ou)]
    assert inconnues == []


def test_aucune_personne_n_est_dans_les_donnees_ouvertes() -> None:
    """Un lien vers une personne n'est jamais exporté, ni rien de son compte."""
    for modele, destinations in DESTINATIONS.items():
        personnes = {
            c.name
            for c in apps.get_model(modele)._meta.concrete_fields
            if isinstance(c, ForeignKey) and c.remote_field.model is apps.get_model(settings.AUTH_USER_MODEL)
        }
        publies = {champ for ou, champs in destinations.items() if not ou.startswith("PRIVÉ") for champ in champs}
        assert personnes & publies == set(), modele
    assert all(ou.startswith("PRIVÉ") for ou in DESTINATIONS[settings.AUTH_USER_MODEL])

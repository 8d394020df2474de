"""Lire le registre."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from participation.registre.chaine import CHAMPS, ligne
from participation.registre.models import Entree

PHRASES = {
    "version_figee": "Texte du rapport figé",
    "saisine_transmise": "Projet transmis à une instance",
    "remise_prouvee": "Réception du projet prouvée",
    "avis_depose": "Avis déposé",
    "silence_constate": "Silence réputé favorable inscrit",
    "acte_signe": "Acte signé",
    "avis_recu": "Avis reçu hors plateforme, saisi par un agent",
    "contribution_recue": "Contribution reçue",
    "avis_complete": "Délibération complétée",
    "courriel_revenu": "Courriel de transmission revenu",
    "retour_constate": "Retour de courriel constaté par un agent",
    "etape_inscrite": "Étape du circuit inscrite",
}


def tete() -> Entree | None:
    """La dernière entrée : son numéro et son empreinte résument tout ce qui précède."""
    return Entree.objects.order_by("-n").first()


def derniere_de(dossier: UUID) -> Entree | None:
    """La dernière entrée d'une consultation : celle que cite son annexe (règle 18)."""
    return Entree.objects.filter(dossier=dossier).order_by("-n").first()


def lignes() -> Iterator[dict[str, Any]]:
    """Toutes les entrées dans l'ordre, telles que publiées : les champs scellés et l'empreinte, jamais le sel."""
    for valeurs in Entree.objects.order_by("n").values(*CHAMPS, "empreinte").iterator(chunk_size=1000):
        yield ligne(valeurs) | {"empreinte": valeurs["empreinte"]}


def entree_de(objet: str, objet_id: UUID) -> Entree | None:
    """La première entrée qui scelle cet objet (étiquette « app.Modele »)."""
    return Entree.objects.filter(objet=objet, objet_id=objet_id).order_by("n").first()


def pour_la_page(dossier: UUID | None) -> QuerySet[Entree]:
    """Les entrées, de la plus récente à la plus ancienne ; celles d'une consultation si elle est dite."""
    entrees = Entree.objects.order_by("-n")
    return entrees.filter(dossier=dossier) if dossier else entrees


@dataclass(frozen=True)
class Acte:
    """Une entrée à montrer : ce qui s'est passé, et sur quoi."""

    entree: Entree
    phrase: str
    sur: str

    @property
    def is_inscrit_apres(self) -> bool:
        """Vrai si l'acte est inscrit plus tard qu'il n'a eu lieu : les deux dates se montrent (règle 3)."""
        return self.entree.inscrit_le > self.entree.instant


def en_clair(entrees: Iterable[Entree]) -> list[Acte]:
    """Les entrées d'une page, avec leur acte en mots et le genre de l'objet scellé."""
    return [Acte(e, PHRASES.get(e.acte, e.acte.replace("_", " ").capitalize()), genre(e.objet)) for e in entrees]


def genre(etiquette: str) -> str:
    """Le nom français du modèle : « saisine », « preuve de remise »."""
    try:
        return str(apps.get_model(etiquette)._meta.verbose_name)
    except (LookupError, ValueError):
        return etiquette


def dossiers() -> list[tuple[UUID, str]]:
    """(identifiant, titre) des consultations qui ont une entrée, la plus récente d'abord. Lues par étiquette.

    Une consultation réservée aux instances, ou pas encore transmise, n'est pas nommée à tous (règle 20) ; ses entrées
    restent dans la suite.
    """
    cites = Entree.objects.filter(dossier__isnull=False).order_by().values("dossier").distinct()
    consultations = apps.get_model("consultations.Consultation")._base_manager
    return list(
        consultations.filter(pk__in=cites, visibilite_projet="public", transmise_le__isnull=False)
        .order_by("-transmise_le")
        .values_list("pk", "titre")
    )

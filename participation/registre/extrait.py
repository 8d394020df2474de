"""L'extrait du registre : de quoi recalculer, hors de la plateforme, l'empreinte salée de quelques contenus."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps

from participation.common.canonique import json_canonique
from participation.registre.models import Entree, Sel


@dataclass(frozen=True)
class Scelle:
    """Une entrée, le contenu qu'elle scelle tel que la base le dit aujourd'hui, et son sel (vide : effacé)."""

    entree: Entree
    contenu: bytes
    sel: str

    @property
    def nom(self) -> str:
        """Un nom de fichier : son rang dans le registre, puis l'acte."""
        return f"{self.entree.n:06}-{self.entree.acte}.json"


def scelles_de(entrees: Iterable[Entree]) -> list[Scelle]:
    """Chaque entrée avec son contenu canonique, dans l'ordre. Un objet disparu a un contenu vide : cela se verra."""
    lues = list(entrees)
    sels = dict(Sel.objects.filter(entree__in=lues).values_list("entree_id", "valeur"))
    return [Scelle(e, _contenu(e), sels.get(e.n, "")) for e in lues]


def _contenu(entree: Entree) -> bytes:
    objet = apps.get_model(entree.objet)._base_manager.filter(pk=entree.objet_id).first()
    return json_canonique(objet.contenu_canonique()) if objet is not None else b""

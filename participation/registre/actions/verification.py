"""Vérifier le registre : relire chaque entrée, chaque objet scellé, et nommer exactement ce qui a changé (R7)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from participation.common.canonique import empreinte_de
from participation.registre import scelles
from participation.registre.chaine import CHAMPS, ORIGINE, empreinte_d_entree
from participation.registre.models import Entree, Sel
from participation.registre.queries import lignes as publiees_par_la_base
from participation.registre.relecture import ILLISIBLE, Dire, relire

LOT = 500


@dataclass(frozen=True)
class Constat:
    """Une altération : ce qui a changé, et comment on le voit."""

    quoi: str
    phrase: str

    def __str__(self) -> str:
        return f"{self.quoi} : {self.phrase}"


@dataclass
class Verification:
    """Le résultat d'une vérification. `tete` : (n, empreinte) de la dernière entrée."""

    entrees: int = 0
    objets: int = 0
    sels_effaces: int = 0
    tete: tuple[int, str] | None = None
    constats: list[Constat] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Vrai si rien n'a changé."""
        return not self.constats

    def dire(self, quoi: str, phrase: str) -> None:
        """Ajoute un constat."""
        self.constats.append(Constat(quoi, phrase))


def verifier(
    *, tete_attendue: tuple[int, str] | None = None, publiees: Iterable[Mapping[str, Any]] | None = None
) -> Verification:
    """Vérifie tout le registre et tout ce qu'il scelle. N'écrit rien.

    `tete_attendue` (n, empreinte), notée autrefois, prouve que rien n'a été coupé ni récrit jusqu'à elle.
    `publiees` : les lignes d'un `registre.jsonl` gardé, comparées une à une à la base.
    """
    bilan = Verification()
    vus: dict[tuple[str, UUID], list[dict[str, Any]]] = {}
    empreintes: dict[int, str] = {}
    for entree in _chaine(bilan):
        vus.setdefault((entree["objet"], entree["objet_id"]), []).append(entree)
        empreintes[entree["n"]] = entree["empreinte"]
    _contenus(bilan, vus)
    scelles.verifier_les_scelles(bilan.dire)
    if tete_attendue:
        _tete(bilan, empreintes, *tete_attendue)
    if publiees is not None:
        _publiees(bilan, publiees)
    return bilan


def _chaine(bilan: Verification) -> Iterator[dict[str, Any]]:
    """Chaque entrée dans l'ordre, après l'avoir vérifiée avec la précédente."""
    dernier, precedente = 0, ORIGINE
    entrees = Entree.objects.order_by("n")
    for e in relire(entrees, bilan.dire, nom="entrée n°", lot=2000, comme=lambda q: q.values(*CHAMPS, "empreinte")):
        nom = f"entrée n° {e['n']}"
        if e["n"] != dernier + 1:
            bilan.dire(nom, f"elle suit l'entrée n° {dernier} : il en manque, ou son numéro a changé.")
        if e["empreinte"] != empreinte_d_entree(e):
            bilan.dire(nom, "son empreinte ne correspond plus à ce qu'elle dit.")
        if e["precedent"] != precedente:
            bilan.dire(nom, f"elle ne suit plus l'entrée n° {dernier} : l'une des deux a été récrite.")
        dernier, precedente = e["n"], e["empreinte"]
        bilan.entrees += 1
        bilan.tete = (dernier, precedente)
        yield e


def _contenus(bilan: Verification, vus: dict[tuple[str, UUID], list[dict[str, Any]]]) -> None:
    """Relit chaque objet par son étiquette et compare son contenu à toutes les entrées qui le scellent."""
    sels = dict(Sel.objects.values_list("entree_id", "valeur").iterator(chunk_size=2000))
    par_etiquette: dict[str, list[UUID]] = {}
    for etiquette, pk in vus:
        par_etiquette.setdefault(etiquette, []).append(pk)
    for etiquette, pks in par_etiquette.items():
        try:
            modele = apps.get_model(etiquette)
        except (LookupError, ValueError):
            for n in sorted(e["n"] for pk in pks for e in vus[etiquette, pk]):
                bilan.dire(f"entrée n° {n}", f"elle scelle un objet de genre inconnu, « {etiquette} ».")
            continue
        for pk, objet in _relus(modele, pks, bilan.dire):
            bilan.objets += 1
            _comparer(bilan, f"{etiquette} {pk}", objet, vus[etiquette, pk], sels)


def _relus(modele: type[models.Model], pks: list[UUID], dire: Dire) -> Iterator[tuple[UUID, Any]]:
    """(clé, objet ou None), par lots, avec les objets liés que le contenu canonique peut citer."""
    lies = [c.name for c in modele._meta.fields if c.many_to_one and not scelles.is_personne(c.related_model)]
    for debut in range(0, len(pks), LOT):
        lot = pks[debut : debut + LOT]
        lignes = modele._base_manager.filter(pk__in=lot)
        lus = relire(lignes, dire, nom=modele._meta.label, comme=lambda q: q.select_related(*lies) if lies else q)
        trouves = {objet.pk: objet for objet in lus}
        for pk in lot:
            yield pk, trouves.get(pk)


def _comparer(bilan: Verification, nom: str, objet: Any, entrees: list[dict[str, Any]], sels: dict[int, str]) -> None:
    numeros = ", ".join(f"n° {e['n']}" for e in entrees)
    if objet is None:
        bilan.dire(nom, f"il a disparu de la base ; le registre le cite ({numeros}).")
        return
    try:
        contenu = objet.contenu_canonique()
    except ILLISIBLE as erreur:
        bilan.dire(nom, f"son contenu ne se relit plus ({type(erreur).__name__}) ; entrées {numeros}.")
        return
    for entree in entrees:
        sel = sels.get(entree["n"])
        if sel is None:
            bilan.sels_effaces += 1
        elif not _is_meme(contenu, sel, entree["contenu"]):
            bilan.dire(nom, f"son contenu n'est plus celui que scelle l'entrée n° {entree['n']}.")


def _is_meme(contenu: dict[str, Any], sel: str, attendu: str) -> bool:
    try:
        return empreinte_de(contenu, sel=bytes.fromhex(sel)) == attendu
    except ValueError:  # un sel changé n'est plus de l'hexadécimal
        return False


def _tete(bilan: Verification, empreintes: dict[int, str], n: int, empreinte: str) -> None:
    trouvee = empreintes.get(n)
    if trouvee is None:
        bilan.dire(f"entrée n° {n}", "la tête notée n'est plus au registre : il a été coupé.")
    elif trouvee != empreinte:
        bilan.dire(f"entrée n° {n}", "son empreinte n'est pas celle de la tête notée : le registre a été récrit.")


def _publiees(bilan: Verification, publiees: Iterable[Mapping[str, Any]]) -> None:
    """Le fichier gardé doit être, mot pour mot, le début du registre."""
    presentes = {ligne["n"]: ligne for ligne in publiees_par_la_base()}
    for rang, ligne in enumerate(publiees, start=1):
        n = ligne.get("n", rang)
        if n not in presentes:
            bilan.dire(f"entrée n° {n}", "elle est dans le fichier publié et plus dans la base.")
        elif dict(ligne) != presentes[n]:
            bilan.dire(f"entrée n° {n}", "le fichier publié et la base ne disent pas la même chose.")

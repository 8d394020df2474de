"""Écrire en base ce qu'un fichier de territoire apporte. Rejouable : deux fois le même fichier, mêmes lignes.

Un fait absent du fichier n'efface jamais un fait connu ; un type inconnu ne remplace jamais un type connu ; une commune
s'ajoute à un quartier, elle ne s'en retire pas. Tout ou rien : une transaction.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from participation.common.errors import RefusMetier
from participation.common.reference import en_adresse
from participation.territoires.imports import LigneContrat, LigneEnjeu, LigneEpci, LigneQuartier, Lu
from participation.territoires.models import Ambition, Commune, ContratDeVille, Enjeu, Epci, Quartier, Terme

journal = logging.getLogger(__name__)
MUETS = {"source", "source_chiffres", "contour", "importe_le"}


@dataclass
class CompteRendu:
    """Ce que l'import a fait, ligne par ligne : (verbe, quoi, détail)."""

    lignes: list[tuple[str, str, str]] = field(default_factory=list)

    def dire(self, verbe: str, quoi: str, detail: str = "") -> None:
        """Ajoute une ligne."""
        self.lignes.append((verbe, quoi, detail))

    def combien(self, verbe: str) -> int:
        """Le nombre de lignes de ce verbe : créé, changé, inchangé, ignoré."""
        return sum(1 for dit, _, _ in self.lignes if dit == verbe)


@transaction.atomic
def importer_territoire(*, lu: Lu, par: AbstractBaseUser | None, now: datetime) -> CompteRendu:
    """Écrit ce que le fichier apporte et le dit. Lève RefusMetier si le fichier est celui d'un autre territoire."""
    rendu = CompteRendu()
    if lu.epci:
        _epci(rendu, lu.epci, now)
    _communes(rendu, lu)
    _quartiers(rendu, lu)
    if lu.contrat:
        _contrat(rendu, lu.contrat)
    for terme in lu.termes:
        objet = Terme.objects.filter(nom=terme.nom).first() or Terme(nom=terme.nom)
        _poser(rendu, "mot", objet, {"definition": terme.definition, "source": terme.source})
    for ou, pourquoi in lu.ecartes:
        rendu.dire("ignoré", ou, pourquoi)
    journal.info("territoire importé par %s", par.pk if par else "une commande")
    return rendu


def _poser(rendu: CompteRendu, genre: str, objet: models.Model, valeurs: dict[str, Any], note: str = "") -> None:
    """Crée ou met à jour : une valeur nulle ou vide n'efface rien ; ce qui change est dit."""
    is_neuf = objet._state.adding
    changements = []
    for champ, valeur in valeurs.items():
        ancienne = getattr(objet, champ)
        if valeur in (None, "", [], {}) or valeur == ancienne:
            continue
        setattr(objet, champ, valeur)
        nom = str(objet._meta.get_field(champ).verbose_name)  # type: ignore[union-attr]
        is_bavard = champ not in MUETS and ancienne not in (None, "", [], {})
        changements.append(f"{nom} : {ancienne} → {valeur}" if is_bavard else nom)
    if is_neuf or changements:
        objet.save()
    verbe = "créé" if is_neuf else "changé" if changements else "inchangé"
    detail = "" if is_neuf else ", ".join(changements)
    rendu.dire(verbe, f"{genre} {objet}", " ; ".join(filter(None, [detail, note])))


def _epci(rendu: CompteRendu, ligne: LigneEpci, now: datetime) -> None:
    epci = Epci.objects.first() or Epci(nom=ligne.nom)
    if epci.siren and ligne.siren and epci.siren != ligne.siren:
        raise RefusMetier("conflit", f"Ce fichier décrit {ligne.nom}. Cette plateforme est celle de {epci.nom}.")
    valeurs = dict(ligne.champs)
    if epci.nom_court:
        valeurs.pop("nom_court", None)  # un nom court choisi à la main tient
    _poser(rendu, "agglomération", epci, {"nom": ligne.nom, "siren": ligne.siren} | valeurs)
    Epci.objects.filter(pk=epci.pk).update(importe_le=now)


def _communes(rendu: CompteRendu, lu: Lu) -> None:
    connues = {c.code_insee: c for c in Commune.objects.exclude(code_insee=None)}
    prises = set(Commune.objects.values_list("slug", flat=True))
    for ligne in lu.communes:
        commune = connues.get(ligne.code_insee)
        if commune is None:
            commune = Commune(code_insee=ligne.code_insee, slug=_adresse(prises, ligne.nom, ligne.code_insee))
        champs = ("nom", "siren", "population", "is_concernee", "confiance", "source")
        note = "" if ligne.is_concernee or not ligne.confiance else f"concernée : à confirmer ({ligne.confiance})"
        _poser(rendu, "commune", commune, {champ: getattr(ligne, champ) for champ in champs}, note)


def _adresse(prises: set[str], nom: str, distinction: str) -> str:
    """Une adresse libre : le nom, sinon le nom et ce qui le distingue, sinon un rang."""
    candidates = [en_adresse(nom), en_adresse(f"{nom} {distinction}")]
    candidates += [f"{candidates[1]}-{rang}" for rang in range(2, 1000)]
    libre = next(c[:140] for c in candidates if c and c[:140] not in prises)
    prises.add(libre)
    return libre


class Annuaire:
    """Les communes et les quartiers connus, pour reconnaître une ligne sans requête."""

    def __init__(self) -> None:
        communes = list(Commune.objects.filter(is_fictif=False))
        self.communes = {c.code_insee: c for c in communes if c.code_insee} | {en_adresse(c.nom): c for c in communes}
        self.quartiers = list(Quartier.objects.filter(is_fictif=False).prefetch_related("communes"))
        self.communes_de = {q.pk: {c.pk for c in q.communes.all()} for q in self.quartiers}
        self.adresses = set(Quartier.objects.values_list("slug", flat=True))

    def commune(self, dite: str) -> Commune | None:
        """La commune de ce code INSEE ou de ce nom."""
        return self.communes.get(dite) or self.communes.get(en_adresse(dite))

    def quartier(self, ligne: LigneQuartier, communes: list[Commune]) -> Quartier | None:
        """Le quartier de ce code ; sinon celui de ce nom (ou d'une autre graphie) dans une de ces communes."""
        if ligne.code and (connu := next((q for q in self.quartiers if q.code == ligne.code), None)):
            return connu
        noms = {en_adresse(n) for n in (ligne.nom, *ligne.autres_noms)}
        for quartier in self.quartiers:
            siens = {en_adresse(n) for n in (quartier.nom, *quartier.autres_noms)}
            is_meme_code = not (quartier.code and ligne.code)
            if is_meme_code and noms & siens and self.communes_de[quartier.pk] & {c.pk for c in communes}:
                return quartier
        return None


def _quartiers(rendu: CompteRendu, lu: Lu) -> None:
    if not lu.quartiers:
        return
    annuaire = Annuaire()
    if not annuaire.communes:
        raise RefusMetier("forme", "Aucune commune n'est connue. Importez d'abord le fichier JSON du territoire.")
    for ligne in lu.quartiers:
        communes = [c for dite in ligne.communes if (c := annuaire.commune(dite))]
        if communes:
            _quartier(rendu, annuaire, ligne, communes)
        else:
            dites = ", ".join(ligne.communes) or "aucune commune dite"
            rendu.dire("ignoré", f"quartier {ligne.nom} ({ligne.ou})", f"hors de l'agglomération : {dites}")


def _quartier(rendu: CompteRendu, annuaire: Annuaire, ligne: LigneQuartier, communes: list[Commune]) -> None:
    quartier = annuaire.quartier(ligne, communes)
    notes = [ligne.remarque] if ligne.remarque else []
    if quartier is None:
        quartier = Quartier(nom=ligne.nom, slug=_adresse(annuaire.adresses, ligne.nom, communes[0].nom))
        annuaire.quartiers.append(quartier)
    autres = [n for n in dict.fromkeys((*quartier.autres_noms, ligne.nom, *ligne.autres_noms)) if n != quartier.nom]
    type_ = quartier.type if ligne.type == Quartier.Type.INCONNU else ligne.type
    if type_ != ligne.type:
        notes = [f"type {type_} déjà connu, gardé"]
    valeurs = {
        "type": type_,
        "code": ligne.code,
        "is_npnru": ligne.is_npnru,
        "contour": ligne.contour,
        "autres_noms": autres,
        "confiance": ligne.confiance,
        "source": ligne.source if quartier._state.adding or ligne.confiance else "",
    }
    deja = annuaire.communes_de.get(quartier.pk, set())
    if quartier.pk and (neuves := [c.nom for c in communes if c.pk not in deja]):
        notes.append(f"commune ajoutée : {', '.join(neuves)}")
    _poser(rendu, "quartier", quartier, valeurs, " ; ".join(notes))
    quartier.communes.add(*communes)
    annuaire.communes_de[quartier.pk] = deja | {c.pk for c in communes}


def _contrat(rendu: CompteRendu, ligne: LigneContrat) -> None:
    contrat = ContratDeVille.objects.filter(nom=ligne.nom).first() or ContratDeVille(nom=ligne.nom)
    champs = (
        "periode",
        "signe_le",
        "lieu_signature",
        "nb_objectifs",
        "nom_pilotage",
        "montant_pilotage_2024",
        "source",
    )
    _poser(rendu, "contrat", contrat, {champ: getattr(ligne, champ) for champ in champs})
    for enjeu in ligne.enjeux:
        _enjeu(rendu, contrat, enjeu)


def _enjeu(rendu: CompteRendu, contrat: ContratDeVille, ligne: LigneEnjeu) -> None:
    cle = {"contrat": contrat, "numero": ligne.numero, "is_transversal": ligne.is_transversal}
    enjeu = Enjeu.objects.filter(**cle).first() or Enjeu(**cle)
    _poser(rendu, "enjeu", enjeu, {"nom": ligne.nom, "montant_2024": ligne.montant_2024})
    for dite in ligne.ambitions:
        ambition = Ambition.objects.filter(enjeu=enjeu, numero=dite.numero).first()
        ambition = ambition or Ambition(enjeu=enjeu, numero=dite.numero)
        _poser(rendu, "ambition", ambition, {"nom": dite.nom, "montant_2024": dite.montant_2024})

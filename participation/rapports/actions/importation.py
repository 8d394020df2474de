"""Importer un rapport : une version de plus, modifiable. Rien n'est public tant qu'aucune consultation ne la porte."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from participation.common.errors import RefusMetier
from participation.rapports.imports import Analyse, analyser
from participation.rapports.models import Image, Rapport, Section, Version
from participation.rapports.rules import Repere, apparier


def importer(
    *, nom: str, octets: bytes, annee: int | None, par: Any, now: datetime, is_fictif: bool = False, libelle: str = ""
) -> Version:
    """Lit le fichier et crée la version suivante du rapport de cette année (le rapport aussi, si besoin).

    `par` : la personne, déjà jugée par la vue, ou None pour une commande. Lève RefusMetier : fichier illisible, année
    inconnue, deux imports en même temps.
    """
    analyse = analyser(nom, octets)  # hors de la transaction : lire peut prendre une seconde
    voulue = annee or analyse.annee
    if voulue is None or not 2000 <= voulue <= 2100:
        raise RefusMetier("forme", "Dites de quelle année est ce rapport.")
    try:
        return _ecrire(analyse, nom=nom, annee=voulue, now=now, is_fictif=is_fictif, libelle=libelle)
    except IntegrityError as course:
        raise RefusMetier("conflit", "Un autre import vient de finir. Recommencez.") from course


@transaction.atomic
def _ecrire(analyse: Analyse, *, nom: str, annee: int, now: datetime, is_fictif: bool, libelle: str) -> Version:
    titre = analyse.titre or f"Rapport {annee}"
    rapport, _neuf = Rapport.objects.get_or_create(annee=annee, is_fictif=is_fictif, defaults={"titre": titre})
    precedente = rapport.versions.order_by("-numero").first()
    version = Version.objects.create(
        rapport=rapport,
        numero=precedente.numero + 1 if precedente else 1,
        libelle=libelle,
        titre=titre,
        preambule=analyse.preambule,
        source=nom[-160:],
        lecture={"format": analyse.format, "compris": analyse.compris, "ecartes": [str(e) for e in analyse.ecarts]},
        creee_le=now,
    )
    _ecrire_sections(version, analyse, precedente)
    _ecrire_images(version, analyse, precedente)
    return version


def _ecrire_sections(version: Version, analyse: Analyse, precedente: Version | None) -> None:
    """Les parties, avec l'identité de celles d'avant ; « en clair » suit si le texte n'a pas changé."""
    anciennes = list(precedente.sections.order_by("ordre")) if precedente else []
    refs = apparier(_reperes(anciennes), [Repere(s.numero, s.titre, s.ancre) for s in analyse.sections])
    en_clair: dict[tuple[UUID | None, str], str] = {(s.ref, s.texte): s.en_clair for s in anciennes}
    Section.objects.bulk_create(
        Section(
            version=version,
            ref=ref or uuid4(),
            ordre=rang,
            niveau=lue.niveau,
            numero=lue.numero,
            titre=lue.titre,
            ancre=lue.ancre,
            texte=lue.texte,
            en_clair=en_clair.get((ref, lue.texte), ""),
        )
        for rang, (lue, ref) in enumerate(zip(analyse.sections, refs, strict=True), start=1)
    )


def _reperes(sections: Iterable[Section]) -> list[Repere]:
    return [Repere(s.numero, s.titre, s.ancre, s.ref) for s in sections]


def _ecrire_images(version: Version, analyse: Analyse, precedente: Version | None) -> None:
    """Les images ; la description déjà écrite pour les mêmes octets est reprise."""
    connues = {bytes(i.octets): i.alt for i in precedente.images.all()} if precedente else {}
    Image.objects.bulk_create(
        Image(
            version=version,
            nom=lue.nom,
            type_mime=lue.type_mime,
            octets=lue.octets,
            largeur=lue.largeur,
            hauteur=lue.hauteur,
            alt=lue.alt or connues.get(lue.octets, ""),
        )
        for lue in analyse.images
    )

"""Lire un rapport : sommaire, partie et ses voisines, versions, et la preuve qu'une version figée n'a pas bougé."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.db.models import Case, Count, QuerySet, When
from django.db.models.functions import Length

from participation.common.canonique import empreinte_de
from participation.rapports.models import Image, Rapport, Section, Version


@dataclass(frozen=True)
class Lecture:
    """Une partie à lire, entre ses deux voisines, et les parties qu'elle contient directement."""

    section: Section
    precedente: Section | None
    suivante: Section | None
    dedans: Sequence[Section] = ()


def sommaire(version: Version) -> list[Section]:
    """Les parties dans l'ordre, sans leur texte : une seule requête, légère."""
    champs = ("pk", "version_id", "ref", "ordre", "niveau", "numero", "titre", "ancre")
    return list(version.sections.only(*champs).order_by("ordre"))


def parties(version: Version) -> list[Section]:
    """Les parties entières, leur version et ses images déjà lues : deux requêtes, quel que soit leur nombre."""
    lues = list(version.sections.order_by("ordre"))
    images = list(version.images.order_by("nom"))
    for section in lues:
        section.version = version
        section.images_lues = images  # type: ignore[attr-defined]
    return lues


def lecture(version: Version, ancre: str) -> Lecture | None:
    """La partie de cette ancre et ses voisines, ou None."""
    plan = sommaire(version)
    rang = next((i for i, section in enumerate(plan) if section.ancre == ancre), None)
    if rang is None:
        return None
    section = version.sections.get(pk=plan[rang].pk)
    section.version = version
    suite = plan[rang + 1 :]
    contenues = list(takewhile(lambda s: s.niveau > section.niveau, suite))
    dedans = [s for s in contenues if s.niveau == contenues[0].niveau]
    return Lecture(section, plan[rang - 1] if rang else None, suite[0] if suite else None, dedans)


def images_de(section: Section) -> dict[str, Image]:
    """Les images de la version, par nom. Aucune requête si le texte n'en cite pas."""
    if "(image:" not in section.texte:
        return {}
    lues: Iterable[Image] | None = getattr(section, "images_lues", None)
    return {image.nom: image for image in (lues if lues is not None else section.version.images.all())}


def rapports() -> QuerySet[Rapport]:
    """Les rapports et leurs versions, du plus récent au plus ancien, pour la page des agents."""
    return Rapport.objects.prefetch_related("versions").order_by("-annee", "is_fictif")


def a_decrire(version: Version) -> int:
    """Combien d'images attendent encore leur description."""
    compte: int = version.images.filter(alt="").aggregate(n=Count("pk"))["n"]
    return compte


def verifier_version(version: Version) -> bool:
    """Vrai si le contenu en base donne encore l'empreinte figée (règle 8). Faux pour une version non figée."""
    relue = Version.objects.select_related("rapport").get(pk=version.pk)
    return relue.is_figee and empreinte_de(relue.contenu_canonique()) == relue.empreinte


def marque(version: Version) -> str:
    """La marque de ce qu'on a sous les yeux quand on corrige la présentation : une autre main la change."""
    return empreinte_de({"titre": version.titre, "preambule": version.preambule, "libelle": version.libelle})[:16]


def plan_de_relecture(version: Version) -> list[Section]:
    """Les parties, avec ce qu'une relecture veut savoir : vide ou non, « en clair » écrit ou non. Sans les textes."""
    champs = ("pk", "version_id", "ordre", "niveau", "numero", "titre", "ancre")
    lues = version.sections.annotate(
        longueur=Length("texte"), is_claire=Case(When(en_clair="", then=False), default=True)
    )
    return list(lues.only(*champs).order_by("ordre"))


def images_a_relire(version: Version) -> list[Image]:
    """Les images sans leurs octets."""
    return list(version.images.defer("octets").order_by("nom"))

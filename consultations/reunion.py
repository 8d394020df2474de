"""La réunion d'un conseil telle qu'elle se publie (règle 15). Pur : lue du projet ou de l'avis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from consultations.etats import ModeAdoption
from consultations.rules import compte_publiable

DeLaReunion: TypeAlias = Any  # ProjetAvis, Avis ou SaisieReunion : ils portent les mêmes champs

COLLEGES = {"habitants_presents": "habitants", "associations_presentes": "associations et acteurs locaux"}
COMPTES = {"femmes": "Femmes", "hommes": "Hommes", "moins_25": "Moins de 25 ans"}


@dataclass(frozen=True)
class Reunion:
    """Ce qu'un avis dit de la réunion (règle 15) : des collèges et des nombres, jamais un nom."""

    mode_adoption: str = ""
    colleges: Sequence[str] = ()
    comptes: Sequence[tuple[str, str]] = ()
    minoritaire: str = ""

    @property
    def phrases(self) -> list[str]:
        """Une phrase par chose dite ; vide si rien n'est dit."""
        adoption = ["Adopté par consensus."] if self.mode_adoption == ModeAdoption.CONSENSUS else []
        adoption += ["Vote à main levée."] if self.mode_adoption == ModeAdoption.MAIN_LEVEE else []
        presents = [f"Collèges présents : {', '.join(self.colleges)}."] if self.colleges else []
        comptes = [f"{', '.join(f'{nom.lower()} : {n}' for nom, n in self.comptes).capitalize()}."]
        return adoption + presents + (comptes if self.comptes else [])


def reunion_de(source: DeLaReunion) -> Reunion:
    """La réunion telle qu'elle se publie : du projet aussi, pour que la relecture soit exacte."""
    comptes = [(nom, _compte(getattr(source, champ))) for champ, nom in COMPTES.items()]
    return Reunion(
        mode_adoption=source.mode_adoption,
        colleges=[nom for champ, nom in COLLEGES.items() if getattr(source, champ)],
        comptes=[(nom, n) for nom, n in comptes if n],
        minoritaire=source.minoritaire,
    )


def _compte(valeur: int | str | None) -> str:
    return valeur if isinstance(valeur, str) else compte_publiable(valeur)

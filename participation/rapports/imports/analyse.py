"""Ce qu'un import a lu d'un fichier, avant toute écriture. Les trois formats donnent la même chose."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SectionLue:
    """Un titre et le texte qui le suit, jusqu'au titre d'après. `niveau` vaut 2 à 6."""

    niveau: int
    numero: str
    titre: str
    ancre: str
    texte: str


@dataclass(frozen=True)
class ImageLue:
    """Une image vérifiée et redessinée. `alt` est ce que le fichier en disait, souvent rien."""

    nom: str
    type_mime: str
    octets: bytes = field(repr=False)
    largeur: int
    hauteur: int
    alt: str


@dataclass(frozen=True)
class Ecart:
    """Ce que l'import n'a pas gardé, ou a changé. `ligne` est celle du fichier Markdown ; ailleurs, 0."""

    ligne: int
    phrase: str

    def __str__(self) -> str:
        return f"Ligne {self.ligne} : {self.phrase}" if self.ligne else self.phrase


@dataclass(frozen=True)
class Analyse:
    """Le rapport tel qu'il a été compris, et ce qui a été écarté."""

    format: str
    titre: str
    annee: int | None
    preambule: str
    sections: tuple[SectionLue, ...]
    images: tuple[ImageLue, ...]
    ecarts: tuple[Ecart, ...]
    titres: int
    tableaux: int

    @property
    def compris(self) -> list[str]:
        """Ce qui a été compris, en phrases courtes."""
        return [
            _compte(self.titres, "titre"),
            _compte(len(self.sections), "partie", feminin=True),
            _compte(self.tableaux, "tableau", pluriel="tableaux"),
            _compte(len(self.images), "image", feminin=True),
        ]


def _compte(nombre: int, nom: str, *, pluriel: str = "", feminin: bool = False) -> str:
    """« 32 titres », « 1 titre », « aucune image »."""
    if not nombre:
        return f"{'aucune' if feminin else 'aucun'} {nom}"
    return f"{nombre} {(pluriel or nom + 's') if nombre > 1 else nom}"

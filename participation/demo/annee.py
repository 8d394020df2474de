"""« Une année en trois minutes » : les six dates du cas de référence, et ce qui s'est passé à chacune.

Les dates sont celles de `donnees/territoire.json` (`procedure_2024`) ; les heures d'arrivée suivent de peu les actes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from participation.common.dates import instant_court
from participation.demo.actes import Acte, liste
from participation.demo.models import ActeJoue
from participation.demo.monde.rapport_2024 import le
from participation.demo.queries import origine_connue


@dataclass(frozen=True)
class Jalon:
    """Une date de l'année : où porter l'heure du site, le nom de l'étape, et ce qu'on y verra."""

    instant: datetime
    jour: str
    nom: str
    icone: str
    phrase: str

    @property
    def iso(self) -> str:
        """L'instant en ISO 8601, heure de Paris."""
        return self.instant.isoformat(timespec="seconds")

    @property
    def quand(self) -> str:
        """« mardi 24 juin 2025 à 21 h 00 » ; à minuit, le jour qui finit."""
        if self.instant == MINUIT:
            return "jeudi 30 octobre 2025 à minuit"
        return instant_court(self.instant).replace(" h ", "\u00a0h\u00a0")


MINUIT = le(10, 31, 0)
"""La borne de la consultation : la fin du 30 octobre 2025 (règle 1)."""
JALONS = (
    Jalon(
        le(6, 16, 9), "16 juin", "Commission", "users-round",
        "La commission « Cohésion sociale » donne son avis. Le projet n’est pas encore public.",
    ),
    Jalon(
        le(6, 24, 21), "24 juin", "Arrêté", "landmark",
        "Le conseil communautaire arrête le projet de rapport, par une délibération.",
    ),
    Jalon(
        le(6, 27, 16), "27 juin", "Publié", "stamp",
        "La délibération est reçue en sous-préfecture et publiée. On peut la contester pendant deux mois.",
    ),
    Jalon(
        le(6, 30, 12), "30 juin", "Transmis", "send",
        "La transmission est signée. Chaque instance a jusqu’au 30 octobre. La réception se prouve en trois jours.",
    ),
    Jalon(
        MINUIT, "30 octobre, minuit", "Délai fini", "hourglass",
        "Qui n’a pas répondu est réputé favorable. Le courrier reste à vérifier.",
    ),
    Jalon(
        le(11, 5, 11), "5 novembre", "Procès-verbal", "file-check",
        "Le courrier est vérifié, le procès-verbal est signé. Les instances sont prévenues.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Fait:
    """Ce qui a eu lieu, ou ce qu'une personne a empêché (`refus`)."""

    instant: datetime
    phrase: str
    refus: str


@dataclass(frozen=True)
class Etape:
    """Un jalon à cette heure. `etat` vaut faite, encours ou avenir ; les champs sont ceux de la frise."""

    rang: int
    jalon: Jalon
    etat: str
    faits: tuple[Fait, ...]
    part: None = None

    @property
    def nom(self) -> str:
        """Le nom de l'étape."""
        return self.jalon.nom

    @property
    def quand(self) -> str:
        """Le jour, court."""
        return self.jalon.jour

    @property
    def icone(self) -> str:
        """Son icône."""
        return self.jalon.icone


@dataclass(frozen=True)
class Annee:
    """L'année lue à une heure : ses étapes, et le rang de la dernière atteinte."""

    etapes: tuple[Etape, ...]
    position: int

    @property
    def dernier(self) -> int:
        """Le rang de la dernière date."""
        return len(self.etapes) - 1

    @property
    def suivante(self) -> Etape | None:
        """La prochaine date ; None quand l'année est finie."""
        return self.etapes[self.position + 1] if self.position < self.dernier else None


def lire(now: datetime) -> Annee | None:
    """L'année à cette heure ; None si la démonstration est partie après elle, ou n'est pas chargée. Deux requêtes."""
    origine = origine_connue()
    if origine is None or origine >= JALONS[-1].instant:
        return None
    position = max((n for n, jalon in enumerate(JALONS) if jalon.instant <= now), default=0)
    faits = _faits(origine)
    etapes = []
    for n, jalon in enumerate(JALONS):
        etat = "faite" if n < position else "encours" if n == position else "avenir"
        avant = JALONS[n - 1].instant if n else jalon.instant - timedelta(days=1)
        vus = tuple(f for f in faits if avant < f.instant <= jalon.instant) if n <= position else ()
        etapes.append(Etape(n, jalon, etat, vus))
    return Annee(tuple(etapes), position)


def _faits(origine: datetime) -> Sequence[Fait]:
    """Ce que les actes joués ont à dire, dans l'ordre."""
    dits: dict[str, Acte] = {acte.nom: acte for acte in liste(origine) if acte.phrase}
    joues = ActeJoue.objects.filter(nom__in=dits).order_by("instant", "nom")
    return [Fait(joue.instant, dits[joue.nom].phrase, joue.refus) for joue in joues]

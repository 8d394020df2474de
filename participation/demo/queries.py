"""Les lectures nommées de la démonstration."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from consultations.models import Saisine
from consultations.queries import consultations_visibles
from participation.common.dates import PARIS, jour_a_paris
from participation.demo.models import ActeJoue

PREMIER = "premier-chargement"  # la marque du premier chargement parmi les actes joués
ANNEES = 2
AVANT = timedelta(seconds=10)
APRES = timedelta(hours=8)


@dataclass(frozen=True)
class Saut:
    """Un instant proposé pour avancer l'heure du site."""

    instant: datetime
    phrase: str

    @property
    def iso(self) -> str:
        """L'instant en ISO 8601, heure de Paris."""
        return self.instant.astimezone(PARIS).isoformat(timespec="seconds")


def is_chargee() -> bool:
    """Vrai quand le monde de démonstration existe."""
    return ActeJoue.objects.exists()


def origine_connue() -> datetime | None:
    """L'heure du site au premier chargement ; None si rien n'est chargé."""
    return ActeJoue.objects.filter(nom=PREMIER).values_list("instant", flat=True).first()


def fin_du_monde(now: datetime) -> datetime:
    """Le dernier instant où porter l'heure : la fin de la deuxième année qui suit le premier chargement."""
    depart = origine_connue() or now
    return datetime(jour_a_paris(depart).year + ANNEES, 12, 31, 23, 59, 59, tzinfo=PARIS)


def adresse_publique(slug: str, now: datetime) -> str:
    """L'adresse de cette consultation si tout le monde peut la lire à cette heure ; vide sinon."""
    trouvee = consultations_visibles(None, now).filter(slug=slug).first()
    return trouvee.get_absolute_url() if trouvee else ""


def sauts(now: datetime) -> list[Saut]:
    """Les instants qui valent le voyage : juste avant et juste après chaque échéance à venir."""
    proposes = []
    bornes = Saisine.objects.en_vigueur().ouvertes(now).order_by("borne")
    for titre, borne in bornes.values_list("consultation__titre", "borne").distinct()[:3]:
        proposes.append(Saut(borne - AVANT, f"Dix secondes avant la fin : {titre}"))
        proposes.append(Saut(borne + APRES, f"Le lendemain matin : {titre}"))
    return [saut for saut in proposes if saut.instant > now]

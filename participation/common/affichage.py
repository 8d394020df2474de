"""Ce que l'écran montre : réglages de la personne, états d'une saisine, temps qui reste. Pur : ni base ni horloge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from participation.common.dates import jour_a_paris, jour_long

THEMES = {"auto": "Comme mon appareil", "clair": "Clair", "sombre": "Sombre"}
TAILLES = {"normal": "Normale", "grand": "Grande", "tres-grand": "Très grande"}
UN_AN = 365 * 24 * 3600


@dataclass(frozen=True)
class Affichage:
    """Thème et taille du texte, tels que le serveur les rend."""

    theme: str = "auto"
    taille: str = "normal"

    @classmethod
    def des_temoins(cls, temoins: Mapping[str, str]) -> "Affichage":
        """Lit les témoins ; une valeur inconnue vaut le réglage ordinaire."""
        theme, taille = temoins.get("theme", ""), temoins.get("taille", "")
        return cls(theme if theme in THEMES else "auto", taille if taille in TAILLES else "normal")


@dataclass(frozen=True)
class EtatMontre:
    """Un état à l'écran : `data-etat`, libellé (contrat.md), et ce que cela veut dire."""

    code: str
    libelle: str
    sens: str

    @property
    def icone(self) -> str:
        """Le nom de la forme dans la planche d'icônes."""
        return f"etat-{self.code}"

    @property
    def forme(self) -> str:
        """Le dessin à inclure dans un document (PDF), où la planche n'est pas lue."""
        return f"components/formes/etat-{self.code}.svg"


ETATS = {
    "FAVORABLE": EtatMontre("favorable", "Favorable", "L’instance a dit oui."),
    "FAVORABLE_OBSERVATIONS": EtatMontre(
        "observations", "Favorable avec observations", "Oui, avec des remarques. Une réponse est due."
    ),
    "FAVORABLE_RESERVES": EtatMontre(
        "reserves", "Favorable avec réserves", "Oui, à une condition. Une réponse est due."
    ),
    "DEFAVORABLE": EtatMontre("defavorable", "Défavorable", "Non, et elle dit pourquoi."),
    "NE_SE_PRONONCE_PAS": EtatMontre(
        "abstention", "Ne se prononce pas", "Elle a répondu sans choisir. Ce n’est pas un silence."
    ),
    "REPONDU": EtatMontre(
        "repondu", "A répondu (publié à la clôture)", "Elle a répondu. Le sens viendra à la clôture."
    ),
    "EN_ATTENTE": EtatMontre("attente", "En attente", "Elle peut encore répondre."),
    "REPUTE_FAVORABLE": EtatMontre(
        "repute", "Réputé favorable", "Personne n’a parlé. La loi fait comme si elle avait dit oui."
    ),
    "NON_SAISIE": EtatMontre("nonsaisie", "Non saisie", "On ne lui a pas encore demandé."),
    "SANS_OBJET": EtatMontre("sansobjet", "Sans objet", "La question ne la concerne plus."),
}
PAR_DATA = {etat.code: etat for etat in ETATS.values()}


def etat_montre(valeur: Any) -> EtatMontre:
    """L'état à montrer, depuis son code ou son `data-etat`. Lève KeyError si le code est inconnu."""
    texte = str(getattr(valeur, "value", valeur))
    return ETATS.get(texte) or PAR_DATA[texte]


@dataclass(frozen=True)
class Compte:
    """Le temps qui reste, en une phrase : `avant`, `nombre`, `unite`, `apres`, lus dans l'ordre (DESIGN.md §3)."""

    avant: str
    nombre: int | None
    unite: str
    apres: str
    is_clos: bool

    def __str__(self) -> str:
        reste = f"{self.nombre} {self.unite}," if self.nombre is not None else self.unite
        return " ".join(morceau for morceau in (self.avant, reste, self.apres) if morceau)


def compter(borne: datetime, now: datetime) -> Compte:
    """Au-delà de 48 heures : les jours civils de Paris. Dessous : les heures. Dernière heure : les minutes.

    `borne` est exclue (règle 2) : à la borne, c'est fini. On n'arrondit jamais vers le haut.
    """
    echeance = jour_a_paris(borne - timedelta(microseconds=1))
    jour = jour_long(echeance)
    reste = borne - now
    if reste <= timedelta(0):
        return Compte("C’est terminé", None, "", f"depuis le {jour} à minuit", True)
    apres = f"jusqu’au {jour} à minuit"
    if reste < timedelta(minutes=1):
        return Compte("Il reste", None, "moins d’une minute,", apres, False)
    if reste > timedelta(hours=48):
        nombre, unite = (echeance - jour_a_paris(now)).days, "jour"
    elif reste >= timedelta(hours=1):
        nombre, unite = reste // timedelta(hours=1), "heure"
    else:
        nombre, unite = reste // timedelta(minutes=1), "minute"
    return Compte("Il reste", nombre, unite + ("s" if nombre > 1 else ""), apres, False)

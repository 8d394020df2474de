"""Ce qu'une personne a saisi, une fois la forme jugée."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class SaisieCompte:
    """Ce qu'une personne dit d'elle : un nom d'usage et un quartier, tous deux facultatifs."""

    nom_usage: str = ""
    quartier_id: int | None = None


@dataclass(frozen=True)
class SaisieCollectivite:
    """L'identité donnée à l'installation. Une valeur vide laisse en place ce qui était déjà su."""

    nom: str
    nom_court: str = ""
    nom_plateforme: str = ""
    courriel_contact: str = ""
    telephone_contact: str = ""
    adresse_contact: str = ""
    service: str = ""
    courriel_dpo: str = ""
    siren: str = ""
    directeur_publication: str = ""
    hebergeur: str = ""
    tribunal_administratif: str = ""
    schema_accessibilite: str = ""

    @property
    def connues(self) -> dict[str, str]:
        """Les seules valeurs données."""
        return {nom: valeur.strip() for nom, valeur in vars(self).items() if valeur.strip()}


@dataclass(frozen=True)
class SaisieCle:
    """Une clé d'accès créée par l'appareil de la personne."""

    nom: str
    credential: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SaisieMembre:
    """Une personne à nommer. `au` : exclu ; None : sans fin. `du` None : dès maintenant."""

    instance: UUID
    nom: str
    role: str
    courriel: str = ""
    college: str = ""
    designation: str = ""
    du: datetime | None = None
    au: datetime | None = None

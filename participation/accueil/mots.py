"""Les mots de la consultation, expliqués. Ceux du territoire viennent de la base et passent avant (même mot)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from participation.common.reference import en_adresse
from participation.territoires.models import Terme


@dataclass(frozen=True)
class Mot:
    """Une entrée du glossaire."""

    nom: str
    definition: str
    source: str = ""

    @property
    def ancre(self) -> str:
        """L'adresse de l'entrée dans la page."""
        return en_adresse(self.nom)


MOTS = (
    Mot("Accusé de réception", "Le reçu d’un avis. Il porte la date, l’heure et un numéro."),
    Mot("Ambition", "Un but du contrat de ville. Chaque ambition a un montant en euros."),
    Mot("Avis", "La réponse d’une commune ou d’un conseil citoyen sur le rapport."),
    Mot("Conseil citoyen", "Des habitants, des associations et des acteurs locaux d’un quartier."),
    Mot("Conseil communautaire", "Les élus de toutes les communes. Il approuve le rapport."),
    Mot("Consultation", "Le moment où l’on demande un avis sur le rapport."),
    Mot("Contrat de ville", "Un accord entre l’État, les collectivités et leurs partenaires pour les quartiers."),
    Mot("Délibération", "Une décision votée par des élus, en séance."),
    Mot("Échéance", "Le dernier jour pour répondre. Ce jour-là compte en entier, jusqu’à minuit."),
    Mot("Empreinte", "Une suite de signes qui change si un seul mot du texte change."),
    Mot("Favorable avec observations", "Un avis qui dit oui, avec des remarques."),
    Mot("Favorable avec réserves", "Un avis qui dit oui, à une condition."),
    Mot("Instance", "Un groupe que la loi ou la collectivité consulte : une commune, un conseil citoyen."),
    Mot("Mandat", "Le droit d’agir pour une instance. Il a une date de début."),
    Mot("Observation", "Une remarque sur une partie du rapport : question, correction, ajout ou désaccord."),
    Mot("Politique de la ville", "Les actions publiques pour les quartiers en difficulté."),
    Mot("Rapport annuel", "Le bilan d’une année de politique de la ville."),
    Mot("Registre", "La liste publique des actes. On y ajoute, on n’y efface rien."),
    Mot("Remise", "La preuve que l’instance a bien reçu le projet de rapport."),
    Mot("Réputé favorable", "Personne n’a répondu à temps. La loi fait comme si l’instance avait dit oui."),
    Mot("Saisine", "La demande d’avis envoyée à une instance, avec une date limite."),
    Mot("Version figée", "Le texte envoyé aux instances. Plus personne ne peut le changer."),
)


def glossaire(termes: Iterable[Terme], mots: Mapping[str, str]) -> list[Mot]:
    """Tous les mots, dans l'ordre de l'alphabet. `mots` : le vocabulaire de l'agglomération."""
    sigles = [Mot(mots[f"{cle}_sigle"], mots[cle].capitalize() + ".") for cle in ("qpv", "qic")]
    tous = {mot.ancre: mot for mot in (*MOTS, *sigles)}
    tous |= {en_adresse(t.nom): Mot(t.nom, t.definition, t.source) for t in termes}
    return [tous[ancre] for ancre in sorted(tous)]

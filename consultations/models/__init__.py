"""La consultation annuelle : ce qui est transmis, à qui, jusqu'à quand, et ce qui a été répondu.

L'état d'une saisine n'est jamais stocké : il se déduit des dates (`queries.etats`). Les avis, les observations et les
preuves de remise sont des tables à ajout seul : la base refuse de les changer.
"""

from consultations.models.acte import Acte, ActePrepare
from consultations.models.avis import Avis, AvisQuerySet, Observation, PieceAvis, Ralliement
from consultations.models.consultation import Consultation
from consultations.models.contact import Contact
from consultations.models.contenu import ContenuLegal
from consultations.models.demande import DemandeDeTemps
from consultations.models.etape import Etape
from consultations.models.projet import ObservationProjet, ProjetAvis
from consultations.models.reception import Complement, Contribution
from consultations.models.retour import ConstatRetour, RetourCourriel
from consultations.models.saisine import PreuveRemise, Saisine, SaisineQuerySet

__all__ = [
    "Acte",
    "ActePrepare",
    "Avis",
    "AvisQuerySet",
    "Complement",
    "ConstatRetour",
    "Consultation",
    "Contact",
    "ContenuLegal",
    "Contribution",
    "DemandeDeTemps",
    "Etape",
    "Observation",
    "ObservationProjet",
    "PieceAvis",
    "PreuveRemise",
    "ProjetAvis",
    "Ralliement",
    "RetourCourriel",
    "Saisine",
    "SaisineQuerySet",
]

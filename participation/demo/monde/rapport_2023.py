"""La consultation de l'année passée, inventée et brève : transmise, close, approuvée."""

from datetime import date, datetime
from functools import partial

from consultations.etats import TypeActe
from consultations.models import Consultation
from consultations.saisies import SaisieConsultation
from participation.common.dates import PARIS, jour_a_paris
from participation.demo.actes import Acte
from participation.demo.monde.avis import EN_TETE
from participation.demo.monde.outils import Reponse, consulter, importer_version, repondre, signer, version_de

SLUG = "rapport-2023-demonstration"
FICHIER = "rapport-2023-demonstration.md"
REPONSES = (
    Reponse("conseil-citoyen-de-demonstration-1", "FAVORABLE", EN_TETE + "Le conseil est d'accord avec le rapport."),
    Reponse(
        "commune-de-demonstration-1", "FAVORABLE_OBSERVATIONS", EN_TETE + "La commune demande un café de plus.",
        (("1-1", "ajout", "Ouvrir aussi un café des habitants le samedi."),),
        vote=(20, 0, 3), seance=date(2024, 9, 17),
    ),
)  # fmt: skip


def _le(mois: int, jour: int, heure: int, minute: int = 0) -> datetime:
    return datetime(2024, mois, jour, heure, minute, tzinfo=PARIS)


def actes(origine: datetime) -> list[Acte]:
    """De juin à décembre 2024."""
    return [
        Acte(_le(6, 18, 9), f"{SLUG}-import", preparer_le_texte),
        Acte(_le(6, 21, 15), f"{SLUG}-preparation", preparer),
        Acte(_le(6, 28, 10), f"{SLUG}-transmission", partial(signer, SLUG)),
        Acte(_le(9, 12, 19, 40), f"{SLUG}-conseil_1", partial(repondre, SLUG, REPONSES[0])),
        Acte(_le(9, 19, 11, 5), f"{SLUG}-commune_1", partial(repondre, SLUG, REPONSES[1])),
        Acte(_le(11, 6, 10), f"{SLUG}-proces-verbal", partial(signer, SLUG, type=TypeActe.PROCES_VERBAL)),
        Acte(_le(12, 10, 20), f"{SLUG}-approbation", approuver),
    ]


def preparer_le_texte(now: datetime) -> None:
    """Le rapport inventé."""
    importer_version(FICHIER, annee=2023, is_fictif=True, now=now)


def preparer(now: datetime) -> None:
    """Quatre mois pour répondre ; aucune instance réelle n'est mêlée à une année inventée."""
    saisie = SaisieConsultation(
        titre="Rapport 2023, consultation de démonstration",
        slug=SLUG,
        echeance=date(2024, 10, 31),
        arrete_le=date(2024, 6, 18),
        publie_le=date(2024, 6, 21),
        is_demonstration=True,
    )
    consulter(saisie, version_de(annee=2023, is_fictif=True), now, fictives_seules=True)


def approuver(now: datetime) -> None:
    """L'approbation, fait accompli : aucune action ne l'inscrit encore."""
    Consultation.objects.filter(slug=SLUG).update(approuve_le=jour_a_paris(now))

"""Le rapport 2024 à ses vraies dates : arrêté le 24 juin 2025, transmis le 30, réponses jusqu'au 30 octobre."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from consultations.actions.remise import accuser_reception, inscrire_remise
from consultations.saisies import SaisieConsultation
from participation.common.dates import PARIS
from participation.demo.actes import Acte, rien
from participation.demo.monde import avis
from participation.demo.monde.outils import (
    Reponse,
    consulter,
    importer_version,
    mandat_de,
    repondre,
    saisine_de,
    signer,
    tenu_par,
    version_de,
)

SLUG = "rapport-2024"
FICHIER = "rapport-2024.md"
ECHEANCE = date(2025, 10, 30)


def _le(mois: int, jour: int, heure: int, minute: int = 0, seconde: int = 0) -> datetime:
    return datetime(2025, mois, jour, heure, minute, seconde, tzinfo=PARIS)


def actes(origine: datetime) -> list[Acte]:
    """Les actes de l'été et de l'automne 2025."""
    tous = [
        Acte(_le(6, 24, 21), f"{SLUG}-import", preparer_le_texte),
        Acte(_le(6, 27, 15), f"{SLUG}-preparation", preparer),
        Acte(_le(6, 30, 10), f"{SLUG}-transmission", partial(signer, SLUG)),
        Acte(_le(7, 2, 18, 12), f"{SLUG}-recu", partial(jai_recu, SLUG)),
        Acte(_le(7, 4, 10, 30), f"{SLUG}-recepisse", partial(recepisse, SLUG, _le(7, 3, 14))),
    ]
    tous += [_avis(*ligne) for ligne in CALENDRIER]
    if origine > (minuit := _le(10, 31, 0, 0, 5)):  # chargé après coup : le silence a été inscrit à l'échéance
        tous.append(Acte(minuit, f"{SLUG}-echeance", rien))
    return tous


Ecrire = Callable[[date], Reponse]
CALENDRIER: tuple[tuple[datetime, Ecrire, date], ...] = (
    (_le(9, 12, 19, 40), avis.conseil_1, date(2025, 9, 11)),
    (_le(9, 18, 11, 5), avis.commune_1, date(2025, 9, 16)),
    (_le(9, 25, 9, 30), avis.commune_2, date(2025, 9, 23)),
    (_le(9, 30, 20, 15), avis.conseil_3, date(2025, 9, 30)),
    (_le(10, 2, 16, 45), avis.commune_3, date(2025, 9, 30)),
    (_le(10, 9, 14, 10), avis.commune_4, date(2025, 10, 7)),
    (_le(10, 13, 16, 22), avis.conseil_3_bis, date(2025, 10, 12)),
    (_le(10, 14, 21, 3), avis.conseil_2, date(2025, 10, 14)),
)


def _avis(instant: datetime, ecrire: Ecrire, seance: date) -> Acte:
    return Acte(instant, f"{SLUG}-{ecrire.__name__}", partial(repondre, SLUG, ecrire(seance)))


def preparer_le_texte(now: datetime) -> None:
    """Le rapport arrêté par la délibération du 24 juin 2025, importé tel quel, anomalies comprises."""
    importer_version(FICHIER, annee=2024, is_fictif=False, now=now)


def preparer(now: datetime) -> None:
    """La consultation, avec les paramètres de la délibération publiée le 27 juin 2025."""
    saisie = SaisieConsultation(
        titre="Rapport 2024 sur la politique de la ville",
        slug=SLUG,
        echeance=ECHEANCE,
        arrete_le=date(2025, 6, 24),
        publie_le=date(2025, 6, 27),
        is_demonstration=True,
    )
    consulter(saisie, version_de(annee=2024, is_fictif=False), now)


def jai_recu(slug: str, now: datetime) -> None:
    """« J'ai bien reçu », par un conseil de démonstration."""
    saisine = saisine_de(slug, "conseil-citoyen-de-demonstration-2")
    accuser_reception(saisine=saisine, par=mandat_de(saisine, now), now=now)


def recepisse(slug: str, remis_le: datetime, now: datetime) -> None:
    """Une commune sans courriel : l'agent saisit le récépissé signé."""
    inscrire_remise(
        saisine=saisine_de(slug, "commune-de-demonstration-5"),
        moyen="RECEPISSE",
        remis_le=remis_le,
        note="Récépissé signé à l'accueil, gardé par l'équipe (démonstration).",
        piece=None,
        par=tenu_par("agent"),
        now=now,
    )

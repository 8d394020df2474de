"""La consultation ouverte : le même texte, des dates comptées du premier chargement, l'échéance 12 jours après."""

from datetime import date, datetime, time, timedelta
from functools import partial

from consultations.saisies import SaisieConsultation
from participation.common.dates import PARIS, jour_a_paris
from participation.demo.actes import Acte
from participation.demo.monde import avis
from participation.demo.monde.outils import consulter, importer_version, repondre, signer, version_de
from participation.demo.monde.rapport_2024 import FICHIER, Ecrire, jai_recu, recepisse

SLUG = "rapport-2024-demonstration"
OUVERTE_DEPUIS = 35  # jours : plus d'un mois avant l'échéance, même sous le plancher prudent
RESTE = 12


def actes(origine: datetime) -> list[Acte]:
    """Un mois passé, douze jours à venir."""
    jour0 = jour_a_paris(origine)

    def le(jours: int, heure: int, minute: int = 0) -> datetime:
        return datetime.combine(jour0 + timedelta(days=jours), time(heure, minute), tzinfo=PARIS)

    def reponse(instant: datetime, ecrire: Ecrire) -> Acte:
        seance = jour_a_paris(instant) - timedelta(days=1)
        return Acte(instant, f"{SLUG}-{ecrire.__name__}", partial(repondre, SLUG, ecrire(seance)))

    debut = -OUVERTE_DEPUIS
    return [
        Acte(le(debut - 5, 9), f"{SLUG}-import", preparer_le_texte),
        Acte(le(debut - 2, 15), f"{SLUG}-preparation", partial(preparer, jour0)),
        Acte(le(debut, 10), f"{SLUG}-transmission", partial(signer, SLUG)),
        Acte(le(debut + 1, 18, 12), f"{SLUG}-recu", partial(jai_recu, SLUG)),
        Acte(le(debut + 3, 10, 30), f"{SLUG}-recepisse", partial(recepisse, SLUG, le(debut + 2, 14))),
        reponse(le(-24, 19, 40), avis.conseil_1),
        reponse(le(-20, 11, 5), avis.commune_1),
        reponse(le(-15, 9, 30), avis.commune_2),
        reponse(le(-12, 20, 15), avis.conseil_3),
        reponse(le(-9, 16, 45), avis.commune_3),
        reponse(le(-6, 14, 10), avis.commune_4),
        reponse(le(-3, 21, 3), avis.conseil_2),
        reponse(le(3, 16, 22), avis.conseil_3_bis),
    ]


def preparer_le_texte(now: datetime) -> None:
    """Le même texte, rangé à part comme rapport de démonstration : rien n'y touche au vrai."""
    importer_version(FICHIER, annee=2024, is_fictif=True, now=now)


def preparer(jour0: date, now: datetime) -> None:
    """La consultation ouverte."""
    saisie = SaisieConsultation(
        titre="Rapport 2024, consultation de démonstration",
        slug=SLUG,
        echeance=jour0 + timedelta(days=RESTE),
        arrete_le=jour_a_paris(now) - timedelta(days=1),
        publie_le=jour_a_paris(now),
        is_demonstration=True,
    )
    consulter(saisie, version_de(annee=2024, is_fictif=True), now)

"""Ce que le bureau surveille : l'échéance et ce qu'elle fera seule, le courrier, la machine, le journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from consultations import delais
from consultations.etats import Etat
from consultations.models import Consultation
from participation.common.dates import jour_long
from participation.gestion.afaire import Tache
from participation.gestion.queries import Ligne
from participation.horloge.queries import Pouls, pouls
from participation.notifications.models import Envoi
from participation.notifications.queries_file import File, courriels_en_echec, file_d_envoi
from participation.registre.queries import Acte, en_clair, pour_la_page

ACTES = 8
ECHECS = 10


def ce_qui_arrivera(lignes: Sequence[Ligne], now: datetime) -> list[str]:
    """Une phrase par échéance à venir : ce que la loi fera seule des silences, et ce qu'elle n'en fera pas (règle 6).

    Un courriel accepté depuis moins de 72 heures compte parmi les remises : c'est ce qu'il sera si rien ne revient.
    """
    ouvertes = [li for li in lignes if now < li.saisine.borne and li.is_a_suivre]
    echeances = sorted({li.saisine.echeance for li in ouvertes})
    return [_phrase([li for li in ouvertes if li.saisine.echeance == e]) for e in echeances]


def _phrase(lignes: Sequence[Ligne]) -> str:
    sans = sum(li.etat == Etat.NON_SAISIE and (li.is_revenu or li.vaudra_le is None) for li in lignes)
    silences = len(lignes) - sans
    quand = f"Le {jour_long(lignes[0].saisine.echeance)} à minuit : "
    devient = f"{silences} silences deviendront réputés favorables" if silences > 1 else ""
    devient = "1 silence deviendra réputé favorable" if silences == 1 else devient
    reste = f"{sans} instances non saisies ne le deviendront pas" if sans > 1 else ""
    reste = "1 instance non saisie ne le deviendra pas" if sans == 1 else reste
    if not silences:
        reste = f"aucun silence ne vaudra accord, {sans} sans preuve de remise"
    return quand + ", ".join(dit for dit in (devient, reste) if dit) + "."


def courrier(
    consultations: Sequence[Consultation], closes: Sequence[Consultation], lignes: Sequence[Ligne], now: datetime
) -> list[Tache]:
    """« Courrier à vérifier » : le dernier jour d'un délai, puis de sa fin au procès-verbal (règle 3 bis).

    `closes` : celles dont tous les délais sont finis, sans procès-verbal signé.
    """
    ce_soir = {
        li.saisine.consultation_id
        for li in lignes
        if li.is_a_suivre and now < li.saisine.borne and li.saisine.echeance == delais.jour_de(now)
    }
    dernier_jour = [
        _courrier(c, "Dernier jour : un papier arrivé aujourd'hui compte.") for c in consultations if c.pk in ce_soir
    ]
    return dernier_jour + [_courrier(c, "Un avis reçu à temps et saisi ensuite remplace le silence.") for c in closes]


def _courrier(consultation: Consultation, detail: str) -> Tache:
    adresse = f"{reverse('gestion:consultation', args=[consultation.slug])}?voir=silences#t-saisines"
    return Tache("inbox", f"Courrier à vérifier : {consultation}", detail, adresse, "Voir les silences", True)


@dataclass(frozen=True)
class Machine:
    """L'horloge, la file d'envoi et ses échecs, comme le dit `/sante/`."""

    pouls: Pouls
    file: File
    echecs: Sequence[Envoi]

    @property
    def autres_echecs(self) -> int:
        """Ceux que la liste ne montre pas."""
        return self.file.echecs - len(self.echecs)


def machine(now: datetime, reel: datetime) -> Machine:
    """L'état de la machine. `reel` : l'heure de la machine, celle du battement. Trois requêtes."""
    return Machine(pouls(reel), file_d_envoi(now), list(courriels_en_echec()[:ECHECS]))


def journal(consultations: Sequence[Consultation]) -> list[tuple[Acte, str]]:
    """Les derniers actes du registre et leur consultation, sans personne : une requête."""
    titres: dict[UUID | None, str] = {c.pk: str(c) for c in consultations}
    return [(acte, titres.get(acte.entree.dossier, "")) for acte in en_clair(pour_la_page(None)[:ACTES])]

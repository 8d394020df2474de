"""Lire les actes signés et ce qui est reçu autrement (règles 8, 9, 11, 15, 22)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.safestring import SafeString

from consultations.etats import TypeActe, Visibilite
from consultations.models import Acte, Consultation, Contribution, DemandeDeTemps, Saisine
from participation.common.html import texte_simple


@dataclass(frozen=True)
class ActeLu:
    """Un acte signé, tel que tout le monde le lit : sans personne."""

    acte: Acte

    @property
    def titre(self) -> str:
        """« Report d'échéance, acte n° 2 »."""
        return f"{self.acte.get_type_display()}, acte n° {self.acte.n}"

    @property
    def is_rectificatif(self) -> bool:
        """Vrai pour une erreur matérielle corrigée."""
        return self.acte.type == TypeActe.RECTIFICATIF

    @property
    def is_annulation(self) -> bool:
        """Vrai si plus personne ne doit d'avis."""
        return self.acte.type == TypeActe.ANNULATION

    @property
    def rang(self) -> int:
        """Le numéro du rectificatif."""
        return int(self.acte.effets.get("rang", 0))

    @property
    def html(self) -> SafeString:
        """Ce qu'il faut lire, mot pour mot, échappé."""
        return texte_simple(self.texte)

    @property
    def texte(self) -> str:
        """Ce qu'il faut lire."""
        return str(self.acte.effets.get("texte", ""))

    @property
    def section(self) -> str:
        """L'ancre de la partie visée ; vide : l'ensemble du rapport."""
        return str(self.acte.effets.get("section", ""))

    @property
    def echeance(self) -> date | None:
        """Le nouveau dernier jour, pour un report."""
        is_report = self.acte.type == TypeActe.REPORT
        return date.fromisoformat(self.acte.effets["echeance"]) if is_report else None

    def vise(self, saisine: Saisine) -> bool:
        """Vrai si l'acte concerne cette instance : il la nomme, ou il vaut pour toutes."""
        effets = self.acte.effets
        visees = effets.get("saisines")
        return visees is None or str(saisine.pk) in [*visees, *effets.get("remplacees", ())]


def actes_de(consultation: Consultation) -> list[ActeLu]:
    """Les actes signés d'une consultation, dans l'ordre : une requête."""
    return [ActeLu(a) for a in consultation.actes.order_by("n")]


def rectificatifs_de(consultation: Consultation, ancre: str) -> list[ActeLu]:
    """Les rectificatifs qui visent cette partie : une requête."""
    return [a for a in actes_de(consultation) if a.is_rectificatif and a.section == ancre]


def is_close_par_acte(consultation: Consultation) -> bool:
    """Vrai si le procès-verbal de clôture est signé (règle 3 bis)."""
    return consultation.actes.filter(type=TypeActe.PROCES_VERBAL).exists()


def contributions_de(saisine: Saisine) -> list[Contribution]:
    """Ce qui est reçu sans être un avis, avec sa preuve."""
    return list(saisine.contributions.select_related("piece", "par").order_by("recu_le", "pk"))


def contributions_des(consultation: Consultation, now: datetime) -> list[Contribution]:
    """Celles de toute la consultation, pour l'annexe, publiées comme les avis (règle 20) : une requête."""
    lignes = Contribution.objects.filter(saisine__consultation=consultation, inscrit_le__lte=now)
    if consultation.visibilite_avis == Visibilite.Avis.A_LA_CLOTURE:
        lignes = lignes.filter(saisine__borne__lte=now)
    return list(lignes.select_related("piece", "saisine__instance").order_by("recu_le", "pk"))


def has_demande(saisine: Saisine) -> bool:
    """Vrai si l'instance a demandé plus de temps et que son échéance n'a pas bougé."""
    return DemandeDeTemps.objects.filter(saisine=saisine, echeance_vue=saisine.echeance).exists()

"""Les fabriques des actes à signer et de ce qui est reçu sans être un avis."""

from typing import Any

from consultations.etats import Sens, TypeActe, TypeContribution
from consultations.models import ActePrepare, Avis, Consultation, Contribution, Saisine
from tests.fabriques import TRANSMISE_LE, UN_JOUR, agent, piece


def acte_prepare(consultation_: Consultation, type: str = TypeActe.RECTIFICATIF, **champs: Any) -> ActePrepare:
    """Un acte en attente de signature : un rectificatif, ou le type et les paramètres dits."""
    voulu: dict[str, Any] = {
        "parametres": {"texte": "Lire « aménagement ».", "section": ""}, "motif": "Une coquille.",
        "prepare_le": TRANSMISE_LE + UN_JOUR,
    }  # fmt: skip
    voulu |= champs
    if "prepare_par" not in voulu:
        voulu["prepare_par"] = agent()
    return ActePrepare.objects.create(consultation=consultation_, type=type, **voulu)


def contribution(saisine_: Saisine, type: str = TypeContribution.TARDIF, **champs: Any) -> Contribution:
    """Un texte reçu hors délai, avec sa preuve (sans entrée au registre)."""
    voulu: dict[str, Any] = {
        "sens": Sens.DEFAVORABLE, "texte": "Trop tard, mais non.", "canal": Avis.Canal.COURRIER,
        "recu_le": saisine_.borne, "inscrit_le": saisine_.transmise_le, "motif": "Pli du lendemain.",
    }  # fmt: skip
    voulu["piece"] = champs.pop("piece", None) or piece()
    return Contribution.objects.create(saisine=saisine_, type=type, **voulu | champs)

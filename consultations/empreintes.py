"""Numéro et empreinte d'un avis, marque d'une consultation à signer. Sans personne."""

from collections.abc import Sequence

from consultations.models import Avis, Consultation, Observation, Saisine
from participation.common.canonique import empreinte_de
from participation.pieces.models import PieceJointe


def sceller(
    avis: Avis,
    observations: Sequence[Observation],
    pieces: Sequence[PieceJointe],
    rejointes: Sequence[Observation] = (),
) -> str:
    """SHA-256 (hexadécimal) d'un avis pas encore écrit : ses observations, ses pièces, celles qu'il rejoint."""
    return empreinte_de(avis.contenu_canonique(observations, pieces, rejointes))


def numero_d_avis(saisine: Saisine, version: int) -> str:
    """Le numéro public : année du rapport, saisine abrégée, version (0 : silence)."""
    return f"{saisine.version.rapport.annee}-{saisine.pk.hex[-10:].upper()}-{version}"


def marque_de(consultation: Consultation) -> str:
    """Ce qu'une personne signataire a relu, texte compris : si la marque a changé, ce n'est plus ce qu'elle signe."""
    champs = ("titre", "slug", "version_id", "echeance", "arrete_le", "publie_le", "deliberation")
    relu = {nom: str(getattr(consultation, nom)) for nom in (*champs, "visibilite_projet", "visibilite_avis")}
    instances = sorted(str(pk) for pk in consultation.instances.values_list("pk", flat=True))
    en_plus = {nom: valeur for nom, valeur in _a_cote(consultation).items() if valeur}
    return empreinte_de(relu | {"corrections": consultation.version.v, "instances": instances} | en_plus)


def _a_cote(consultation: Consultation) -> dict[str, list[str]]:
    """Le circuit, le contenu légal, le cadre. Vides, ils ne changent pas la marque des actes déjà préparés."""
    contenus = consultation.contenus.order_by("code").values_list("code", "presence", "ancre", "explication")
    return {
        "etapes": sorted(str(pk) for pk in consultation.etapes.en_vigueur().values_list("pk", flat=True)),
        "contenus": [" ".join(ligne) for ligne in contenus],
        "cadre": [texte for _, texte in consultation.cadre],
    }

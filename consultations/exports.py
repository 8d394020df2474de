"""Les données ouvertes : une ligne par saisine en vigueur (docs/domaine.md §7). Aucun nom de personne."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from consultations.etats import EXPRIMES, Etat
from consultations.models import Avis, Consultation, Saisine
from participation.common.dates import jour_a_paris

COLONNES = (
    "CONSULTATION_ID",
    "EPCI_SIRET",
    "RAPPORT_ANNEE",
    "RAPPORT_VERSION_SHA256",
    "ORGANE_TYPE",
    "ORGANE_NOM",
    "COMMUNE_INSEE",
    "QUARTIER_CODE",
    "TRANSMISSION_DATE",
    "REMISE_DATE",
    "ECHEANCE",
    "AVIS_SENS",
    "AVIS_DATE",
    "RECEPTION_DATE",
    "CANAL",
    "SAISI_LE",
    "DELIB_ID",
    "OBS_NB",
    "DOCUMENT_URL",
)
Ligne = dict[str, str | int]


def _jour(instant: datetime | None) -> str:
    return jour_a_paris(instant).isoformat() if instant else ""


def lignes_des_avis(
    consultation: Consultation,
    saisines: Iterable[Saisine],
    avis: Mapping[UUID, Avis],
    *,
    siret: str,
    site: str,
) -> list[Ligne]:
    """Une ligne par saisine annotée par `queries.etats` ; `avis` : l'avis en vigueur de chaque saisine.

    Un avis publié à la clôture se lit REPONDU : ni sens, ni date de séance, ni observations (règle 20).
    """
    return [_ligne(consultation, s, avis.get(s.avis_en_vigueur_id), siret, site) for s in saisines]  # type: ignore[attr-defined]


def _ligne(consultation: Consultation, saisine: Saisine, avis: Avis | None, siret: str, site: str) -> Ligne:
    etat = Etat(saisine.etat)  # type: ignore[attr-defined]
    instance = saisine.instance
    quartiers = [q.code for q in instance.quartiers.all() if q.code]
    de_la_saisine: Ligne = {
        "CONSULTATION_ID": consultation.slug,
        "EPCI_SIRET": siret,
        "RAPPORT_ANNEE": consultation.version.rapport.annee,
        "RAPPORT_VERSION_SHA256": consultation.version.empreinte,
        "ORGANE_TYPE": instance.type,
        "ORGANE_NOM": instance.nom,
        "COMMUNE_INSEE": (instance.commune.code_insee or "") if instance.commune else "",
        "QUARTIER_CODE": " ".join(sorted(quartiers)),
        "TRANSMISSION_DATE": _jour(saisine.transmise_le),
        "REMISE_DATE": _jour(saisine.remis_le),  # type: ignore[attr-defined]
        "ECHEANCE": saisine.echeance.isoformat(),
        "AVIS_SENS": etat.value,
    }
    return de_la_saisine | _de_l_avis(saisine, etat, avis, site)


def _deliberation(avis: Avis) -> str:
    """Le dernier numéro donné en complément (règle 15)."""
    return next((c.deliberation for c in reversed(list(avis.complements.all())) if c.deliberation), "")


def _de_l_avis(saisine: Saisine, etat: Etat, avis: Avis | None, site: str) -> Ligne:
    is_silence = etat == Etat.REPUTE_FAVORABLE
    inscrit = avis if etat in EXPRIMES or is_silence else None
    lisible = avis if etat in EXPRIMES and etat != Etat.REPONDU else None
    date_lisible = lisible.date_legale.isoformat() if lisible else ""
    return {
        "AVIS_DATE": saisine.echeance.isoformat() if is_silence else date_lisible,
        "RECEPTION_DATE": _jour(inscrit.recu_le) if inscrit else "",
        "CANAL": inscrit.canal if inscrit else "",
        "SAISI_LE": _jour(inscrit.inscrit_le) if inscrit else "",
        "DELIB_ID": _deliberation(lisible) if lisible else "",
        "OBS_NB": len(lisible.observations.all()) if lisible else 0,
        "DOCUMENT_URL": f"{site}{lisible.get_absolute_url()}" if lisible else "",
    }

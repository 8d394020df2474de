"""Les lignes des données ouvertes (docs/domaine.md §7) ; les colonnes sont dans `jeux`. Aucun nom de personne."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consultations.etats import EXPRIMES, Etat
from consultations.jeux import AVIS
from consultations.models import Avis, Consultation, Observation, Saisine
from participation.common.dates import jour_a_paris
from participation.common.jeux import Ligne
from participation.territoires.models import Instance

COLONNES = AVIS.noms
MATIERE = ("8.5", "domaines de compétences par thèmes/politique de la ville habitat logement")
"""La matière de ces délibérations dans la nomenclature ACTES."""


def _jour(instant: datetime | None) -> str:
    return jour_a_paris(instant).isoformat() if instant else ""


@dataclass(frozen=True)
class Contexte:
    """D'où l'on publie : le SIRET de l'agglomération (vide s'il est inconnu), l'adresse du site."""

    siret: str
    site: str


def lignes_des_avis(saisines: Iterable[Saisine], avis: Mapping[UUID, Avis], de: Contexte) -> list[Ligne]:
    """Une ligne par saisine annotée par `queries.etats` ; `avis` : l'avis en vigueur de chaque saisine.

    Un avis publié à la clôture se lit REPONDU : ni sens, ni date de séance, ni observations (règle 20).
    """
    return [_ligne(s, _avis_de(s, avis), de) for s in saisines]


def lignes_des_observations(saisines: Iterable[Saisine], avis: Mapping[UUID, Avis], de: Contexte) -> list[Ligne]:
    """Une ligne par observation d'un avis lisible par tous, mot pour mot ; rien d'un avis REPONDU (règle 20)."""
    lignes: list[Ligne] = []
    for saisine in saisines:
        lu = _lisible(Etat(saisine.etat), _avis_de(saisine, avis))  # type: ignore[attr-defined]
        if lu:
            tete = _ligne(saisine, lu, de)
            lignes += [tete | _observation(o) for o in lu.observations.all()]
    return lignes


def _observation(observation: Observation) -> Ligne:
    section = observation.section.ancre if observation.section else ""
    suite = {"SUITE": "", "SUITE_MOTIF": ""}
    return {"SECTION_REF": section, "TEXTE": observation.texte} | suite | {"INSTANCES_NB": observation.demandee_par}


def lignes_des_deliberations(saisines: Iterable[Saisine], avis: Mapping[UUID, Avis], de: Contexte) -> list[Ligne]:
    """Les avis des communes, au format SCDL Délibérations. Une lettre sans délibération n'y est pas (règle 15)."""
    communes = [s for s in saisines if s.instance.type == Instance.Type.CONSEIL_MUNICIPAL]
    lus = [(s, _lisible(Etat(s.etat), _avis_de(s, avis))) for s in communes]  # type: ignore[attr-defined]
    return [_scdl(s, lu, de) for s, lu in lus if lu]


def _scdl(saisine: Saisine, avis: Avis, de: Contexte) -> Ligne:
    votes = (avis.pour, avis.contre, avis.abstention)
    connus = [v for v in votes if v is not None]
    pour, contre, abstention = ("" if v is None else v for v in votes)
    complements = list(avis.complements.all())
    prefecture = next((c.prefecture_le for c in reversed(complements) if c.prefecture_le), None)
    return {
        "COLL_NOM": saisine.instance.commune.nom if saisine.instance.commune else saisine.instance.nom,
        "COLL_SIRET": "",
        "DELIB_ID": _deliberation(avis),
        "DELIB_DATE": (avis.date_seance or avis.date_legale).isoformat(),
        "DELIB_MATIERE_CODE": MATIERE[0],
        "DELIB_MATIERE_NOM": MATIERE[1],
        "DELIB_OBJET": f"Avis sur le projet « {saisine.version.titre_lu} » : {avis.get_sens_display().lower()}",
        "BUDGET_ANNEE": "",
        "BUDGET_NOM": "",
        "PREF_ID": "",
        "PREF_DATE": prefecture.isoformat() if prefecture else "",
        "VOTE_EFFECTIF": "",
        "VOTE_REEL": sum(connus) if len(connus) == len(votes) else "",
        "VOTE_POUR": pour,
        "VOTE_CONTRE": contre,
        "VOTE_ABSTENTION": abstention,
        "DELIB_URL": f"{de.site}{avis.get_absolute_url()}",
    }


def lignes_des_consultations(consultations: Iterable[Consultation], de: Contexte) -> list[Ligne]:
    """Une ligne par consultation, version et rapport déjà lus."""
    return [_consultation(c, de.site) for c in consultations]


def _consultation(consultation: Consultation, site: str) -> Ligne:
    version = consultation.version
    jours = {"ARRETE_LE": consultation.arrete_le, "PUBLIE_LE": consultation.publie_le}
    jours |= {"ECHEANCE": consultation.echeance, "APPROUVE_LE": consultation.approuve_le}
    textes: Ligne = {nom: jour.isoformat() if jour else "" for nom, jour in jours.items()}
    return textes | {
        "CONSULTATION_ID": consultation.slug,
        "TITRE": consultation.titre,
        "RAPPORT_ANNEE": version.rapport.annee,
        "RAPPORT_TITRE": version.titre_lu,
        "RAPPORT_VERSION": version.numero,
        "RAPPORT_VERSION_SHA256": version.empreinte,
        "DELIB_ID": consultation.deliberation,
        "TRANSMISSION_DATE": _jour(consultation.transmise_le),
        "AVIS_PUBLIES": consultation.visibilite_avis,
        "DEMONSTRATION": "true" if consultation.is_demonstration else "false",
        "URL": f"{site}{consultation.get_absolute_url()}",
    }


def _avis_de(saisine: Saisine, avis: Mapping[UUID, Avis]) -> Avis | None:
    return avis.get(saisine.avis_en_vigueur_id)  # type: ignore[attr-defined]


def _lisible(etat: Etat, avis: Avis | None) -> Avis | None:
    """L'avis, si tout le monde peut le lire : exprimé, et publié (règle 20)."""
    return avis if etat in EXPRIMES and etat != Etat.REPONDU else None


def _ligne(saisine: Saisine, avis: Avis | None, de: Contexte) -> Ligne:
    etat = Etat(saisine.etat)  # type: ignore[attr-defined]
    instance = saisine.instance
    quartiers = [q.code for q in instance.quartiers.all() if q.code]
    de_la_saisine: Ligne = {
        "CONSULTATION_ID": saisine.consultation.slug,
        "EPCI_SIRET": de.siret,
        "RAPPORT_ANNEE": saisine.version.rapport.annee,
        "RAPPORT_VERSION_SHA256": saisine.version.empreinte,
        "ORGANE_TYPE": instance.type,
        "ORGANE_NOM": instance.nom,
        "COMMUNE_INSEE": (instance.commune.code_insee or "") if instance.commune else "",
        "QUARTIER_CODE": " ".join(sorted(quartiers)),
        "TRANSMISSION_DATE": _jour(saisine.transmise_le),
        "REMISE_DATE": _jour(saisine.remis_le),  # type: ignore[attr-defined]
        "ECHEANCE": saisine.echeance.isoformat(),
        "AVIS_SENS": etat.value,
    }
    return de_la_saisine | _de_l_avis(saisine, etat, avis, de.site)


def _deliberation(avis: Avis) -> str:
    """Le dernier numéro donné en complément (règle 15)."""
    return next((c.deliberation for c in reversed(list(avis.complements.all())) if c.deliberation), "")


def _de_l_avis(saisine: Saisine, etat: Etat, avis: Avis | None, site: str) -> Ligne:
    is_silence = etat == Etat.REPUTE_FAVORABLE
    inscrit = avis if etat in EXPRIMES or is_silence else None
    lisible = _lisible(etat, avis)
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

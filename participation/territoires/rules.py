"""Les règles pures du territoire : vocabulaire, forme des couleurs, types de quartier. Sans base, sans horloge."""

import re
from collections.abc import Mapping
from typing import Any

VOCABULAIRE: dict[str, str] = {
    "agglo": "agglomération",
    "l_agglo": "l'agglomération",
    "de_l_agglo": "de l'agglomération",
    "qpv": "quartier prioritaire de la politique de la ville",
    "qpv_sigle": "QPV",
    "qic": "quartier d'intérêt communautaire",
    "qic_sigle": "QIC",
    "contrat": "contrat de ville",
    "conseil_citoyen": "conseil citoyen",
    "conseils_citoyens": "conseils citoyens",
    "conseil_communautaire": "conseil communautaire",
    "l_equipe": "l'équipe politique de la ville",
}
"""Les mots que chaque agglomération peut remplacer par les siens (`Epci.vocabulaire`)."""

DECORS = ("aucun", "coron")
COULEUR = re.compile(r"#[0-9a-fA-F]{6}")
CODE_QPV_2024 = re.compile(r"QN\d{3}\d{2}[A-Z]")


def mots(surcharge: Mapping[str, Any]) -> dict[str, str]:
    """Le vocabulaire de la maison, surchargé par celui de l'agglomération. Une clé inconnue est sans effet."""
    return VOCABULAIRE | {cle: str(mot) for cle, mot in surcharge.items() if cle in VOCABULAIRE and mot}


def fautes_de_vocabulaire(surcharge: object) -> list[str]:
    """Les phrases qui disent ce qui ne va pas dans un vocabulaire, ou rien."""
    if not isinstance(surcharge, dict):
        return ["Le vocabulaire est une liste de couples mot d'origine, mot de remplacement."]
    connus = ", ".join(sorted(VOCABULAIRE))
    inconnus = [cle for cle in surcharge if cle not in VOCABULAIRE]
    fautes = [f"« {cle} » n'est pas un mot connu. Mots possibles : {connus}." for cle in inconnus]
    fautes += [
        f"Le mot « {cle} » attend un texte de 80 signes au plus."
        for cle, mot in surcharge.items()
        if cle in VOCABULAIRE and not (isinstance(mot, str) and 0 < len(mot.strip()) <= 80)
    ]
    return fautes


def fautes_de_couleurs(couleurs: Mapping[str, str]) -> dict[str, str]:
    """Les couleurs mal écrites, champ par champ. Leur contraste est réglé à l'affichage, quelles qu'elles soient."""
    phrase = "Une couleur s'écrit # puis six chiffres ou lettres de a à f, par exemple #a02f1a."
    return {champ: phrase for champ, couleur in couleurs.items() if not COULEUR.fullmatch(couleur)}


def type_de_quartier(dit: str | None, code: str | None) -> tuple[str, str]:
    """(type, remarque) à partir du type écrit et du code national.

    Un code QN (géographie 2024, décret n° 2023-1314) ne se donne qu'à un quartier prioritaire : il suffit à le dire.
    Un code QP (géographie 2015) ne dit rien du statut d'aujourd'hui. Rien d'autre n'est deviné.
    """
    propre = " ".join((dit or "").split()).casefold().replace("’", "'")
    if propre in {"qpv", "quartier prioritaire", VOCABULAIRE["qpv"], "quartier prioritaire de la ville"}:
        return "QPV", ""
    if propre in {"qic", VOCABULAIRE["qic"]}:
        return "QIC", ""
    if code and CODE_QPV_2024.fullmatch(code) and not propre:
        return "QPV", "type QPV d'après son code national"
    if propre and propre != "inconnu":
        return "INCONNU", f"type « {dit} » non reconnu, gardé inconnu"
    return "INCONNU", "type inconnu"


LEGALES = {
    "nom": "Nom de la collectivité",
    "siren": "SIREN",
    "adresse_contact": "Adresse postale",
    "telephone_contact": "Téléphone de contact",
    "courriel_contact": "Courriel de contact",
    "service": "Service qui reçoit les avis",
    "directeur_publication": "Direction de la publication",
    "hebergeur": "Hébergeur (nom, adresse, téléphone)",
    "tribunal_administratif": "Tribunal administratif",
    "courriel_dpo": "Courriel du délégué à la protection des données",
    "schema_accessibilite": "Adresse du schéma pluriannuel d'accessibilité",
}
"""Ce que les pages légales affichent (LCEN art. 1-1, RGPD art. 13, CRPA L. 112-8, loi n° 2005-102 art. 47)."""
EXEMPLE = re.compile(
    r"(?i)à compl[ée]ter|todo|xxx|lorem|\.invalid\b|exemple\.(fr|com|org)|example\.(com|org)|^[-_.…?]+$"
)


def a_completer(valeurs: Mapping[str, object]) -> list[tuple[str, str]]:
    """(champ, libellé) de chaque valeur légale vide, ou qui n'est qu'un exemple."""
    textes = {champ: str(valeurs.get(champ) or "").strip() for champ in LEGALES}
    return [(champ, LEGALES[champ]) for champ, texte in textes.items() if not texte or EXEMPLE.search(texte)]

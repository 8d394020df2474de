"""Le JSON complet d'un territoire : agglomération, communes, quartiers, contrat, mots."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from participation.common.reference import en_adresse
from participation.territoires import rules
from participation.territoires.imports.lignes import (
    Carnet,
    FichierFaux,
    LigneAmbition,
    LigneCommune,
    LigneContrat,
    LigneEnjeu,
    LigneEpci,
    LigneQuartier,
    LigneTerme,
    Lu,
)

PARTIES = ("epci", "communes", "communes_epci", "quartiers", "contrat", "glossaire")
INSEE = re.compile(r"(?:\d{5}|2[AB]\d{3})")
TYPE_D_EPCI = re.compile(
    r"^(communauté d['’]agglomération|communauté de communes|communauté urbaine|métropole)"
    r"\s+(?:de la |de l['’]|des |du |de |d['’])?",
    re.IGNORECASE,
)
TEXTES_EPCI = {
    "sigle": 20, "siret": 14, "siege": 120, "tribunal_administratif": 120, "nom_plateforme": 80, "presentation": 300,
    "courriel_contact": 254, "telephone_contact": 30, "adresse_contact": 300, "horaires_contact": 160, "service": 160,
    "courriel_dpo": 254, "directeur_publication": 160, "hebergeur": 300, "couleur_action": 7, "couleur_fond_fort": 7,
    "couleur_accent": 7, "decor": 12,
}  # fmt: skip
CONCERNEE = {"atteste": True, "attesté": True, "oui": True, "non": False, True: True, False: False}


def lire_territoire(contenu: Mapping[str, Any]) -> Lu:
    """Les lignes d'un territoire complet. Lève `FichierFaux`."""
    if not any(partie in contenu for partie in PARTIES):
        raise FichierFaux("le fichier", f"Aucune des parties attendues n'y est : {', '.join(PARTIES)}.")
    carnet = Carnet()
    lu = Lu(
        format="JSON du territoire",
        epci=_epci(carnet, contenu),
        communes=_communes(carnet, contenu),
        quartiers=_quartiers(carnet, contenu),
        contrat=_contrat(carnet, contenu),
        termes=_termes(carnet, contenu),
        ecartes=tuple(carnet.ecartes),
    )
    carnet.conclure()
    autres = [
        (cle, "cette partie n'est pas une donnée du territoire") for cle in contenu if cle not in (*PARTIES, "chiffres")
    ]
    return Lu(**{**vars(lu), "ecartes": (*carnet.ecartes, *autres)})


def _epci(carnet: Carnet, contenu: Mapping[str, Any]) -> LigneEpci | None:
    objet = contenu.get("epci")
    if not isinstance(objet, dict):
        if objet is not None:
            carnet.faute("epci", "Ce doit être un objet.")
        return None
    nom = carnet.texte(objet, "nom", "epci")
    siren = carnet.texte(objet, "siren", "epci", maximum=9)
    if not nom:
        carnet.faute("epci", "L'agglomération doit avoir un nom.")
    if siren and not re.fullmatch(r"\d{9}", siren):
        carnet.faute("epci", "Un SIREN a neuf chiffres.")
    champs: dict[str, Any] = {c: carnet.texte(objet, c, "epci", maximum=m) for c, m in TEXTES_EPCI.items()}
    champs["nom_court"] = carnet.texte(objet, "nom_court", "epci", maximum=80) or TYPE_D_EPCI.sub("", nom)[:80]
    champs["source"] = carnet.source(objet)
    if vocabulaire := objet.get("vocabulaire"):
        for phrase in rules.fautes_de_vocabulaire(vocabulaire):
            carnet.faute("epci, vocabulaire", phrase)
        champs["vocabulaire"] = vocabulaire
    if reperes := objet.get("reperes"):
        if not (isinstance(reperes, list) and all(isinstance(r, str) for r in reperes)):
            carnet.faute("epci, reperes", "Les repères sont une liste de phrases.")
        champs["reperes"] = reperes
    couleurs = {c: v for c, v in champs.items() if c.startswith("couleur_") and v}
    for champ, phrase in rules.fautes_de_couleurs(couleurs).items():
        carnet.faute(f"epci, {champ}", phrase)
    if champs["decor"] and champs["decor"] not in rules.DECORS:
        carnet.faute("epci, decor", f"Le dessin de l'accueil est l'un de : {', '.join(rules.DECORS)}.")
    champs |= _chiffres(carnet, contenu)
    return LigneEpci(nom, siren, {cle: valeur for cle, valeur in champs.items() if valeur not in (None, "")})


def _chiffres(carnet: Carnet, contenu: Mapping[str, Any]) -> dict[str, Any]:
    chiffres = contenu.get("chiffres") or {}
    if not isinstance(chiffres, dict):
        carnet.faute("chiffres", "Ce doit être un objet.")
        return {}
    noms = {"quartiers": "nb_quartiers", "qpv": "nb_qpv", "qic": "nb_qic", "communes_concernees": "nb_communes"}
    comptes = {champ: carnet.entier(chiffres, cle, "chiffres") for cle, champ in noms.items()}
    return comptes | {"source_chiffres": carnet.source(chiffres)}


def _communes(carnet: Carnet, contenu: Mapping[str, Any]) -> tuple[LigneCommune, ...]:
    """Les communes concernées d'abord, puis les autres ; la même commune dans les deux listes n'a qu'une ligne."""
    vues: dict[str, LigneCommune] = {}
    for cle in ("communes", "communes_epci"):
        for ou, objet in carnet.objets(contenu, cle):
            ligne = _commune(carnet, ou, objet)
            if ligne is None:
                continue
            deja = vues.setdefault(ligne.code_insee, ligne)
            if en_adresse(deja.nom) != en_adresse(ligne.nom):
                carnet.faute(ou, f"Le code INSEE {ligne.code_insee} est déjà celui de {deja.nom}.")
    return tuple(vues.values())


def _commune(carnet: Carnet, ou: str, objet: Mapping[str, Any]) -> LigneCommune | None:
    nom, code = carnet.texte(objet, "nom", ou, maximum=120), carnet.texte(objet, "code_insee", ou)
    if not nom:
        carnet.faute(ou, "Une commune doit avoir un nom.")
        return None
    if not INSEE.fullmatch(code):
        carnet.faute(ou, f"{nom} : il manque un code INSEE de cinq signes.")
        return None
    dit = objet.get("concernee_contrat_2024_2030", objet.get("concernee"))
    elements = objet.get("elements")
    preuves = [str(dit)] if isinstance(dit, str) and dit else []
    preuves += [str(e) for e in elements] if isinstance(elements, list) else []
    return LigneCommune(
        ou=ou,
        nom=nom,
        code_insee=code,
        siren=carnet.texte(objet, "siren", ou, maximum=9),
        population=carnet.entier(objet, "population", ou),
        is_concernee=CONCERNEE.get(dit) if isinstance(dit, str | bool) else None,
        confiance=" : ".join(preuves)[:300],
        source=carnet.source(objet),
    )


def _quartiers(carnet: Carnet, contenu: Mapping[str, Any]) -> tuple[LigneQuartier, ...]:
    lignes = [_quartier(carnet, ou, objet) for ou, objet in carnet.objets(contenu, "quartiers")]
    return tuple(ligne for ligne in lignes if ligne)


def _quartier(carnet: Carnet, ou: str, objet: Mapping[str, Any]) -> LigneQuartier | None:
    nom, commune = carnet.texte(objet, "nom", ou, maximum=160), carnet.texte(objet, "commune", ou)
    code = carnet.texte(objet, "code_officiel", ou, maximum=12) or carnet.texte(objet, "code", ou, maximum=12) or None
    type_, remarque = rules.type_de_quartier(carnet.texte(objet, "type", ou), code)
    if not nom:
        carnet.ecarter(ou, f"quartier sans nom ({type_}, {commune or 'commune inconnue'}) : un nom ne s'invente pas")
        return None
    graphies = objet.get("graphies")
    return LigneQuartier(
        ou=ou,
        nom=nom,
        type=type_,
        code=code,
        communes=tuple(filter(None, [carnet.texte(objet, "code_insee", ou) or commune])),
        is_npnru=objet["npnru"] if isinstance(objet.get("npnru"), bool) else None,
        autres_noms=tuple(str(g) for g in graphies if g and g != nom) if isinstance(graphies, list) else (),
        confiance=carnet.texte(objet, "confiance", ou, maximum=300),
        source=carnet.source(objet),
        remarque=remarque,
    )


def _contrat(carnet: Carnet, contenu: Mapping[str, Any]) -> LigneContrat | None:
    objet = contenu.get("contrat")
    if not isinstance(objet, dict):
        if objet is not None:
            carnet.faute("contrat", "Ce doit être un objet.")
        return None
    nom = carnet.texte(objet, "nom", "contrat", maximum=160)
    if not nom:
        carnet.faute("contrat", "Le contrat doit avoir un nom.")
    dit = objet.get("pilotage")
    pilotage: dict[str, Any] = dit if isinstance(dit, dict) else {}
    structurants = [
        _enjeu(carnet, ou, e, False, rang) for rang, (ou, e) in enumerate(carnet.objets(objet, "enjeux"), 1)
    ]
    transversaux = [
        _enjeu(carnet, ou, e, True, rang) for rang, (ou, e) in enumerate(carnet.objets(objet, "transversaux"), 1)
    ]
    return LigneContrat(
        nom=nom,
        periode=carnet.texte(objet, "periode", "contrat", maximum=20),
        signe_le=_date(carnet, objet, "date_signature"),
        lieu_signature=carnet.texte(objet, "lieu_signature", "contrat", maximum=120),
        nb_objectifs=carnet.entier(objet, "nombre_objectifs", "contrat"),
        nom_pilotage=carnet.texte(pilotage, "nom", "contrat, pilotage"),
        montant_pilotage_2024=carnet.entier(pilotage, "montant_2024_eur", "contrat, pilotage"),
        source=carnet.source(objet),
        enjeux=(*structurants, *transversaux),
    )


def _enjeu(carnet: Carnet, ou: str, objet: Mapping[str, Any], is_transversal: bool, rang: int) -> LigneEnjeu:
    nom = carnet.texte(objet, "nom", ou)
    if not nom:
        carnet.faute(ou, "Un enjeu doit avoir un nom.")
    ambitions = []
    for n, (lieu, ambition) in enumerate(carnet.objets(objet, "ambitions"), 1):
        titre = carnet.texte(ambition, "nom", lieu)
        if not titre:
            carnet.faute(f"{ou}, {lieu}", "Une ambition doit avoir un nom.")
        numero = carnet.entier(ambition, "numero", lieu) or n
        ambitions.append(LigneAmbition(numero, titre, carnet.entier(ambition, "montant_2024_eur", lieu)))
    numero = carnet.entier(objet, "numero", ou) or rang
    return LigneEnjeu(numero, nom, is_transversal, carnet.entier(objet, "montant_2024_eur", ou), tuple(ambitions))


def _date(carnet: Carnet, objet: Mapping[str, Any], cle: str) -> date | None:
    dit = carnet.texte(objet, cle, "contrat")
    try:
        return date.fromisoformat(dit) if dit else None
    except ValueError:
        carnet.faute("contrat", f"« {cle} » doit être une date AAAA-MM-JJ, pas « {dit} ».")
        return None


def _termes(carnet: Carnet, contenu: Mapping[str, Any]) -> tuple[LigneTerme, ...]:
    termes = []
    for ou, objet in carnet.objets(contenu, "glossaire"):
        nom = carnet.texte(objet, "terme", ou, maximum=80)
        definition = carnet.texte(objet, "definition", ou, maximum=400)
        if nom and definition:
            termes.append(LigneTerme(nom, definition, carnet.source(objet)))
        else:
            carnet.ecarter(ou, "mot sans définition")
    return tuple(termes)

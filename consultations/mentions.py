"""Ce que la fiche et l'annexe disent d'une remise, en toutes lettres : tardive, revenue, constatée (règle 6). Pur."""

from collections.abc import Sequence
from typing import Any

from consultations.delais import is_moins_d_un_mois
from consultations.etats import DecisionRetour, Etat, Sens
from consultations.models import RetourCourriel, Saisine
from consultations.rules import is_retour_sous_72_h
from participation.common.dates import instant_long, jour_a_paris, jour_long

SILENCE_SANS_REMISE = (
    "Un silence avait été inscrit. Sans remise qui tienne, il ne vaut rien : l'instance est non saisie."
)


def mentions_de_remise(saisine: Saisine, retours: Sequence[RetourCourriel], etat: Etat) -> list[str]:
    """Les phrases à lire à côté de l'état ; `saisine` : annotée par `queries.etats`. Sans personne ni adresse."""
    lu = vars(saisine)
    phrases = []
    if lu["remis_le"] and is_moins_d_un_mois(lu["remis_le"], saisine.echeance):
        recu = jour_long(jour_a_paris(lu["remis_le"]))
        phrases.append(f"Réception prouvée le {recu}, à moins d'un mois de l'échéance.")
    for retour in retours:
        phrases += [_revenu(retour), *_constate(getattr(retour, "constat", None))]
    if etat == Etat.NON_SAISIE and lu["sens_en_vigueur"] == Sens.REPUTE_FAVORABLE:
        phrases.append(SILENCE_SANS_REMISE)
    return phrases


def _revenu(retour: RetourCourriel) -> str:
    is_precoce = is_retour_sous_72_h(accepte_le=retour.accepte_le, retourne_le=retour.retourne_le)
    suite = "moins de 72 heures après son envoi : il ne prouve rien" if is_precoce else "plus de 72 heures après"
    return f"Courriel revenu le {instant_long(retour.retourne_le)}, {suite}. {_point(retour.motif)}"


def _constate(constat: Any) -> list[str]:
    if constat is None:
        return []
    decision = DecisionRetour(constat.decision).label.lower()
    silence = f" Silence concerné : {constat.silence.numero}." if constat.silence else ""
    return [
        f"Constat d'un agent, le {instant_long(constat.constate_le)} : {decision}. {_point(constat.motif)}{silence}"
    ]


def _point(phrase: str) -> str:
    return phrase if phrase.endswith((".", "!", "?")) else f"{phrase}."

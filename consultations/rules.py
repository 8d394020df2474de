"""Les règles pures de la consultation : sans base, sans horloge (`now` est un argument).

Ici se lit, en une minute, ce qui clôt une consultation : `statut`. Chaque règle a son jumeau SQL dans `models` ou
`queries`, et un test prouve qu'ils s'accordent aux bornes.
"""

from datetime import datetime, timedelta

from consultations.etats import EXPRIMES, DecisionRetour, Etat, Fondement, Statut, Visibilite

DELAI_DE_RETOUR = timedelta(hours=72)
"""Règle 6 : un courriel accepté vaut remise si aucun retour n'arrive dans ce temps."""


def statut(*, transmise_le: datetime | None, borne: datetime, now: datetime) -> Statut:
    """Décret n° 2015-1118, règles 1 et 3 : à la borne (minuit, heure de Paris), le délai de la saisine est clos."""
    if transmise_le is None or now < transmise_le:
        return Statut.EN_PREPARATION
    return Statut.OUVERTE if now < borne else Statut.CLOSE


def is_dans_les_temps(*, recu_le: datetime, transmise_le: datetime, borne: datetime) -> bool:
    """Règle 1 : dans les temps ⇔ instant de réception < borne. 23:59:59,999 passe ; 00:00:00,000 ne passe pas."""
    return transmise_le <= recu_le < borne


def is_remise(*, remis_le: datetime | None, borne: datetime, now: datetime) -> bool:
    """Règle 6 : une remise prouvée, déjà arrivée, avant la borne. Sans elle, aucun silence ne vaut accord."""
    return remis_le is not None and remis_le <= now and remis_le < borne


def is_retour_sous_72_h(*, accepte_le: datetime, retourne_le: datetime) -> bool:
    """Règle 6 : ce retour-là empêche la preuve. À 72 heures exactement, il est déjà trop tard pour cela."""
    return retourne_le < accepte_le + DELAI_DE_RETOUR


def is_remise_defaite(*, accepte_le: datetime, retourne_le: datetime, decision: str | None) -> bool:
    """Règle 6 : un retour sous 72 h ôte sa valeur à la remise ; plus tardif, il faut qu'un agent le constate."""
    if decision is not None:
        return decision == DecisionRetour.NON_REMISE
    return is_retour_sous_72_h(accepte_le=accepte_le, retourne_le=retourne_le)


def etat_saisine(
    *,
    fondement: str,
    is_sans_objet: bool,
    sens: str | None,
    remis_le: datetime | None,
    borne: datetime,
    visibilite_avis: str,
    now: datetime,
    retiree_le: datetime | None = None,
    remplacee_le: datetime | None = None,
) -> Etat:
    """L'état à montrer d'une saisine (règles 3, 5, 6, 7, 14, 20). `sens` : celui de l'avis en vigueur, s'il existe.

    Un silence déjà inscrit ne se lit qu'à la borne : l'horloge fausse d'un ouvrier n'avance pas la loi (règle 4). Et
    seulement si la remise tient toujours : sans preuve, pas d'avis réputé, même inscrit (règle 6). Une saisine
    remplacée n'attend plus rien : seul l'avis qu'elle a reçu s'y lit encore (règle 1).
    """
    is_clos = now >= borne
    if sens in EXPRIMES:
        is_cache = visibilite_avis == Visibilite.Avis.A_LA_CLOTURE and not is_clos
        return Etat.REPONDU if is_cache else Etat(sens)
    is_finie = any(fin is not None and fin <= now for fin in (retiree_le, remplacee_le))
    if is_sans_objet or is_finie or fondement == Fondement.PARTENAIRE:
        return Etat.SANS_OBJET
    if not is_remise(remis_le=remis_le, borne=borne, now=now):
        return Etat.NON_SAISIE
    return Etat.REPUTE_FAVORABLE if is_clos else Etat.EN_ATTENTE


def fondement(*, is_partenaire: bool, has_qpv: bool) -> Fondement:
    """Règle 7 : décret pour qui a un quartier prioritaire ; délibération pour le reste ; un partenaire ne doit rien."""
    if is_partenaire:
        return Fondement.PARTENAIRE
    return Fondement.DECRET if has_qpv else Fondement.DELIBERATION


SEUIL_DE_PUBLICATION = 5
"""En dessous, un compte de personnes présentes ne se publie pas : il désignerait quelqu'un."""


def compte_publiable(nombre: int | None) -> str:
    """Le compte à la porte tel qu'il se publie : le nombre, ou « moins de 5 ». Vide s'il n'est pas donné."""
    if nombre is None:
        return ""
    return str(nombre) if nombre >= SEUIL_DE_PUBLICATION else f"moins de {SEUIL_DE_PUBLICATION}"


PHRASES_DU_SILENCE = {
    Fondement.DECRET: "À défaut de réponse dans le délai imparti, l'avis est réputé favorable "
    "(décret n° 2015-1118 du 3 septembre 2015).",
    Fondement.DELIBERATION: "À défaut de réponse dans le délai imparti, l'avis est réputé favorable "
    "(délibération qui fixe la consultation).",
    Fondement.PARTENAIRE: "Un partenaire du contrat peut contribuer ; il ne doit rien et son silence ne vaut rien.",
}

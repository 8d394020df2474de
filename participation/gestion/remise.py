"""Ce que montrent les pages de la remise : preuves, courriels, retours, et l'alerte d'une réception tardive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse

from consultations import delais, rules
from consultations.etats import DecisionRetour
from consultations.models import PreuveRemise, RetourCourriel, Saisine
from consultations.permissions import can_inscrire_remise
from consultations.queries_actes import is_close_par_acte
from consultations.queries_remise import courriels_acceptes, preuves_valables, retours_de
from participation.comptes.models import Utilisateur
from participation.notifications.models import Envoi


@dataclass(frozen=True)
class PreuveLue:
    """Une preuve, si un retour l'a défaite, et l'adresse qui l'a reçue (vide : remise autrement)."""

    preuve: PreuveRemise
    is_valable: bool
    adresse: str


@dataclass(frozen=True)
class CourrielLu:
    """Un courriel accepté : quand il vaudra remise, s'il ne revient pas."""

    envoi: Envoi
    vaut_le: datetime


@dataclass(frozen=True)
class RetourLu:
    """Un retour : ce qu'il fait seul, ou ce qu'il attend."""

    retour: RetourCourriel
    is_a_constater: bool
    is_corrigeable: bool

    @property
    def phrase(self) -> str:
        """Ce que ce retour fait de la remise."""
        if constat := constat_de(self.retour):
            return f"{DecisionRetour(constat.decision).label}. {constat.motif}"
        if is_precoce(self.retour):
            return "Revenu sous 72 heures : ce courriel ne prouve rien."
        return "Revenu après 72 heures : la remise tient, sauf constat."


def constat_de(retour: RetourCourriel) -> Any:
    """Le constat d'un retour, ou None."""
    return getattr(retour, "constat", None)


def is_precoce(retour: RetourCourriel) -> bool:
    """Vrai si le retour est arrivé sous 72 heures."""
    return rules.is_retour_sous_72_h(accepte_le=retour.accepte_le, retourne_le=retour.retourne_le)


def page_de_remise(par: Utilisateur, saisine: Saisine, form: Form, now: datetime) -> dict[str, Any]:
    """La fiche d'une remise : ce qui est prouvé, ce qui est revenu, ce qui attend, et de quoi en saisir une autre."""
    valables = {p.pk: p for p in preuves_valables().filter(saisine=saisine)}
    adresses = {e.pk: e.adresse for e in courriels_acceptes(saisine)}
    preuves = [
        PreuveLue(p, p.pk in valables, adresses.get(p.envoi, "") if p.envoi else "")
        for p in saisine.preuves.select_related("piece")
    ]
    is_close = is_close_par_acte(saisine.consultation)
    return {
        "form": form,
        "saisine": saisine,
        "preuves": preuves,
        "attendus": _attendus(saisine, now, {p.preuve.envoi for p in preuves}),
        "retours": [_lu(r, is_close=is_close) for r in retours_de(saisine)],
        "has_courriels": bool(courriels_sans_retour(saisine)),
        "tardive": tardive(saisine, min((p.remis_le for p in valables.values()), default=None), now),
        "can_saisir": can_inscrire_remise(par),
    }


def _attendus(saisine: Saisine, now: datetime, prouves: set[Any]) -> list[CourrielLu]:
    lus = [CourrielLu(e, e.envoye_le + rules.DELAI_DE_RETOUR) for e in courriels_sans_retour(saisine) if e.envoye_le]
    return [lu for lu in lus if lu.envoi.pk not in prouves]


def courriels_sans_retour(saisine: Saisine) -> list[Envoi]:
    """Les courriels acceptés dont aucun retour n'est inscrit, sauf par erreur."""
    revenus = {r.envoi for r in retours_de(saisine) if not _is_erreur(r)}
    return [e for e in courriels_acceptes(saisine) if e.pk not in revenus]


def _is_erreur(retour: RetourCourriel) -> bool:
    constat = constat_de(retour)
    return constat is not None and constat.decision == DecisionRetour.ERREUR


def _lu(retour: RetourCourriel, *, is_close: bool) -> RetourLu:
    is_ouvert = constat_de(retour) is None and not is_close
    is_juge = is_ouvert and not is_precoce(retour)
    return RetourLu(retour, is_juge, is_ouvert and not is_juge and retour.origine == "AGENT")


@dataclass(frozen=True)
class Tardive:
    """Une réception prouvée à moins d'un mois de l'échéance ; `report` : où préparer le sien, vide après l'échéance."""

    remis_le: datetime
    report: str


def tardive(saisine: Saisine, remis_le: datetime | None, now: datetime) -> Tardive | None:
    """L'alerte de la règle 6, d'après la première remise qui tient ; None s'il reste un mois."""
    if remis_le is None or remis_le >= saisine.borne or not delais.is_moins_d_un_mois(remis_le, saisine.echeance):
        return None
    return Tardive(remis_le, report_pour(saisine) if now < saisine.borne else "")


def report_pour(saisine: Saisine) -> str:
    """L'adresse qui prépare un report pour cette instance seule, prérempli (règle 9)."""
    adresse = reverse("gestion:acte_preparer", args=[saisine.consultation.slug, "report"])
    return f"{adresse}?instance={saisine.instance.slug}"


def depart_du_report(saisine: Saisine, remis_le: datetime | None) -> dict[str, Any]:
    """Ce que ce lien préremplit : l'instance, la première date qui laisse un mois, et pourquoi si la remise le dit."""
    depart: dict[str, Any] = {"saisines": [str(saisine.pk)]}
    if remis_le is None or not delais.is_moins_d_un_mois(remis_le, saisine.echeance):
        return depart
    motif = f"{saisine.instance} a reçu le projet moins d'un mois avant son échéance."
    return depart | {"echeance": delais.plancher(remis_le), "motif": motif}

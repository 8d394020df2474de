"""Ce que chaque page du bureau montre, lu une fois."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consultations import delais, presse, rules
from consultations.circuit import manques
from consultations.etats import Etat, Fondement, TypeActe
from consultations.models import ActePrepare, Consultation, Contact, Saisine
from consultations.permissions import can_appeler, can_inscrire_remise, can_preparer, can_transmettre
from consultations.queries import bilan
from consultations.queries_circuit import circuit_de, contenu_de_la_loi
from consultations.queries_remise import retours_a_traiter
from participation.common.dates import jour_a_paris
from participation.comptes.models import Utilisateur
from participation.gestion import afaire, queries, veille
from participation.gestion.afaire import Tache
from participation.gestion.appels import Appel, a_appeler
from participation.gestion.forms_appel import AppelForm
from participation.gestion.queries import Destinataire, Ligne
from participation.territoires.models import Instance


@dataclass(frozen=True)
class Vue:
    """Une façon de filtrer les saisines : un lien, son nombre."""

    code: str
    nom: str
    lignes: tuple[Ligne, ...]


def filtrer(lignes: Sequence[Ligne], voulue: str) -> tuple[Vue, list[Vue]]:
    """(la vue choisie, toutes les vues). Une valeur inconnue donne « à suivre », ou toutes s'il n'y a rien à suivre."""
    vues = [
        Vue("a-suivre", "À suivre", tuple(li for li in lignes if li.is_a_suivre)),
        Vue("sans-remise", "Sans preuve de remise", tuple(li for li in lignes if li.etat == Etat.NON_SAISIE)),
        Vue("silences", "Silences", tuple(li for li in lignes if li.is_muette)),
        Vue("toutes", "Toutes", tuple(lignes)),
    ]
    par_defaut = vues[0] if vues[0].lignes else vues[-1]
    return next((v for v in vues if v.code == voulue), par_defaut), vues


def _tableau(consultation: Consultation, lignes: Sequence[Ligne], voulue: str, now: datetime) -> dict[str, Any]:
    vue, vues = filtrer(lignes, voulue)
    bornes = [li.saisine.borne for li in lignes if now < li.saisine.borne and li.etat != Etat.SANS_OBJET]
    return {
        "consultation": consultation,
        "bilan": afaire.bilan(lignes),
        "vue": vue,
        "vues": vues,
        "borne": min(bornes) if bornes else None,
        "echeance": consultation.echeance,
        "par_etat": _par_etat(lignes),
        "phrase_presse": presse.phrase(consultation.titre, bilan([li.saisine for li in lignes]), now),
        "a_venir": veille.ce_qui_arrivera(lignes, now),
    }


def _par_etat(lignes: Sequence[Ligne]) -> list[tuple[Etat, int]]:
    etats = [li.etat for li in lignes]
    return [(etat, etats.count(etat)) for etat in Etat if etat in etats]


def page_du_bureau(par: Utilisateur, choisie: str, voulue: str, now: datetime, reel: datetime) -> dict[str, Any]:
    """Tout le bureau : quinze requêtes, quel que soit le nombre de consultations ouvertes et d'instances.

    `reel` : l'heure de la machine, pour son horloge.
    """
    toutes = list(queries.consultations_du_bureau(now))
    transmises = [c for c in toutes if c.transmise_le is not None]
    ouvertes = [c for c in transmises if vars(c)["is_ouverte"]]
    montree = next((c for c in transmises if c.slug == choisie), next(iter(ouvertes or transmises), None))
    a_lire = {c.pk for c in [*ouvertes, *([montree] if montree else [])]}
    lignes = queries.lignes([c for c in transmises if c.pk in a_lire], now)
    actes = list(queries.actes_en_attente())
    contexte = {
        "jour": jour_a_paris(now),
        "now": now,
        "taches": _taches(par, toutes, lignes, actes, now),
        "appels": _appels(lignes, now) if can_appeler(par) else [],
        "nb_a_signer": len(actes),
        "consultations": toutes,
        "can_preparer": can_preparer(par),
        "can_saisir": can_inscrire_remise(par),
        "machine": veille.machine(now, reel),
        "journal": veille.journal(toutes),
    }
    if montree:
        contexte |= _tableau(montree, [li for li in lignes if li.saisine.consultation_id == montree.pk], voulue, now)
    return contexte


def _taches(
    par: Utilisateur,
    toutes: Sequence[Consultation],
    lignes: Sequence[Ligne],
    actes: Sequence[ActePrepare],
    now: datetime,
) -> list[Tache]:
    closes = list(queries.closes_sans_proces_verbal(now))
    a_clore = [c for c in closes if not vars(c)["is_pv_prepare"]]
    return [
        *afaire.taches_des_actes(actes, is_signataire=can_transmettre(par)),
        *veille.courrier(toutes, closes, lignes, now),
        *(afaire.cloture(c, now, can_preparer=can_preparer(par)) for c in a_clore),
        *(afaire.retour(r) for r in retours_a_traiter()),
        *(afaire.demande(d) for d in queries.demandes_de_temps(now)),
        *afaire.taches(toutes, lignes, now, prepares={a.consultation_id for a in actes}),
    ]


def page_de_consultation(par: Utilisateur, consultation: Consultation, voulue: str, now: datetime) -> dict[str, Any]:
    """Une consultation transmise montre ses saisines ; en préparation, ses destinataires."""
    contexte: dict[str, Any] = {
        "consultation": consultation,
        "now": now,
        "can_preparer": can_preparer(par),
        "can_saisir": can_inscrire_remise(par),
        "can_transmettre": can_transmettre(par),
    }
    contexte["actes"] = list(consultation.actes.all())
    contexte["en_attente"] = list(queries.actes_en_attente().filter(consultation=consultation))
    contexte["is_close"] = any(a.type == TypeActe.PROCES_VERBAL for a in contexte["actes"])
    if consultation.transmise_le is None:
        return contexte | preparation(consultation, now)
    return contexte | _tableau(consultation, queries.lignes([consultation], now), voulue, now)


def page_de_transmission(par: Utilisateur, consultation: Consultation, now: datetime) -> dict[str, Any]:
    """Les six lignes de l'acte à signer."""
    return {
        "consultation": consultation,
        "now": now,
        "can_preparer": can_preparer(par),
    } | preparation(consultation, now)


@dataclass(frozen=True)
class Silence:
    """Ce que fera le silence d'un groupe d'instances, et pourquoi (règle 7)."""

    instances: tuple[Instance, ...]
    phrase: str


def preparation(consultation: Consultation, now: datetime) -> dict[str, Any]:
    """Ce que fera la transmission : délai, destinataires, silences, ce qui manque."""
    destinataires = queries.destinataires(consultation, now)
    saisies = [d for d in destinataires if d.instance.is_installee]
    return {
        "simulation": delais.simuler(now, consultation.echeance),
        "destinataires": destinataires,
        "a_qui": _a_qui(saisies),
        "silences": _silences(saisies),
        "non_installees": [d.instance for d in destinataires if not d.instance.is_installee],
        "injoignables": [d.instance for d in saisies if not d.has_courriel],
        "manques": manques(circuit_de(consultation), contenu_de_la_loi(consultation)),
    }


def _a_qui(saisies: Sequence[Destinataire]) -> str:
    return nombrer([d.instance.type for d in saisies])


def nombrer(types: Sequence[str]) -> str:
    """« 9 communes et 5 conseils citoyens »."""
    noms = (
        (Instance.Type.CONSEIL_MUNICIPAL, "commune", "communes"),
        (Instance.Type.CONSEIL_CITOYEN, "conseil citoyen", "conseils citoyens"),
        (Instance.Type.AUTRE, "autre instance", "autres instances"),
    )
    morceaux = [f"{n} {pluriel if n > 1 else seul}" for t, seul, pluriel in noms if (n := types.count(t))]
    return " et ".join([", ".join(morceaux[:-1]), morceaux[-1]]) if len(morceaux) > 1 else "".join(morceaux)


def _silences(saisies: Sequence[Destinataire]) -> list[Silence]:
    groupes = [(f, tuple(d.instance for d in saisies if d.fondement == f)) for f in Fondement]
    return [Silence(instances, rules.PHRASES_DU_SILENCE[f]) for f, instances in groupes if instances]


def page_d_appel(saisine: Saisine, form: AppelForm, now: datetime) -> dict[str, Any]:
    """La page d'un appel : le numéro, ce qui s'est dit, qui est au téléphone."""
    contacts = list(saisine.contacts.select_related("par"))
    return {
        "saisine": saisine,
        "form": form,
        "contacts": contacts,
        "dernier": contacts[0] if contacts else None,
        "en_cours": contacts[0] if contacts and contacts[0].is_en_cours(now) else None,
        "telephone": queries.telephones([saisine.instance_id]).get(saisine.instance_id, ""),
        "resultats": [r for r in Contact.Resultat if r != Contact.Resultat.EN_COURS],
    }


def _appels(lignes: Sequence[Ligne], now: datetime) -> list[Appel]:
    saisines = [li.saisine for li in lignes if li.is_a_suivre]
    contacts = queries.derniers_contacts(saisines)
    return a_appeler(lignes, contacts, queries.telephones([s.instance_id for s in saisines]), now)

"""LE TABLEAU DES ACCÈS. Une ligne par adresse nommée ; une adresse absente fait échouer la suite.

Une adresse peut avoir d'autres lignes, `nom#cas`, pour un autre objet.

Le monde (tests/acces/monde.py) : la saisine est celle du conseil du Mont-Liébaut : ouverte, remise, projet prêt. L'avis
est celui d'un autre conseil, déjà public. POST part sans rien : qui a le droit reçoit 422 (forme refusée), sauf
`corps=`. PUT, PATCH, DELETE, et toute méthode non dite, sont refusés partout.

Les adresses de paquets (`admin:`, `account_`, `mfa_`, `usersessions_`) suivent une règle par préfixe, rejouée sur
chacune : PAR_PREFIXE. Codes : contrat, « Réponses » (README, « Réponses du site »).
"""

from tests.acces.monde import (
    ACTE,
    AVIS,
    AVIS_DE_COMMUNE,
    CONTRIBUTION,
    ENVOI,
    MANDAT,
    PIECE_DU_PROJET,
    PREUVE,
    RETOUR,
    SEANCE,
)
from tests.acces.regles import Attendus, Regle, connecte, public, reserve

INSTANCE = ("presidente", "membre", "suppleante")  # les mandats du Mont-Liébaut
MAIRIE = ("secretaire", "agent")  # le mandat de Beuvry, ou un agent, complètent sa délibération
EQUIPE = ("agent", "signataire")

PAGE = Regle(get=public())
AGENTS = ("agent",)
DES_AGENTS = Regle(get=reserve(200, a=AGENTS, sinon=404))
FORME_DES_AGENTS = Regle(get=reserve(200, a=AGENTS, sinon=404), post=reserve(422, a=AGENTS, sinon=404))
PDF = Regle(get=public((200, 503)))  # 503 : les bibliothèques des PDF manquent sur cette machine
EN_PREPARATION = {"slug": "en-preparation"}
L_AVIS = {"pk": AVIS}
L_ACTE = {"pk": ACTE}
L_ENVOI = {"pk": ENVOI}
CACHEE = reserve(200, a=EQUIPE, sinon=404, anonyme=404)
DES_MANDATS = Regle(get=reserve(200, a=INSTANCE, sinon=404), post=reserve(422, a=INSTANCE, sinon=404))


def _agent(code: int) -> Attendus:
    """L'agent reçoit ce code ; la personne signataire voit le bureau, mais pas ce geste : 403."""
    return {**reserve(code, a=("agent",), sinon=404), "signataire": frozenset({403})}


def _du_conseil(espace: str, qui: tuple[str, ...]) -> dict[str, Regle]:
    """Les pages d'un conseil montées sous cet espace : pour les autres, elles n'existent pas."""

    def recoit(code: int) -> Attendus:
        return reserve(code, a=qui, sinon=404)

    lieu = {"slug": "conseil-citoyen-du-mont-liebaut"}
    le_mandat = lieu | {"pk": MANDAT}
    secours = recoit(303 if "agent" in qui else 403)  # seul un agent dicte un code
    return {
        f"{espace}:membres": Regle(get=recoit(200), arguments=lieu),
        f"{espace}:depot_regler": Regle(post=recoit(422), arguments=lieu),
        f"{espace}:membre_nommer": Regle(get=recoit(200), post=recoit(422), arguments=lieu),
        f"{espace}:lettres": Regle(post=recoit(422), arguments=lieu),
        f"{espace}:membre": Regle(get=recoit(200), arguments=le_mandat),
        f"{espace}:membre_piece": Regle(get=recoit(200), arguments=le_mandat),
        f"{espace}:membre_finir": Regle(post=recoit(303), arguments=le_mandat),
        f"{espace}:membre_renouveler": Regle(post=recoit(409), arguments=le_mandat),  # sans fin : rien à renouveler
        f"{espace}:membre_inviter": Regle(post=recoit(303), arguments=le_mandat),
        f"{espace}:membre_secours": Regle(post=secours, arguments=le_mandat),
    }


ACCES: dict[str, Regle] = {
    # --- les pages publiques
    "accueil:accueil": PAGE,
    "accueil:mon_quartier": Regle(get=public(), post=public((303, 422))),
    "accueil:quartier": Regle(get=public(), arguments={"slug": "mont-liebaut"}),
    "accueil:chiffres": PAGE,
    "accueil:comprendre": PAGE,
    "accueil:glossaire": PAGE,
    "accueil:aide": PAGE,
    "accueil:contact": PAGE,
    "accueil:accessibilite": PAGE,
    "accueil:donnees_personnelles": PAGE,
    "accueil:mentions_legales": PAGE,
    "accueil:modalites": PAGE,
    "accueil:moderation": PAGE,
    "accueil:agenda": PAGE,
    "accueil:agenda_ics": PAGE,
    # --- les données ouvertes
    "accueil:donnees_ouvertes": PAGE,
    "accueil:donnees_zip": PAGE,
    "accueil:donnees_jeu": Regle(get=public(), arguments={"jeu": "avis", "extension": "csv"}),
    "accueil:donnees_jeu#inconnu": Regle(get=public(404), arguments={"jeu": "personnes", "extension": "csv"}),
    "accueil:schema": Regle(get=public(), arguments={"jeu": "avis"}),
    # --- l'identité et l'affichage
    "common:favicon": Regle(get=public((302,))),
    "common:identite": PAGE,
    "common:identite_logo": Regle(get=public((200, 404))),  # 404 : le logo de la maison sert, aucun n'est donné
    "common:affichage": Regle(get=public(), post=public((303, 422))),
    # --- le registre, la santé
    "sante": Regle(get=public((200, 503))),
    "registre:registre": PAGE,
    "registre:registre_jsonl": PAGE,
    "registre:registre_atom": PAGE,
    # --- la consultation ouverte, publique
    "consultations:consultations": PAGE,
    "consultations:participation": PAGE,
    "consultations:consultation": PAGE,
    "consultations:instances": PAGE,
    "consultations:section": PAGE,
    "consultations:rapport_entier": PAGE,
    "consultations:saisine": PAGE,
    "consultations:avis": Regle(get=public(), arguments=L_AVIS),
    "consultations:piece": Regle(get=public(), arguments=L_AVIS),
    "consultations:etat_svg": PAGE,
    "consultations:avis_json": PAGE,
    "consultations:avis_csv": PAGE,
    "consultations:avis_ods": PAGE,
    "consultations:observations_json": PAGE,
    "consultations:observations_csv": PAGE,
    "consultations:observations_ods": PAGE,
    "consultations:deliberations_csv": PAGE,
    "consultations:annexe": PDF,
    "consultations:annexe_odt": PAGE,
    "consultations:rapport_pdf": PDF,
    "consultations:accuse": Regle(get=public((200, 503)), arguments=L_AVIS),
    # --- la même, en préparation : l'équipe la voit, les documents n'existent pas encore
    "consultations:consultation#en-preparation": Regle(get=CACHEE, arguments=EN_PREPARATION),
    "consultations:instances#en-preparation": Regle(get=CACHEE, arguments=EN_PREPARATION),
    "consultations:section#en-preparation": Regle(get=CACHEE, arguments=EN_PREPARATION),
    "consultations:rapport_entier#en-preparation": Regle(get=CACHEE, arguments=EN_PREPARATION),
    "consultations:etat_svg#en-preparation": Regle(get=public(404), arguments=EN_PREPARATION),
    "consultations:avis_json#en-preparation": Regle(get=public(404), arguments=EN_PREPARATION),
    "consultations:annexe_odt#en-preparation": Regle(get=public(404), arguments=EN_PREPARATION),
    "consultations:annexe#en-preparation": Regle(get=public(404), arguments=EN_PREPARATION),
    # --- l'avis d'une instance : ses mandats, et personne d'autre (règle 21)
    "consultations:recu": Regle(post=reserve(303, a=INSTANCE, sinon=403)),
    "consultations:temps": Regle(post=reserve(303, a=INSTANCE, sinon=403)),
    "consultations:contribution_piece": Regle(
        get=reserve(200, a=(*INSTANCE, "agent"), sinon=404, anonyme=404), arguments={"contribution": CONTRIBUTION}
    ),
    "consultations:preuve_piece": Regle(
        get=reserve(200, a=(*INSTANCE, "agent"), sinon=404, anonyme=404), arguments={"preuve": PREUVE}
    ),
    "consultations:preuve_pdf": PDF,
    "consultations:dossier": Regle(get=reserve((200, 503), a=(*INSTANCE, "agent"), sinon=404)),
    "consultations:complement": Regle(
        get=reserve(200, a=MAIRIE, sinon=404), post=reserve(422, a=MAIRIE, sinon=404), arguments={"pk": AVIS_DE_COMMUNE}
    ),
    "consultations:projet": DES_MANDATS,
    "consultations:avis_deposer": DES_MANDATS,
    "consultations:reunion": DES_MANDATS,
    "consultations:feuille": Regle(get=reserve((200, 503), a=INSTANCE, sinon=404)),
    "consultations:avis_proposer": Regle(post=reserve(422, a=INSTANCE, sinon=404)),
    "consultations:projet_piece": Regle(get=reserve(200, a=INSTANCE, sinon=404), arguments={"piece": PIECE_DU_PROJET}),
    # --- le rapport au bureau : importer, relire, corriger, figer
    "gestion:rapports:liste": DES_AGENTS,
    "gestion:rapports:importer": FORME_DES_AGENTS,
    "gestion:rapports:version": DES_AGENTS,
    "gestion:rapports:presentation": FORME_DES_AGENTS,
    "gestion:rapports:section": FORME_DES_AGENTS,
    "gestion:rapports:image": FORME_DES_AGENTS,
    "gestion:rapports:figer": FORME_DES_AGENTS,
    "gestion:rapports:effacer": Regle(get=reserve(200, a=AGENTS, sinon=404), post=reserve(303, a=AGENTS, sinon=404)),
    # --- les mandats : les mêmes pages, au bureau pour un agent, sous « Mon conseil » pour sa présidence
    "gestion:mandats:mandats": DES_AGENTS,
    "gestion:mandats:mandats_importer": FORME_DES_AGENTS,
    "gestion:mandats:mandats_csv": DES_AGENTS,
    "gestion:mandats:mandats_lettres": Regle(post=reserve(422, a=AGENTS, sinon=404)),  # toutes ont un courriel
    **_du_conseil("gestion:mandats:conseil", AGENTS),
    **_du_conseil("conseil", ("presidente",)),
    # --- rejoindre : une lettre, une invitation ; rien n'y dit si une adresse a un compte
    "rejoindre:lettre": Regle(get=public(), post=public(422)),
    "rejoindre:invitation_sans_jeton": PAGE,
    "rejoindre:invitation": Regle(get=public(404), arguments={"jeton": "forge"}),
    # --- les kits : à l'instance et aux agents ; chacun le sien ; le carré d'un papier ouvre la saisie à un agent
    "consultations:kit": Regle(get=reserve(200, a=(*INSTANCE, "agent"), sinon=404)),
    "consultations:kit_pdf": Regle(get=reserve((200, 503), a=(*INSTANCE, "agent"), sinon=404)),
    "consultations:kit_odt": Regle(get=reserve(404, a=(), sinon=404)),
    "gestion:avis_papier": Regle(get=reserve(404, a=AGENTS, sinon=404), arguments={"jeton": "forge"}),
    # --- les réunions annoncées : les mandats de l'instance, et un agent pour elle
    "agenda:seances": Regle(
        get=reserve(200, a=(*INSTANCE, "agent"), sinon=404),
        post=reserve(422, a=(*INSTANCE, "agent"), sinon=404),
        arguments={"slug": "conseil-citoyen-du-mont-liebaut"},
    ),
    "agenda:seance_retirer": Regle(
        post=reserve(303, a=(*INSTANCE, "agent"), sinon=404),
        arguments={"slug": "conseil-citoyen-du-mont-liebaut", "pk": SEANCE},
    ),
    # --- les comptes
    "comptes:mon_compte": Regle(get=connecte(), post=connecte((303, 422))),
    "comptes:mes_donnees": Regle(get=connecte()),
    "comptes:mes_donnees_json": Regle(get=connecte()),
    "comptes:messages": Regle(get=connecte(), post=connecte((422,))),
    "comptes:messages_arreter": Regle(get=public(404), post=public(404), arguments={"jeton": "forge"}),
    "comptes:supprimer": Regle(get=connecte(), post=connecte((422,))),
    "comptes:reprise": Regle(get=connecte(), post=connecte((303,))),
    "comptes:cle_options": Regle(get=public((405,)), post=public((200,))),
    # --- le bureau : page cachée aux autres (404), geste interdit à qui n'a pas la qualité (403)
    "gestion:bureau": Regle(get=reserve(200, a=EQUIPE, sinon=404)),
    "gestion:participation": Regle(get=reserve(200, a=EQUIPE, sinon=404)),
    "gestion:consultation": Regle(get=reserve(200, a=EQUIPE, sinon=404)),
    "gestion:consultation_creer": Regle(get=_agent(200), post=_agent(422)),
    "gestion:consultation_modifier": Regle(get=_agent(200), post=_agent(422), arguments=EN_PREPARATION),
    "gestion:circuit": Regle(get=_agent(200), post=_agent(422), arguments=EN_PREPARATION),
    "gestion:circuit#transmise": Regle(get=_agent(200), post=_agent(422)),
    "gestion:contenu": Regle(
        get=_agent(200), post=_agent(422), arguments=EN_PREPARATION, corps={"ACTIONS-presence": "PRESENT"}
    ),
    "gestion:contenu#transmise": Regle(get=_agent(200), post=_agent(409)),
    "gestion:transmettre": Regle(get=reserve(200, a=EQUIPE, sinon=404), post=_agent(303), arguments=EN_PREPARATION),
    # --- « À signer » : un agent prépare, une personne signataire signe (règle 22)
    "gestion:a_signer": Regle(get=reserve(200, a=EQUIPE, sinon=404)),
    "gestion:acte": Regle(
        get=reserve(200, a=EQUIPE, sinon=404),
        post={**reserve(422, a=("signataire",), sinon=404), "agent": frozenset({403})},
        arguments=L_ACTE,
    ),
    "gestion:acte_abandonner": Regle(post=_agent(303), arguments=L_ACTE),
    "gestion:acte_preparer": Regle(get=_agent(200), post=_agent(422), arguments={"acte": "report"}),
    "gestion:acte_preparer#rectificatif": Regle(get=_agent(200), post=_agent(422), arguments={"acte": "rectificatif"}),
    "gestion:acte_preparer#retrait": Regle(get=_agent(200), post=_agent(422), arguments={"acte": "retrait"}),
    "gestion:acte_preparer#annulation": Regle(get=_agent(200), post=_agent(422), arguments={"acte": "annulation"}),
    "gestion:acte_preparer#nouvelle": Regle(
        get=_agent(200), post=_agent(422), arguments={"acte": "nouvelle-transmission"}
    ),
    "gestion:acte_preparer#dormance": Regle(get=_agent(200), post=_agent(422), arguments={"acte": "dormance"}),
    "gestion:acte_preparer#sans-objet": Regle(get=_agent(200), post=_agent(422), arguments={"acte": "sans-objet"}),
    "gestion:acte_preparer#cloture": Regle(get=_agent(200), post=_agent(422), arguments={"acte": "cloture"}),
    "gestion:courriel_reessayer": Regle(post=_agent(303), arguments=L_ENVOI),
    "gestion:avis_recu": Regle(get=_agent(200), post=_agent(422)),
    "gestion:appel": Regle(get=_agent(200), post=_agent(422)),
    "gestion:remise": Regle(get=reserve(200, a=EQUIPE, sinon=404), post=_agent(422)),
    "gestion:retour": Regle(get=_agent(200), post=_agent(422)),
    "gestion:retour_constater": Regle(get=_agent(200), post=_agent(422), arguments={"pk": RETOUR}),
    # --- la démonstration, montée avec DEMO=1 seulement (503 : rien n'est chargé dans ce monde)
    "demo:personnes": PAGE,
    "demo:connexion": Regle(post=public(503)),
    "demo:horloge": Regle(post=public(422)),
}

# Préfixe → (codes d'un anonyme, codes d'une personne connectée, codes de qui entre dans /admin/), en GET.
ENTREE = frozenset({200, 302, 404})
PAR_PREFIXE: dict[str, tuple[frozenset[int], frozenset[int], frozenset[int]]] = {
    "admin:": (frozenset({302, 404}), frozenset({302, 403, 404}), frozenset({200, 302, 403, 404, 405})),
    "account_": (ENTREE | {405}, ENTREE | {405}, ENTREE | {405}),
    "mfa_": (ENTREE | {405}, ENTREE | {405}, ENTREE | {405}),
    "usersessions_": (frozenset({302}), frozenset({200}), frozenset({200})),
}
__all__ = ["ACCES", "EQUIPE", "INSTANCE", "PAR_PREFIXE", "reserve"]

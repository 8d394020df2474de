"""LE TABLEAU DES ACCÈS. Une ligne par adresse nommée ; une adresse absente fait échouer la suite.

Le monde (tests/acces/monde.py) : la saisine est celle du conseil du Mont-Liébaut : ouverte, remise, projet prêt. L'avis
est celui d'un autre conseil, déjà public. POST part sans rien : qui a le droit reçoit 422 (forme refusée), sauf
`corps=`. PUT, PATCH, DELETE, et toute méthode non dite, sont refusés partout.

Les adresses de paquets (`admin:`, `account_`, `mfa_`, `usersessions_`) suivent une règle par préfixe, rejouée sur
chacune : PAR_PREFIXE. Codes : contrat, « Réponses » (README, « Réponses du site »).
"""

from tests.acces.regles import Regle, connecte, public, reserve

INSTANCE = ("presidente", "membre", "suppleante")  # les mandats du Mont-Liébaut
EQUIPE = ("agent", "signataire")

PAGE = Regle(get=public())
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
    "accueil:moderation": PAGE,
    # --- l'identité et l'affichage
    "common:identite": PAGE,
    "common:identite_logo": Regle(get=public((200, 404))),  # 404 : le logo de la maison sert, aucun n'est donné
    "common:affichage": Regle(get=public(), post=public((303, 422))),
    # --- les comptes
    "comptes:mon_compte": Regle(get=connecte(), post=connecte((303, 422))),
    "comptes:reprise": Regle(get=connecte((200, 302, 404))),
    "comptes:cle_options": Regle(get=public((200, 302, 404, 405))),
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

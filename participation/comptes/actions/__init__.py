"""Les actes des comptes. Un acte par fonction ; ceux-ci sont les seuls à écrire."""

from participation.comptes.actions.appareils import fermer_les_autres_appareils, fermer_un_appareil, noter_l_appareil
from participation.comptes.actions.cles import ajouter_cle, retirer_cle
from participation.comptes.actions.codes import (
    compter_un_essai,
    consommer,
    ouvrir_essais,
    prendre_un_envoi,
    prendre_un_essai,
    rendre_un_essai,
)
from participation.comptes.actions.compte import changer_courriel, creer_compte, entrer_par_courriel, modifier_compte
from participation.comptes.actions.depot import regler_le_depot
from participation.comptes.actions.groupes import donner_groupe, poser_les_groupes, relire_les_groupes, retirer_groupe
from participation.comptes.actions.installation import installer_collectivite, installer_personne
from participation.comptes.actions.lettres import donner_un_code_de_secours, emettre_les_lettres, reclamer_un_code
from participation.comptes.actions.mandats import finir_mandat, nommer_mandat, renouveler_mandat
from participation.comptes.actions.membres import nommer_membre, renvoyer_l_invitation
from participation.comptes.actions.purge import purger_les_traces

__all__ = [
    "ajouter_cle",
    "changer_courriel",
    "compter_un_essai",
    "consommer",
    "creer_compte",
    "donner_groupe",
    "donner_un_code_de_secours",
    "emettre_les_lettres",
    "entrer_par_courriel",
    "fermer_les_autres_appareils",
    "fermer_un_appareil",
    "finir_mandat",
    "installer_collectivite",
    "installer_personne",
    "modifier_compte",
    "nommer_mandat",
    "nommer_membre",
    "noter_l_appareil",
    "ouvrir_essais",
    "poser_les_groupes",
    "prendre_un_envoi",
    "prendre_un_essai",
    "purger_les_traces",
    "reclamer_un_code",
    "regler_le_depot",
    "relire_les_groupes",
    "rendre_un_essai",
    "renouveler_mandat",
    "renvoyer_l_invitation",
    "retirer_cle",
    "retirer_groupe",
]

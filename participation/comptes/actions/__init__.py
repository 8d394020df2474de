"""Les actes des comptes. Un acte par fonction ; ceux-ci sont les seuls à écrire."""

from participation.comptes.actions.appareils import fermer_les_autres_appareils, fermer_un_appareil, noter_l_appareil
from participation.comptes.actions.cles import ajouter_cle, retirer_cle
from participation.comptes.actions.codes import consommer, ouvrir_essais, prendre_un_envoi, prendre_un_essai
from participation.comptes.actions.compte import changer_courriel, creer_compte, entrer_par_courriel, modifier_compte
from participation.comptes.actions.groupes import donner_groupe, poser_les_groupes, relire_les_groupes, retirer_groupe
from participation.comptes.actions.installation import installer_collectivite, installer_personne
from participation.comptes.actions.mandats import finir_mandat, nommer_mandat
from participation.comptes.actions.purge import purger_les_traces

__all__ = [
    "ajouter_cle",
    "changer_courriel",
    "consommer",
    "creer_compte",
    "donner_groupe",
    "entrer_par_courriel",
    "fermer_les_autres_appareils",
    "fermer_un_appareil",
    "finir_mandat",
    "installer_collectivite",
    "installer_personne",
    "modifier_compte",
    "nommer_mandat",
    "noter_l_appareil",
    "ouvrir_essais",
    "poser_les_groupes",
    "prendre_un_envoi",
    "prendre_un_essai",
    "purger_les_traces",
    "relire_les_groupes",
    "retirer_cle",
    "retirer_groupe",
]

"""Tout ce que le site sait d'une personne : chaque lien vers un compte est rendu, ou dit pourquoi il ne l'est pas.

Une table littérale, par étiquettes : les comptes n'importent aucun métier. Un essai échoue si un lien vers
`Utilisateur` n'y est pas.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet

from participation.comptes.models import Utilisateur

DU_COMPTE = (
    "id",
    "nom_usage",
    "email",
    "quartier",
    "is_active",
    "is_staff",
    "is_superuser",
    "inscrit_le",
    "last_login",
)
JAMAIS = {"password": "Aucun mot de passe n'existe : la valeur n'ouvre rien."}


@dataclass(frozen=True)
class Lien:
    """Ce qu'on rend d'un lien : sous quel nom, quels champs ; ou la raison de n'en rien rendre."""

    nom: str = ""
    champs: tuple[str, ...] = ()
    raison: str = ""


LIENS: dict[str, Lien] = {
    # --- le compte
    "comptes.Mandat.utilisateur": Lien("mandats", ("instance", "role", "du", "au", "nom", "college", "designation")),
    "comptes.Mandat.nomme_par": Lien("mandats_que_vous_avez_donnes", ("instance", "role", "du")),
    "comptes.Mandat.fini_par": Lien("mandats_que_vous_avez_finis", ("instance", "role", "au")),
    "comptes.CodeRemis.emis_par": Lien("codes_que_vous_avez_donnes", ("moyen", "emis_le", "reclame_le")),
    "comptes.Referent.utilisateur": Lien(
        "fiches_de_reference",
        ("genre", "quartier", "instance", "prenom", "service", "telephone", "horaires", "remplacement"),
    ),
    "comptes.Utilisateur_groups.utilisateur": Lien("groupes", ("group",)),
    "comptes.Utilisateur_user_permissions.utilisateur": Lien("permissions", ("permission",)),
    "account.EmailAddress.user": Lien("courriels_prouves", ("email", "verified", "primary")),
    "mfa.Authenticator.user": Lien("cles_d_acces", ("type", "created_at", "last_used_at")),
    "usersessions.UserSession.user": Lien("appareils", ("created_at", "last_seen_at", "user_agent")),
    "admin.LogEntry.user": Lien("gestes_d_administration", ("action_time", "content_type", "object_repr")),
    "demo.Personnage.utilisateur": Lien("role_de_demonstration", ("role",)),
    # --- les courriels et les fichiers
    "notifications.Envoi.destinataire": Lien(
        "courriels_recus", ("adresse", "evenement", "sujet", "texte", "cree_le", "envoye_le")
    ),
    "pieces.PieceJointe.ajoutee_par": Lien("fichiers", ("nom", "type_mime", "taille", "ajoutee_le")),
    # --- les actes : votre part, jamais le texte de l'instance (règles 20, 21)
    "consultations.ProjetAvis.modifie_par": Lien("projets_d_avis_modifies", ("saisine", "modifie_le")),
    "consultations.Avis.depose_par": Lien("avis_deposes", ("numero", "saisine", "inscrit_le")),
    "consultations.Complement.par": Lien("complements", ("avis", "inscrit_le")),
    "consultations.DemandeDeTemps.par": Lien("demandes_de_temps", ("saisine", "demandee_le")),
    "consultations.PreuveRemise.par": Lien("preuves_de_remise", ("saisine", "moyen", "remis_le")),
    "consultations.RetourCourriel.par": Lien("retours_de_courriel", ("saisine", "retourne_le")),
    "consultations.ConstatRetour.par": Lien("constats_de_retour", ("retour", "decision", "constate_le")),
    "consultations.Contribution.par": Lien("contributions_saisies", ("saisine", "type", "inscrit_le")),
    "consultations.Etape.par": Lien("etapes_inscrites", ("consultation", "code", "inscrite_le")),
    "consultations.ActePrepare.prepare_par": Lien("actes_prepares", ("consultation", "type", "prepare_le")),
    "consultations.Acte.signe_par": Lien("actes_signes", ("consultation", "n", "type", "signe_le")),
    "consultations.Consultation.transmise_par": Lien("consultations_transmises", ("titre", "transmise_le")),
    "consultations.Consultation.creee_par": Lien("consultations_preparees", ("titre", "creee_le")),
}


def mes_donnees(compte: Utilisateur, now: datetime) -> dict[str, Any]:
    """Tout ce que le site sait de cette personne, en valeurs simples. Une requête par lien."""
    rendu: dict[str, Any] = {"lu_le": now.isoformat(), "compte": _valeurs(compte, DU_COMPTE)}
    for etiquette, lien in LIENS.items():
        if lien.nom:
            lignes = lignes_de(compte, etiquette, lien.champs)
            rendu[lien.nom] = [_valeurs(ligne, lien.champs) for ligne in lignes]
    return rendu


def lignes_de(compte: Utilisateur, etiquette: str, champs: tuple[str, ...]) -> QuerySet[Model]:
    """Les lignes qui citent ce compte par ce lien, dans l'ordre où elles sont nées."""
    modele, _, nom = etiquette.rpartition(".")
    classe = apps.get_model(modele)
    liens = [c for c in champs if isinstance(classe._meta.get_field(c), ForeignKey)]
    lignes: QuerySet[Model] = classe._base_manager.filter(**{nom: compte})
    return lignes.select_related(*liens).order_by("pk")


def _valeurs(ligne: Model, champs: tuple[str, ...]) -> dict[str, Any]:
    return {nom: _simple(getattr(ligne, nom)) for nom in champs}


def _simple(valeur: Any) -> Any:
    if valeur is None or isinstance(valeur, bool | int | str):
        return valeur
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)

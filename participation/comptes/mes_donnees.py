"""Tout ce que le site sait d'une personne : chaque lien vers un compte est rendu, ou dit pourquoi il ne l'est pas.

Une table littérale, par étiquettes : les comptes n'importent aucun métier. Un essai échoue si un lien vers
`Utilisateur` n'y est pas.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet

from participation.common.reference import en_adresse
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
    """Ce qu'on rend d'un lien : sous quel titre, quels champs ; ou la raison de n'en rien rendre."""

    titre: str = ""
    champs: tuple[str, ...] = ()
    raison: str = ""

    @property
    def nom(self) -> str:
        """La clé dans le fichier : « Clés d’accès » devient « cles_d_acces »."""
        return en_adresse(self.titre).replace("-", "_")


LIENS: dict[str, Lien] = {
    # --- le compte
    "comptes.Mandat.utilisateur": Lien("Mandats", ("instance", "role", "du", "au", "nom", "college", "designation")),
    "comptes.Mandat.nomme_par": Lien("Mandats que vous avez donnés", ("instance", "role", "du")),
    "comptes.Mandat.fini_par": Lien("Mandats que vous avez finis", ("instance", "role", "au")),
    "comptes.CodeRemis.mandat__utilisateur": Lien(
        "Codes donnés pour vous", ("moyen", "emis_le", "expire_le", "reclame_le", "is_annule")
    ),
    "comptes.CodeRemis.emis_par": Lien("Codes que vous avez donnés", ("moyen", "emis_le", "reclame_le")),
    "comptes.Referent.utilisateur": Lien(
        "Fiches de référence",
        ("genre", "quartier", "instance", "prenom", "service", "telephone", "horaires", "remplacement"),
    ),
    "comptes.Utilisateur_groups.utilisateur": Lien("Groupes", ("group",)),
    "comptes.Utilisateur_user_permissions.utilisateur": Lien("Permissions", ("permission",)),
    "account.EmailAddress.user": Lien("Courriels prouvés", ("email", "verified", "primary")),
    "mfa.Authenticator.user": Lien("Clés d’accès", ("type", "created_at", "last_used_at")),
    "usersessions.UserSession.user": Lien("Appareils", ("created_at", "last_seen_at", "user_agent")),
    "admin.LogEntry.user": Lien("Gestes d’administration", ("action_time", "content_type", "object_repr")),
    "demo.Personnage.utilisateur": Lien("Rôle de démonstration", ("role",)),
    # --- les courriels et les fichiers
    "notifications.Envoi.destinataire": Lien(
        "Courriels reçus", ("adresse", "evenement", "sujet", "texte", "cree_le", "envoye_le")
    ),
    "notifications.ReglageMessages.personne": Lien("Messages choisis", ("niveau", "change_le")),
    "pieces.PieceJointe.ajoutee_par": Lien("Fichiers", ("nom", "type_mime", "taille", "ajoutee_le")),
    # --- les actes : votre part, jamais le texte de l'instance (règles 20, 21)
    "consultations.ProjetAvis.modifie_par": Lien("Projets d’avis modifiés", ("saisine", "modifie_le")),
    "consultations.ProjetAvis.propose_par": Lien("Dépôts proposés", ("saisine", "propose_le")),
    "consultations.Avis.depose_par": Lien("Avis déposés", ("numero", "saisine", "inscrit_le")),
    "consultations.Complement.par": Lien("Compléments", ("avis", "inscrit_le")),
    "agenda.Seance.annoncee_par": Lien("Réunions annoncées", ("instance", "le", "lieu", "annoncee_le")),
    "consultations.DemandeDeTemps.par": Lien("Demandes de temps", ("saisine", "demandee_le")),
    "consultations.PreuveRemise.par": Lien("Preuves de remise", ("saisine", "moyen", "remis_le")),
    "consultations.RetourCourriel.par": Lien("Retours de courriel", ("saisine", "retourne_le")),
    "consultations.ConstatRetour.par": Lien("Constats de retour", ("retour", "decision", "constate_le")),
    "consultations.Contact.par": Lien("Appels inscrits", ("saisine", "resultat", "note", "le")),
    "consultations.Contribution.par": Lien("Contributions saisies", ("saisine", "type", "inscrit_le")),
    "consultations.Etape.par": Lien("Étapes inscrites", ("consultation", "code", "inscrite_le")),
    "consultations.ActePrepare.prepare_par": Lien("Actes préparés", ("consultation", "type", "prepare_le")),
    "consultations.Acte.signe_par": Lien("Actes signés", ("consultation", "n", "type", "signe_le")),
    "consultations.Consultation.transmise_par": Lien("Consultations transmises", ("titre", "transmise_le")),
    "consultations.Consultation.creee_par": Lien("Consultations préparées", ("titre", "creee_le")),
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

"""Les objets qui portent leur empreinte, en plus du registre : version figée, avis, pièce citée, message envoyé.

Écrits par étiquette : le registre n'importe aucun métier.
"""

import hashlib
from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from participation.registre.formes import verifier_les_formes
from participation.registre.relecture import ILLISIBLE, Dire, empreinte_relue, relire

BLOC = 1 << 20


def is_personne(modele: Any) -> bool:
    """Vrai pour le modèle des comptes : aucune personne n'entre dans un contenu scellé."""
    return isinstance(modele, type) and issubclass(modele, AbstractBaseUser)


def verifier_les_scelles(dire: Dire) -> None:
    """Compare chaque empreinte portée à ce que la base contient."""
    verifier_les_formes(dire)
    _versions(dire)
    _saisines(dire)
    _avis(dire)
    _pieces(dire)
    _messages(dire)


def _versions(dire: Dire) -> None:
    """Une version figée : son empreinte ; si elle ne correspond plus, la section qui a changé est nommée."""
    versions = apps.get_model("rapports.Version")._base_manager.filter(figee_le__isnull=False)
    for version in relire(versions, dire, nom="rapports.Version", comme=lambda v: v.select_related("rapport")):
        if empreinte_relue(version) != version.empreinte:
            dire(f"rapports.Version {version.pk}", f"« {version} » n'est plus le texte figé.")
        for section in relire(version.sections.order_by("ordre"), dire, nom="rapports.Section"):
            if section.empreinte and empreinte_relue(section) != section.empreinte:
                dire(f"rapports.Section {section.pk}", f"« {section} » n'est plus la section figée.")


def _saisines(dire: Dire) -> None:
    """Une saisine : son délai, son retrait, son remplacement, ses constats : ceux des actes (règles 1, 6, 9, 22)."""
    modele = apps.get_model("consultations.Saisine")
    for saisine in relire(
        modele._base_manager.all(), dire, nom=modele._meta.label, comme=lambda s: s.select_related("consultation")
    ):
        nom = f"consultations.Saisine {saisine.pk}"
        try:
            delai, constats = saisine.delai_acte(), saisine.constats_actes()
        except (*ILLISIBLE, KeyError):
            dire(nom, "les actes qui la fixent ne se lisent plus.")
            continue
        if (saisine.echeance, saisine.borne) != delai:
            dire(nom, "son échéance n'est plus celle que les actes ont fixée.")
        for champ, valeur in constats.items():
            if getattr(saisine, champ) != valeur:
                dire(nom, f"« {nom_lu(modele, champ)} » ne dit plus ce que les actes ont constaté.")


def nom_lu(modele: Any, champ: str) -> str:
    """Le nom d'un champ tel que l'administration l'écrit."""
    return str(modele._meta.get_field(champ).verbose_name)


def _avis(dire: Dire) -> None:
    tous = apps.get_model("consultations.Avis")._base_manager.all()
    for avis in relire(tous, dire, nom="consultations.Avis", comme=lambda a: a.select_related("saisine")):
        if empreinte_relue(avis) != avis.empreinte:
            dire(f"consultations.Avis {avis.pk}", f"« {avis} » n'est plus l'avis scellé.")


def _pieces(dire: Dire) -> None:
    """Chaque pièce qu'un acte cite : avis, preuve de remise, retour, contribution, complément."""
    modele = apps.get_model("pieces.PieceJointe")
    for piece in relire(modele._base_manager.filter(citees(modele)), dire, nom="pieces.PieceJointe"):
        nom = f"pieces.PieceJointe {piece.pk}"
        try:
            with piece.fichier.open("rb") as fichier:
                calcul = hashlib.sha256()
                while bloc := fichier.read(BLOC):
                    calcul.update(bloc)
        except OSError:
            dire(nom, "son fichier a disparu.")
            continue
        if calcul.hexdigest() != piece.empreinte:
            dire(nom, "son fichier n'est plus celui qui a été déposé.")


def citees(pieces: Any) -> Q:
    """Les pièces vers lesquelles pointe une clé d'un de nos modèles ; jamais celles d'un brouillon, qui changent."""
    liens = pieces._meta.get_fields(include_hidden=True)
    voulu = Q(pk__in=[])
    for champ in (lien.field for lien in liens if lien.auto_created and lien.one_to_many):
        if not champ.model._meta.auto_created:  # la table d'un ManyToMany : les pièces d'un projet d'avis
            citantes = champ.model._base_manager.filter(**{f"{champ.name}__isnull": False})
            voulu |= Q(pk__in=citantes.values(champ.attname))
    return voulu


def _messages(dire: Dire) -> None:
    """Chaque message envoyé : ses octets, et l'instant où le serveur l'a accepté."""
    nom = "notifications.MessageEnvoye"
    envois = apps.get_model("notifications.Envoi")._base_manager.filter(envoye_le__isnull=False)
    lus = relire(envois, dire, nom="notifications.Envoi", comme=lambda e: e.values("pk", "envoye_le"))
    partis = {envoi["pk"]: envoi["envoye_le"] for envoi in lus}
    for message in relire(apps.get_model(nom)._base_manager.all(), dire, nom=nom):
        if hashlib.sha256(bytes(message.octets)).hexdigest() != message.empreinte:
            dire(f"{nom} {message.pk}", "ses octets ne sont plus ceux qui sont partis.")
        if message.parti_le != partis.get(message.pk):
            dire(f"{nom} {message.pk}", "la boîte d'envoi ne l'a pas vu partir à cet instant.")

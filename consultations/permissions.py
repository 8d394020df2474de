"""Qui peut quoi : le mandat en cours à `now`, jamais le délai (le délai est dans l'action)."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from consultations.etats import Visibilite
from consultations.models import Consultation, Saisine
from consultations.queries_kits import communes_de
from participation.comptes.models import Utilisateur
from participation.comptes.permissions import has_depot, has_mandat, is_agent, is_signataire, mandats_en_cours
from participation.territoires.models import Instance

Personne = Utilisateur | AnonymousUser


def can_voir(personne: Personne, consultation: Consultation, now: datetime) -> bool:
    """Règle 20 : avant transmission, les agents ; ensuite tout le monde, ou les instances si le projet est réservé."""
    if is_agent(personne) or is_signataire(personne):
        return True
    if consultation.transmise_le is None or now < consultation.transmise_le:
        return False
    if consultation.visibilite_projet == Visibilite.Projet.PUBLIC:
        return True
    saisies = consultation.saisines.values("instance")
    return mandats_en_cours(personne, now).filter(instance__in=saisies).exists()


def can_lire_projet(personne: Personne, saisine: Saisine, now: datetime) -> bool:
    """Règle 21 : le brouillon n'est lu que par les mandats en cours de l'instance ; ni agent, ni administrateur."""
    return has_mandat(personne, saisine.instance, now)


def can_deposer_avis(personne: Personne, saisine: Saisine, now: datetime) -> bool:
    """Règle 16 : le droit de déposer vient d'un mandat daté, selon le réglage de l'instance (`qui_depose`)."""
    return has_depot(personne, saisine.instance, now)


def can_lire_avis(personne: Personne, saisine: Saisine, now: datetime) -> bool:
    """Règle 20 : avis publiés à la clôture, seule l'instance lit le sien avant la borne.

    Règle 19 (L. 1111-2) : la commune lit l'avis de ses conseils citoyens dès leur dépôt, même à la clôture.
    """
    if not can_voir(personne, saisine.consultation, now):
        return False
    is_cache = saisine.consultation.visibilite_avis == Visibilite.Avis.A_LA_CLOTURE and now < saisine.borne
    return not is_cache or has_mandat(personne, saisine.instance, now) or is_de_sa_commune(personne, saisine, now)


def is_de_sa_commune(personne: Personne, saisine: Saisine, now: datetime) -> bool:
    """Règle 19 : vrai si la saisine est celle d'un conseil citoyen, et la personne mandatée par sa commune.

    La commune elle-même doit être consultée ici : c'est pour délibérer qu'elle lit.
    """
    if saisine.instance.type != Instance.Type.CONSEIL_CITOYEN:
        return False
    consultees = saisine.consultation.saisines.en_vigueur().filter(retiree_le=None).values("instance")
    communes = Instance.objects.filter(communes_de(saisine.instance), pk__in=consultees)
    return mandats_en_cours(personne, now).filter(instance__in=communes).exists()


def can_prendre_le_kit(personne: Personne, saisine: Saisine, now: datetime) -> bool:
    """Le kit d'une instance : ses mandats en cours, et un agent pour l'imprimer."""
    return is_agent(personne) or has_mandat(personne, saisine.instance, now)


def can_preparer(personne: Personne) -> bool:
    """Règle 22 : un agent prépare."""
    return is_agent(personne)


def can_transmettre(personne: Personne) -> bool:
    """Règle 22 : seule une personne signataire engage la collectivité."""
    return is_signataire(personne)


def can_saisir_pour(personne: Personne) -> bool:
    """Règles 11 et 16 : un agent saisit, pour le compte d'une instance, un avis reçu autrement."""
    return is_agent(personne)


def can_completer(personne: Personne, saisine: Saisine, now: datetime) -> bool:
    """Règle 15 : la commune, par un mandat en cours, ou un agent, complète sa délibération."""
    is_commune = saisine.instance.type == Instance.Type.CONSEIL_MUNICIPAL
    return is_commune and (is_agent(personne) or has_mandat(personne, saisine.instance, now))


def can_appeler(personne: Personne) -> bool:
    """Un agent appelle une instance muette et garde ce que l'appel a donné."""
    return is_agent(personne)


def can_inscrire_remise(personne: Personne) -> bool:
    """Règle 6 : un agent saisit un récépissé."""
    return is_agent(personne)


def can_lire_le_detail(personne: Personne, saisine: Saisine, now: datetime) -> bool:
    """Règle 20 : adresses, pièces de preuve et personnes d'une fiche, pour un agent ou un mandat de l'instance."""
    return is_agent(personne) or has_mandat(personne, saisine.instance, now)

"""Les courriels de la consultation : le texte lui-même, rien à ouvrir. Purs : des objets entrent, du texte sort."""

from django.conf import settings

from consultations import rules
from consultations.etats import Fondement
from consultations.models import Avis, Saisine
from participation.common.dates import echeance_longue, instant_long
from participation.registre.models import Entree
from participation.territoires.models import Epci


def courriel_de_saisine(saisine: Saisine) -> tuple[str, str]:
    """Le sujet et le texte qui annoncent une saisine. Le lien ouvre la page ; il ne donne aucun droit."""
    silence = rules.PHRASES_DU_SILENCE[Fondement(saisine.fondement)]
    lien = f"{settings.SITE_URL}{saisine.get_absolute_url()}"
    texte = (
        f"Bonjour,\n\n"
        f"Le projet « {saisine.version.titre_lu} » est transmis à : {saisine.instance}.\n"
        f"Votre avis est attendu jusqu'au {echeance_longue(saisine.echeance)}. La journée est comprise.\n\n"
        f"{silence}\n\n"
        f"Lire le projet et répondre : {lien}\n"
        f"Sur cette page, le bouton « J'ai bien reçu » confirme la réception.\n\n"
        f"Empreinte du texte transmis : {saisine.version.empreinte}\n"
    )
    return f"Votre avis est attendu : {saisine.consultation.titre}"[:200], texte


def courriel_d_accuse(avis: Avis, entree: Entree, service: Epci) -> tuple[str, str]:
    """L'accusé de réception (CRPA L. 112-11, règle 13) : date, numéro, empreinte, tête du registre."""
    saisine = avis.saisine
    lien = f"{settings.SITE_URL}{avis.get_absolute_url()}"
    texte = (
        f"Votre avis est bien reçu. Merci !\n\n"
        f"Instance : {saisine.instance}\n"
        f"Consultation : {saisine.consultation.titre}\n"
        f"Réponse : {avis.get_sens_display()}\n"
        f"Reçu le : {instant_long(avis.recu_le or avis.inscrit_le)}\n"
        f"Numéro : {avis.numero}\n"
        f"Empreinte SHA-256 : {avis.empreinte}\n"
        f"Registre : entrée n° {entree.n}, empreinte {entree.empreinte}\n"
        f"{_coordonnees(service)}\n\n"
        f"Vous pouvez remplacer cet avis jusqu'au {echeance_longue(saisine.echeance)}.\n"
        f"Lire l'avis et garder le reçu : {lien}\n"
    )
    return f"Avis bien reçu, numéro {avis.numero}", texte


def _coordonnees(service: Epci) -> str:
    """Le service qui a reçu l'avis et comment le joindre (règle 13) ; ce qui est inconnu n'est pas écrit."""
    lignes = [f"Service : {service.service or service.nom}"]
    connus = (service.adresse_contact, service.courriel_contact, service.telephone_contact)
    return "\n".join(lignes + [c for c in connus if c])

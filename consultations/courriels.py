"""Les courriels de la consultation : le texte lui-même, rien à ouvrir. Purs : des objets entrent, du texte sort."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from consultations import rules
from consultations.etats import Etat, Fondement
from consultations.models import Avis, Consultation, Saisine
from consultations.relances import Relance
from participation.common.dates import echeance_longue, instant_long, jour_long
from participation.registre.models import Entree
from participation.territoires.models import Epci


def courriel_de_saisine(saisine: Saisine) -> tuple[str, str]:
    """Le sujet et le texte qui annoncent une saisine. Le lien ouvre la page ; il ne donne aucun droit."""
    texte = f"Bonjour,\n\n{_corps_de_saisine(saisine)}"
    return f"Votre avis est attendu : {saisine.consultation.titre}"[:200], texte


def courriel_de_nouvelle_saisine(saisine: Saisine) -> tuple[str, str]:
    """Annonce une nouvelle transmission (règle 8) : le fond a changé, un nouvel avis est demandé."""
    texte = (
        f"Bonjour,\n\nLe projet a changé. Cette transmission remplace la précédente.\n"
        f"Un avis déjà donné reste au registre et à l'annexe. Un nouvel avis est demandé.\n\n"
        f"{_corps_de_saisine(saisine)}"
    )
    return f"Nouveau projet, nouvel avis attendu : {saisine.consultation.titre}"[:200], texte


def _corps_de_saisine(saisine: Saisine) -> str:
    silence = _silence(saisine)
    lien = f"{settings.SITE_URL}{saisine.get_absolute_url()}"
    return (
        f"Le projet « {saisine.version.titre_lu} » est transmis à : {saisine.instance}.\n"
        f"Votre avis est attendu jusqu'au {echeance_longue(saisine.echeance)}. La journée est comprise.\n\n"
        f"{silence}\n\n"
        f"Lire le projet et répondre : {lien}\n"
        f"Sur cette page, le bouton « J'ai bien reçu » confirme la réception.\n\n"
        f"Empreinte du texte transmis : {saisine.version.empreinte}\n"
    )


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


def courriel_de_report(saisine: Saisine, nouvelle: date, motif: str, fondement: str) -> tuple[str, str]:
    """Annonce un report (règle 9)."""
    texte = (
        f"Bonjour,\n\nVotre instance ({saisine.instance}) a plus de temps pour répondre.\n"
        f"Nouvelle échéance : {echeance_longue(nouvelle)}. La journée est comprise.\n"
        f"Décidé par : {fondement}\nPourquoi : {motif}\n\n{_lien(saisine)}\n"
    )
    return f"Plus de temps pour répondre : {saisine.consultation.titre}", texte


def courriel_de_rectificatif(saisine: Saisine, rang: int, lire: str) -> tuple[str, str]:
    """Joint un rectificatif (règle 8) : la version transmise ne change pas."""
    texte = (
        f"Bonjour,\n\nLe projet transmis contient une erreur matérielle. Le texte transmis ne change pas.\n"
        f"Rectificatif n° {rang} :\n\n{lire}\n\n{_lien(saisine)}\n"
    )
    return f"Rectificatif n° {rang} : {saisine.consultation.titre}", texte


def courriel_de_retrait(saisine: Saisine, motif: str) -> tuple[str, str]:
    """Dit à une instance qu'elle ne doit plus d'avis."""
    texte = (
        f"Bonjour,\n\n{saisine.instance} ne doit plus d'avis sur ce projet. Son silence ne vaudra rien.\n"
        f"Pourquoi : {motif}\n\n{_lien(saisine)}\n"
    )
    return f"Consultation retirée : {saisine.consultation.titre}", texte


def courriel_de_constat(saisine: Saisine, motif: str, *, is_due: bool) -> tuple[str, str]:
    """Annonce un constat (règle 6). `is_due` : l'instance, dormante, reste saisie."""
    effet = (
        f"Elle reste saisie : elle peut répondre jusqu'au {echeance_longue(saisine.echeance)}."
        if is_due
        else "Aucun avis n'est demandé. Son silence ne vaudra rien."
    )
    texte = (
        f"Bonjour,\n\nConstat : {saisine.instance} {'est dormante' if is_due else 'n’est pas installée'}.\n"
        f"{effet}\nPourquoi : {motif}\n\n{_lien(saisine)}\n"
    )
    return f"Constat : {saisine.consultation.titre}"[:200], texte


def courriel_de_cloture(saisine: Saisine, etat: Etat) -> tuple[str, str]:
    """Dit à une instance ce qui est retenu, une fois le procès-verbal signé (règle 3 bis)."""
    silence = f"\n{rules.PHRASES_DU_SILENCE[Fondement(saisine.fondement)]}" if etat == Etat.REPUTE_FAVORABLE else ""
    texte = (
        f"Bonjour,\n\nLa consultation est close depuis le {echeance_longue(saisine.echeance)}.\n"
        f"Pour {saisine.instance}, le procès-verbal retient : {etat.label}.{silence}\n\n{_lien(saisine)}\n"
    )
    return f"Consultation close : {saisine.consultation.titre}", texte


def courriel_de_rappel(consultation: Consultation) -> tuple[str, str]:
    """Rappelle aux signataires que le procès-verbal attend."""
    texte = (
        f"Bonjour,\n\nLa consultation « {consultation.titre} » est close depuis plus de cinq jours ouvrés.\n"
        f"Le procès-verbal de clôture attend une signature : {settings.SITE_URL}/gestion/a-signer/\n"
    )
    return f"À faire aujourd'hui : signer le procès-verbal, {consultation.titre}"[:200], texte


def courriel_de_relance(saisine: Saisine, relance: Relance) -> tuple[str, str]:
    """Relance une instance qui n'a pas répondu. Aucun « demain » : le message dit une date, lue quand on veut."""
    texte = f"Bonjour,\n\n{_attente(saisine, relance)}\n\n{_silence(saisine)}\n\n{_lien(saisine)}\n"
    return f"{relance.etape.sujet} : {saisine.consultation.titre}", texte


def courriel_de_resume(attendus: Sequence[tuple[Saisine, Relance]]) -> tuple[str, str]:
    """Le résumé de la semaine : tout ce que ses relances auraient dit, en un seul message."""
    blocs = [f"{_attente(saisine, relance)}\n{_lien(saisine)}" for saisine, relance in attendus]
    texte = "Bonjour,\n\nVoici votre semaine.\n\n" + "\n\n".join(blocs) + "\n"
    n = len(attendus)
    return f"Votre semaine : {n} avis attendus" if n > 1 else "Votre semaine : un avis attendu", texte


def _attente(saisine: Saisine, relance: Relance) -> str:
    phrase = relance.etape.phrase.format(seance=jour_long(relance.seance) if relance.seance else "")
    return (
        f"{saisine.instance} n'a pas encore répondu : « {saisine.consultation.titre} ».\n"
        f"Votre avis est attendu jusqu'au {echeance_longue(saisine.echeance)}. La journée est comprise.\n{phrase}"
    )


def _silence(saisine: Saisine) -> str:
    return rules.PHRASES_DU_SILENCE[Fondement(saisine.fondement)]


def _lien(saisine: Saisine) -> str:
    return f"La page de votre instance : {settings.SITE_URL}{saisine.get_absolute_url()}"


def _coordonnees(service: Epci) -> str:
    """Le service qui a reçu l'avis et comment le joindre (règle 13) ; ce qui est inconnu n'est pas écrit."""
    lignes = [f"Service : {service.service or service.nom}"]
    connus = (service.adresse_contact, service.courriel_contact, service.telephone_contact)
    return "\n".join(lignes + [c for c in connus if c])

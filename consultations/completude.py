"""Ce qui manque à un projet d'avis pour être déposé : la même liste à la relecture et au dépôt (règles 14, 15)."""

from datetime import date

from consultations.etats import Sens
from consultations.models import ProjetAvis
from participation.territoires.models import Instance


def manques(projet: ProjetAvis, jour: date) -> list[tuple[str, str]]:
    """(champ, phrase) pour chaque chose qui manque au jour dit ; vide quand l'avis peut partir."""
    liste = []
    if not projet.sens:
        liste.append(("sens", "Choisissez votre réponse."))
    has_texte = bool(projet.texte.strip()) or projet.observations.exists() or projet.rejointes.exists()
    if projet.sens in {Sens.FAVORABLE_OBSERVATIONS, Sens.FAVORABLE_RESERVES} and not has_texte:
        liste.append(("texte", "Écrivez au moins une phrase, pour qu'on puisse vous répondre."))
    if projet.saisine.instance.type == Instance.Type.CONSEIL_MUNICIPAL:
        if projet.date_seance is None:
            liste.append(("date_seance", "Indiquez la date du vote du conseil municipal."))
        if None in (projet.pour, projet.contre, projet.abstention):
            liste.append(("pour", "Indiquez les votes pour, contre et les abstentions."))
    if projet.date_seance is not None and projet.date_seance > jour:
        liste.append(("date_seance", "La séance a lieu avant le dépôt : sa date ne peut pas être à venir."))
    return liste

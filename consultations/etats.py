"""Les codes du métier : le code est le même en base, à l'écran (`data-etat`) et dans les exports. Purs, sans base."""

from enum import StrEnum

from django.db.models import TextChoices


class Sens(TextChoices):
    """Le sens d'un avis inscrit (règle 14) ; REPUTE_FAVORABLE est un silence, jamais un avis exprimé (règle 5)."""

    FAVORABLE = "FAVORABLE", "Favorable"
    FAVORABLE_OBSERVATIONS = "FAVORABLE_OBSERVATIONS", "Favorable avec observations"
    FAVORABLE_RESERVES = "FAVORABLE_RESERVES", "Favorable avec réserves"
    DEFAVORABLE = "DEFAVORABLE", "Défavorable"
    NE_SE_PRONONCE_PAS = "NE_SE_PRONONCE_PAS", "Ne se prononce pas"
    REPUTE_FAVORABLE = "REPUTE_FAVORABLE", "Réputé favorable"


class Etat(TextChoices):
    """Ce qu'une page montre d'une saisine, à un instant."""

    FAVORABLE = "FAVORABLE", "Favorable"
    FAVORABLE_OBSERVATIONS = "FAVORABLE_OBSERVATIONS", "Favorable avec observations"
    FAVORABLE_RESERVES = "FAVORABLE_RESERVES", "Favorable avec réserves"
    DEFAVORABLE = "DEFAVORABLE", "Défavorable"
    NE_SE_PRONONCE_PAS = "NE_SE_PRONONCE_PAS", "Ne se prononce pas"
    REPONDU = "REPONDU", "A répondu (publié à la clôture)"
    EN_ATTENTE = "EN_ATTENTE", "En attente"
    REPUTE_FAVORABLE = "REPUTE_FAVORABLE", "Réputé favorable"
    NON_SAISIE = "NON_SAISIE", "Non saisie"
    SANS_OBJET = "SANS_OBJET", "Sans objet"


DATA_ETAT = {
    Etat.FAVORABLE: "favorable",
    Etat.FAVORABLE_OBSERVATIONS: "observations",
    Etat.FAVORABLE_RESERVES: "reserves",
    Etat.DEFAVORABLE: "defavorable",
    Etat.NE_SE_PRONONCE_PAS: "abstention",
    Etat.REPONDU: "repondu",
    Etat.EN_ATTENTE: "attente",
    Etat.REPUTE_FAVORABLE: "repute",
    Etat.NON_SAISIE: "nonsaisie",
    Etat.SANS_OBJET: "sansobjet",
}
EXPRIMES = frozenset(
    {
        Etat.FAVORABLE,
        Etat.FAVORABLE_OBSERVATIONS,
        Etat.FAVORABLE_RESERVES,
        Etat.DEFAVORABLE,
        Etat.NE_SE_PRONONCE_PAS,
        Etat.REPONDU,
    }
)
ATTENDUS = EXPRIMES | {Etat.EN_ATTENTE, Etat.REPUTE_FAVORABLE}


class ModeAdoption(TextChoices):
    """Comment un conseil a adopté son avis (règle 15). Facultatif : aucun texte ne l'impose."""

    MAIN_LEVEE = "MAIN_LEVEE", "Vote à main levée"
    CONSENSUS = "CONSENSUS", "Consensus"


class Nature(TextChoices):
    """La nature d'une observation (règle 14)."""

    QUESTION = "question", "Question"
    CORRECTION = "correction", "Correction"
    AJOUT = "ajout", "Ajout"
    DESACCORD = "desaccord", "Désaccord"


class Fondement(TextChoices):
    """Le fondement d'une saisine (règle 7)."""

    DECRET = "DECRET", "Décret n° 2015-1118"
    DELIBERATION = "DELIBERATION", "Délibération"
    PARTENAIRE = "PARTENAIRE", "Partenaire signataire du contrat"


class TypeActe(TextChoices):
    """Les actes qui engagent, préparés puis signés (règles 9, 22 ; 3 bis ; 8)."""

    TRANSMISSION = "TRANSMISSION", "Transmission"
    REPORT = "REPORT", "Report d'échéance"
    RECTIFICATIF = "RECTIFICATIF", "Rectificatif"
    RETRAIT = "RETRAIT", "Retrait d'une instance"
    ANNULATION = "ANNULATION", "Annulation de la consultation"
    PROCES_VERBAL = "PROCES_VERBAL", "Procès-verbal de clôture"
    RETRANSMISSION = "RETRANSMISSION", "Nouvelle transmission"
    DORMANCE = "DORMANCE", "Constat : instance dormante"
    SANS_OBJET = "SANS_OBJET", "Constat : saisine sans objet"


class EtapeCircuit(TextChoices):
    """Les étapes datées avant la transmission (docs/domaine.md §1), dans leur ordre."""

    VISEE = "VISEE", "Projet visé par la vice-présidence"
    COMMISSION = "COMMISSION", "Avis de la commission"
    ARRETEE = "ARRETEE", "Projet arrêté par délibération"


class PointLegal(TextChoices):
    """Ce que le rapport doit contenir (décret n° 2015-1118 ; données par sexe : CGCT L. 1111-2)."""

    ORIENTATIONS = "ORIENTATIONS", "Les orientations du contrat de ville"
    EVOLUTION = "EVOLUTION", "L’évolution de la situation dans les quartiers"
    ACTIONS = "ACTIONS", "Les actions menées pour les habitants"
    PERSPECTIVES = "PERSPECTIVES", "Les perspectives et les moyens"
    RENOVATION_URBAINE = "RENOVATION_URBAINE", "La rénovation urbaine"
    DONNEES_PAR_SEXE = "DONNEES_PAR_SEXE", "Les données par sexe"


class PresencePoint(TextChoices):
    """Ce qu'un agent dit d'un point ; sans ligne, il n'est pas renseigné."""

    PRESENT = "PRESENT", "Présent"
    ABSENT = "ABSENT", "Absent"


class OrigineRetour(TextChoices):
    """Comment un retour de courriel est connu (règle 6)."""

    AGENT = "AGENT", "Saisi par un agent"
    SERVEUR = "SERVEUR", "Lu dans le message du serveur"


class DecisionRetour(TextChoices):
    """Ce qu'un agent constate d'un retour de courriel (règle 6)."""

    NON_REMISE = "NON_REMISE", "La remise ne tient pas"
    REMISE_TIENT = "REMISE_TIENT", "La remise tient"
    ERREUR = "ERREUR", "Ce retour est saisi par erreur"


class TypeContribution(TextChoices):
    """Ce qui est reçu sans être un avis (règles 11, 15)."""

    TARDIF = "TARDIF", "Reçu hors délai"
    COURRIER = "COURRIER", "Courrier sans délibération"


class Visibilite:
    """Qui lit quoi, et quand (règle 20)."""

    class Projet(TextChoices):
        PUBLIC = "public", "Tout le monde"
        INSTANCES = "instances", "Les instances consultées"

    class Avis(TextChoices):
        AU_DEPOT = "depot", "Dès leur dépôt"
        A_LA_CLOTURE = "cloture", "À la clôture"


class Statut(StrEnum):
    """Le délai d'une saisine à un instant."""

    EN_PREPARATION = "en_preparation"
    OUVERTE = "ouverte"
    CLOSE = "close"

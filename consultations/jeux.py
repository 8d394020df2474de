"""Les jeux de données ouverts des consultations, colonne par colonne (docs/domaine.md §7). Aucun nom de personne."""

from typing import Final

from consultations.etats import Etat, Visibilite
from participation.common.jeux import Colonne, Jeu

CANAUX = ("PLATEFORME", "ACCUEIL", "COURRIER", "COURRIEL", "ACTES", "SILENCE")
TYPES = ("CONSEIL_CITOYEN", "CONSEIL_MUNICIPAL", "AUTRE")

_D_UNE_SAISINE: Final = (
    Colonne("CONSULTATION_ID", "Adresse courte de la consultation sur ce site.", is_obligatoire=True),
    Colonne("EPCI_SIRET", "SIRET de l’agglomération ; vide s’il est inconnu.", exemple="12345678900012"),
    Colonne("RAPPORT_ANNEE", "Année du rapport soumis à l’avis.", "integer", "2024", is_obligatoire=True),
    Colonne("RAPPORT_VERSION_SHA256", "Empreinte SHA-256 du texte figé transmis à l’instance.", is_obligatoire=True),
    Colonne("ORGANE_TYPE", "Genre de l’instance consultée.", is_obligatoire=True, valeurs=TYPES),
    Colonne("ORGANE_NOM", "Nom de l’instance.", is_obligatoire=True),
    Colonne("COMMUNE_INSEE", "Code INSEE de sa commune ; vide s’il est inconnu ou si elle en couvre plusieurs."),
    Colonne("QUARTIER_CODE", "Codes officiels de ses quartiers, séparés par une espace ; vide s’ils sont inconnus."),
    Colonne("TRANSMISSION_DATE", "Jour de la transmission du projet (heure de Paris).", "date", is_obligatoire=True),
    Colonne("REMISE_DATE", "Jour où la remise à l’instance est prouvée ; vide : non saisie.", "date"),
    Colonne("ECHEANCE", "Dernier jour pour répondre, journée comprise.", "date", is_obligatoire=True),
    Colonne(
        "AVIS_SENS",
        "État de la réponse. REPUTE_FAVORABLE : un silence, jamais un avis exprimé. REPONDU : publié à la clôture.",
        is_obligatoire=True,
        valeurs=tuple(Etat.values),
    ),
    Colonne("AVIS_DATE", "Date de l’avis : la séance, sinon le dépôt ; d’un silence : l’échéance.", "date"),
    Colonne("RECEPTION_DATE", "Jour où l’agglomération a reçu l’avis.", "date"),
    Colonne("CANAL", "Comment l’avis est arrivé.", valeurs=CANAUX),
    Colonne("SAISI_LE", "Jour de l’inscription de l’avis au registre.", "date"),
    Colonne("DELIB_ID", "Numéro de la délibération d’une commune, quand elle l’a donné."),
    Colonne("OBS_NB", "Nombre d’observations jointes à l’avis.", "integer", is_obligatoire=True),
    Colonne("DOCUMENT_URL", "Adresse permanente de l’avis.", format="uri"),
)

AVIS = Jeu(
    "avis",
    "Les avis des instances",
    "Une ligne par instance consultée : ce qu’on lui a demandé, quand, et ce qu’elle a répondu.",
    _D_UNE_SAISINE,
    cle=("CONSULTATION_ID", "ORGANE_NOM"),
)

OBSERVATIONS = Jeu(
    "observations",
    "Les observations des instances",
    "Une ligne par observation d’un avis publié, mot pour mot. La réponse de l’agglomération vient avec les suites.",
    (
        *_D_UNE_SAISINE,
        Colonne("SECTION_REF", "Partie du rapport visée (son adresse courte) ; vide : l’ensemble du rapport."),
        Colonne("TEXTE", "L’observation, mot pour mot.", is_obligatoire=True),
        Colonne("SUITE", "La suite donnée ; vide tant qu’aucune n’est publiée."),
        Colonne("SUITE_MOTIF", "Le motif de la suite."),
        Colonne(
            "INSTANCES_NB",
            "Nombre d’instances qui demandent la même chose, celle-ci comprise.",
            "integer",
            is_obligatoire=True,
        ),
    ),
)

DELIBERATIONS = Jeu(
    "deliberations",
    "Les délibérations des communes consultées",
    "Les avis des conseils municipaux, au format SCDL Délibérations 2.1.4. Une cellule vide est une valeur inconnue.",
    (
        Colonne("COLL_NOM", "Nom de la commune.", is_obligatoire=True),
        Colonne("COLL_SIRET", "SIRET de la commune ; vide s’il est inconnu."),
        Colonne("DELIB_ID", "Numéro de la délibération ; vide tant que la commune ne l’a pas donné."),
        Colonne("DELIB_DATE", "Date du vote.", "date", "2025-09-25", is_obligatoire=True),
        Colonne("DELIB_MATIERE_CODE", "Code de matière de la nomenclature ACTES.", exemple="8.5", is_obligatoire=True),
        Colonne("DELIB_MATIERE_NOM", "Nom de cette matière.", is_obligatoire=True),
        Colonne("DELIB_OBJET", "Objet de la délibération.", is_obligatoire=True),
        Colonne("BUDGET_ANNEE", "Toujours vide : un avis n’engage pas de budget."),
        Colonne("BUDGET_NOM", "Toujours vide : un avis n’engage pas de budget."),
        Colonne("PREF_ID", "Toujours vide : le code de la préfecture n’est pas tenu ici."),
        Colonne("PREF_DATE", "Jour de la réception en préfecture, quand la commune l’a donné.", "date"),
        Colonne("VOTE_EFFECTIF", "Toujours vide : l’effectif du conseil n’est pas tenu ici.", "integer"),
        Colonne("VOTE_REEL", "Somme des voix et des abstentions.", "integer"),
        Colonne("VOTE_POUR", "Voix pour.", "integer"),
        Colonne("VOTE_CONTRE", "Voix contre.", "integer"),
        Colonne("VOTE_ABSTENTION", "Abstentions.", "integer"),
        Colonne("DELIB_URL", "Adresse permanente de l’avis sur ce site.", format="uri"),
    ),
    version="2.1.4",
    plus={"homepage": "https://schema.data.gouv.fr/scdl/deliberations/"},
)

CONSULTATIONS = Jeu(
    "consultations",
    "Les consultations",
    "Une ligne par consultation publique : le rapport, les dates, qui lit quoi.",
    (
        Colonne("CONSULTATION_ID", "Adresse courte de la consultation.", is_obligatoire=True),
        Colonne("TITRE", "Titre de la consultation.", is_obligatoire=True),
        Colonne("RAPPORT_ANNEE", "Année du rapport.", "integer", is_obligatoire=True),
        Colonne("RAPPORT_TITRE", "Titre du rapport transmis.", is_obligatoire=True),
        Colonne("RAPPORT_VERSION", "Numéro de la version transmise.", "integer", is_obligatoire=True),
        Colonne("RAPPORT_VERSION_SHA256", "Empreinte SHA-256 de son texte figé.", is_obligatoire=True),
        Colonne("ARRETE_LE", "Jour où le projet a été arrêté.", "date"),
        Colonne("DELIB_ID", "Numéro de la délibération qui l’arrête."),
        Colonne("PUBLIE_LE", "Jour de la publication et de la réception en sous-préfecture.", "date"),
        Colonne("TRANSMISSION_DATE", "Jour de la transmission aux instances.", "date", is_obligatoire=True),
        Colonne("ECHEANCE", "Échéance commune, journée comprise.", "date", is_obligatoire=True),
        Colonne("APPROUVE_LE", "Jour de l’approbation du rapport amendé.", "date"),
        Colonne(
            "AVIS_PUBLIES", "Quand les avis se lisent.", is_obligatoire=True, valeurs=tuple(Visibilite.Avis.values)
        ),
        Colonne("DEMONSTRATION", "true : les avis montrés sont inventés.", "boolean", is_obligatoire=True),
        Colonne("URL", "Adresse permanente de la consultation.", format="uri", is_obligatoire=True),
    ),
    cle=("CONSULTATION_ID",),
)

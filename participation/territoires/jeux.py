"""Les jeux de données ouverts du territoire : les quartiers, les instances. Une valeur inconnue est vide."""

from collections.abc import Iterable

from participation.common.jeux import Colonne, Jeu, Ligne
from participation.territoires.models import Instance, Quartier

_FICTIF = Colonne("DEMONSTRATION", "true : inventé pour la démonstration.", "boolean", is_obligatoire=True)

QUARTIERS = Jeu(
    "quartiers",
    "Les quartiers",
    "Une ligne par quartier prioritaire (QPV) ou d’intérêt communautaire (QIC) inscrit sur ce site.",
    (
        Colonne("QUARTIER_CODE", "Code officiel ; vide s’il est inconnu."),
        Colonne("QUARTIER_NOM", "Nom du quartier.", is_obligatoire=True),
        Colonne("TYPE", "QPV, QIC, ou inconnu.", is_obligatoire=True, valeurs=tuple(Quartier.Type.values)),
        Colonne("COMMUNES", "Ses communes, séparées par une virgule.", is_obligatoire=True),
        Colonne("COMMUNES_INSEE", "Leurs codes INSEE connus, séparés par une espace."),
        Colonne("RENOUVELLEMENT_URBAIN", "true : dans le programme de renouvellement urbain.", "boolean"),
        Colonne("SOURCE", "D’où vient cette ligne."),
        _FICTIF,
        Colonne("URL", "Adresse permanente du quartier.", format="uri", is_obligatoire=True),
    ),
)

INSTANCES = Jeu(
    "instances",
    "Les instances consultées",
    "Une ligne par conseil municipal, conseil citoyen ou autre instance de participation.",
    (
        Colonne("ORGANE_NOM", "Nom de l’instance.", is_obligatoire=True),
        Colonne("ORGANE_TYPE", "Genre.", is_obligatoire=True, valeurs=tuple(Instance.Type.values)),
        Colonne("COMMUNE", "Sa commune ; vide si elle en couvre plusieurs."),
        Colonne("COMMUNE_INSEE", "Code INSEE de cette commune, s’il est connu."),
        Colonne("QUARTIERS", "Ses quartiers, séparés par une virgule."),
        Colonne("QUARTIER_CODE", "Leurs codes officiels connus, séparés par une espace."),
        Colonne("INSTALLEE", "false : pas encore installée, donc sans objet.", "boolean", is_obligatoire=True),
        Colonne("DORMANTE", "true : installée, mais elle ne se réunit pas.", "boolean", is_obligatoire=True),
        Colonne("PARTENAIRE", "true : partenaire signataire ; elle ne doit rien.", "boolean", is_obligatoire=True),
        Colonne("MODE_DESIGNATION", "Mode de désignation, s’il est connu."),
        Colonne("ACTE_RECONNAISSANCE", "Acte de reconnaissance, s’il existe."),
        Colonne("STRUCTURE_PORTEUSE", "Structure porteuse, si elle en a une."),
        Colonne("DUREE_MANDAT", "Durée de mandat, si elle est connue."),
        Colonne("REGLEMENT", "Règlement intérieur, s’il est donné."),
        Colonne("SOURCE", "D’où vient cette ligne."),
        _FICTIF,
    ),
)


def lignes_des_quartiers(quartiers: Iterable[Quartier], site: str) -> list[Ligne]:
    """Une ligne par quartier, ses communes déjà lues."""
    return [_quartier(q, site) for q in quartiers]


def _quartier(quartier: Quartier, site: str) -> Ligne:
    communes = sorted(quartier.communes.all(), key=lambda c: c.nom)
    return {
        "QUARTIER_CODE": quartier.code or "",
        "QUARTIER_NOM": quartier.nom,
        "TYPE": quartier.type,
        "COMMUNES": ", ".join(c.nom for c in communes),
        "COMMUNES_INSEE": " ".join(c.code_insee for c in communes if c.code_insee),
        "RENOUVELLEMENT_URBAIN": oui_non(quartier.is_npnru),
        "SOURCE": quartier.source,
        "DEMONSTRATION": oui_non(quartier.is_fictif),
        "URL": f"{site}{quartier.get_absolute_url()}",
    }


def lignes_des_instances(instances: Iterable[Instance]) -> list[Ligne]:
    """Une ligne par instance, sa commune et ses quartiers déjà lus. Ni courriel, ni personne."""
    return [_instance(i) for i in instances]


def _instance(instance: Instance) -> Ligne:
    quartiers = sorted(instance.quartiers.all(), key=lambda q: q.nom)
    commune = instance.commune
    return {
        "ORGANE_NOM": instance.nom,
        "ORGANE_TYPE": instance.type,
        "COMMUNE": commune.nom if commune else "",
        "COMMUNE_INSEE": (commune.code_insee or "") if commune else "",
        "QUARTIERS": ", ".join(q.nom for q in quartiers),
        "QUARTIER_CODE": " ".join(q.code for q in quartiers if q.code),
        "INSTALLEE": oui_non(instance.is_installee),
        "DORMANTE": oui_non(instance.is_dormante),
        "PARTENAIRE": oui_non(instance.is_partenaire),
        "MODE_DESIGNATION": instance.mode_designation,
        "ACTE_RECONNAISSANCE": instance.acte_reconnaissance,
        "STRUCTURE_PORTEUSE": instance.structure_porteuse,
        "DUREE_MANDAT": instance.duree_mandat,
        "REGLEMENT": instance.reglement_interieur,
        "SOURCE": instance.source,
        "DEMONSTRATION": oui_non(instance.is_fictif),
    }


def oui_non(valeur: bool) -> str:
    """Un booléen, comme Table Schema l’écrit."""
    return "true" if valeur else "false"

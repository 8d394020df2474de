"""La fondation du monde : le territoire connu, les instances, les personnes des quatorze rôles."""

from datetime import datetime, timedelta

from participation.common.dates import PARIS
from participation.common.reference import en_adresse
from participation.comptes.actions import creer_compte, nommer_mandat
from participation.comptes.models import Mandat
from participation.demo import actions
from participation.demo.actes import Acte
from participation.demo.monde.outils import DONNEES
from participation.demo.roles import CONSEIL_CENTRE, CONSEIL_MONT_LIEBAUT, DOMAINE, ROLES
from participation.territoires.actions import creer_instance, importer_territoire
from participation.territoires.imports import lire
from participation.territoires.models import Commune, Instance, Quartier

DEBUT = datetime(2024, 1, 15, 9, 0, tzinfo=PARIS)
MARGE = timedelta(days=60)  # la consultation ouverte commence avant le premier chargement
NOMBRE = 6
FICTIF = "Inventé pour la démonstration."
QIC = {5, 6}  # leurs instances sont saisies par la délibération, non par le décret (règle 7)
SANS_COURRIEL = {"commune-de-demonstration-5", "commune-de-demonstration-6"}
NON_INSTALLEE = "conseil-citoyen-de-demonstration-4"


def actes(origine: datetime) -> list[Acte]:
    """Toujours les premiers, quelle que soit l'heure du site."""
    debut = min(DEBUT, origine - MARGE)
    etapes = (territoire, instances_reelles, instances_inventees, personnes)
    return [Acte(debut + timedelta(minutes=n), f"fondation-{e.__name__}", e) for n, e in enumerate(etapes)]


def territoire(now: datetime) -> None:
    """Le territoire connu, par la même action que la commande `importer_territoire`."""
    importer_territoire(lu=lire((DONNEES / "territoire.json").read_bytes()), par=None, now=now)


def instances_reelles(now: datetime) -> None:
    """Les six instances réelles. Aucun avis ne leur est prêté : elles attendent, puis leur silence suit la règle."""
    for nom in ("Béthune", "Beuvry", "Bruay-la-Buissière", "Divion"):
        creer_instance(
            nom=nom, slug=en_adresse(nom), type=Instance.Type.CONSEIL_MUNICIPAL, commune=Commune.objects.get(nom=nom),
            courriel=f"mairie-{en_adresse(nom)}@{DOMAINE}", par=None, now=now,
        )  # fmt: skip
    for nom, slug, quartier in (
        ("Conseil citoyen du Mont-Liébaut", CONSEIL_MONT_LIEBAUT, "Mont-Liébaut"),
        ("Conseil citoyen du Centre", CONSEIL_CENTRE, "Le Centre"),
    ):
        lieu = Quartier.objects.prefetch_related("communes").get(nom=quartier)
        creer_instance(
            nom=nom, slug=slug, type=Instance.Type.CONSEIL_CITOYEN, commune=lieu.communes.first(), quartiers=[lieu],
            courriel=f"{slug}@{DOMAINE}", par=None, now=now,
        )  # fmt: skip


def instances_inventees(now: datetime) -> None:
    """Six communes et six conseils citoyens de démonstration, chacun avec son quartier, tous marqués fictifs."""
    for n in range(1, NOMBRE + 1):
        commune = Commune.objects.create(
            nom=f"Commune de démonstration {n}", slug=f"commune-de-demonstration-{n}", is_fictif=True, source=FICTIF
        )
        quartier = Quartier.objects.create(
            nom=f"Quartier de démonstration {n}", slug=f"quartier-de-demonstration-{n}", is_fictif=True, source=FICTIF,
            type=Quartier.Type.QIC if n in QIC else Quartier.Type.QPV,
        )  # fmt: skip
        quartier.communes.add(commune)
        _instance(f"Commune de démonstration {n}", Instance.Type.CONSEIL_MUNICIPAL, commune, quartier, now)
        _instance(f"Conseil citoyen de démonstration {n}", Instance.Type.CONSEIL_CITOYEN, commune, quartier, now)


def _instance(nom: str, type_: str, commune: Commune, quartier: Quartier, now: datetime) -> None:
    slug = en_adresse(nom)
    courriel = "" if slug in SANS_COURRIEL else f"{slug}@{DOMAINE}"
    instance = creer_instance(
        nom=nom, slug=slug, type=type_, commune=commune, quartiers=[quartier], courriel=courriel,
        is_installee=slug != NON_INSTALLEE, is_fictif=True, source=FICTIF, par=None, now=now,
    )  # fmt: skip
    is_commune = type_ == Instance.Type.CONSEIL_MUNICIPAL
    role = Mandat.Role.SECRETARIAT if is_commune else Mandat.Role.PRESIDENCE
    titre = f"Secrétariat de la {nom[0].lower()}{nom[1:]}" if is_commune else f"Présidence du {nom[0].lower()}{nom[1:]}"
    compte = creer_compte(courriel=None, nom_usage=titre, quartier=quartier, par=None, now=now)
    nommer_mandat(utilisateur=compte, instance=instance, role=role, par=None, now=now)


def personnes(now: datetime) -> None:
    """Les comptes des quatorze rôles, leurs groupes et leurs mandats datés."""
    for role in ROLES.values():
        actions.tenir_le_role(role=role, now=now)

"""Les fabriques des essais : une fonction par chose du métier, un trait par argument, rien de global.

Chaque appel fabrique le minimum et rend l'objet. Ce qu'on ne dit pas prend une valeur ordinaire et unique. Personnes
et lieux sont inventés et marqués fictifs. Les actes (déposer, transmettre) s'essaient par les actions ; ces fabriques
posent seulement l'état d'où l'essai part.
"""

import hashlib
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile

from consultations import delais
from consultations.empreintes import numero_d_avis, sceller
from consultations.etats import Fondement, Nature, Sens
from consultations.models import Avis, Consultation, Observation, PieceAvis, PreuveRemise, ProjetAvis, Saisine
from participation.agenda.models import Seance
from participation.common.canonique import empreinte_de
from participation.common.dates import PARIS
from participation.comptes.models import Groupe, Mandat, Utilisateur
from participation.pieces.models import PieceJointe
from participation.rapports.models import Image, Rapport, Section, Version
from participation.territoires.models import Commune, Epci, Instance, Quartier

TRANSMISE_LE = datetime(2025, 6, 30, 16, 0, tzinfo=PARIS)
ECHEANCE = date(2025, 10, 30)
UN_JOUR = timedelta(days=1)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)
"""Le plus petit PNG : un point."""
_suivant = count(1)
_annee = count(3000)


# --- le territoire ----------------------------------------------------------------------------------------------------
def epci(**champs: Any) -> Epci:
    """L'agglomération : la seule ligne, refaite sur place si elle existe."""
    voulu = {"nom": "Agglomération d'essai", "nom_court": "Agglo d'essai", "sigle": "AE"} | champs
    existante = Epci.objects.first()
    if existante is None:
        return Epci.objects.create(**voulu)
    for nom, valeur in champs.items():
        setattr(existante, nom, valeur)
    existante.save()
    return existante


def commune(**champs: Any) -> Commune:
    """Une commune concernée par le contrat de ville."""
    n = next(_suivant)
    return Commune.objects.create(
        **{"nom": f"Commune d'essai {n}", "slug": f"commune-d-essai-{n}", "is_concernee": True, "is_fictif": True}
        | champs
    )


def quartier(*, communes: list[Commune] | None = None, type: str = Quartier.Type.QPV, **champs: Any) -> Quartier:
    """Un quartier prioritaire d'une commune neuve, ou du type et des communes dits."""
    n = next(_suivant)
    voulu = {"nom": f"Quartier d'essai {n}", "slug": f"quartier-d-essai-{n}", "type": type, "is_fictif": True}
    neuf = Quartier.objects.create(**voulu | champs)
    neuf.communes.set(communes if communes is not None else [commune()])
    return neuf


def instance(
    type: str = Instance.Type.CONSEIL_CITOYEN, *, quartiers: list[Quartier] | None = None, **champs: Any
) -> Instance:
    """Un conseil citoyen d'un QPV neuf, ou une commune (`Instance.Type.CONSEIL_MUNICIPAL`) qui a un QPV."""
    n = next(_suivant)
    lieux = quartiers if quartiers is not None else [quartier()]
    if type == Instance.Type.CONSEIL_MUNICIPAL and "commune" not in champs:
        champs["commune"] = lieux[0].communes.first() if lieux else commune()
    nom = "Commune d'essai" if type == Instance.Type.CONSEIL_MUNICIPAL else "Conseil citoyen d'essai"
    voulu = {
        "nom": f"{nom} {n}", "slug": f"instance-{n}", "type": type, "is_fictif": True,
        "courriel": f"instance-{n}@exemple.invalid",
    }  # fmt: skip
    neuve = Instance.objects.create(**voulu | champs)
    neuve.quartiers.set(lieux)
    return neuve


def conseil_municipal(**champs: Any) -> Instance:
    """Une commune consultée."""
    return instance(Instance.Type.CONSEIL_MUNICIPAL, **champs)


# --- les personnes ----------------------------------------------------------------------------------------------------
def utilisateur(*groupes: Groupe, **champs: Any) -> Utilisateur:
    """Un compte : `utilisateur()`, `utilisateur(Groupe.AGENT)`, `utilisateur(email=None)` (sans courriel)."""
    n = next(_suivant)
    voulu = {"nom_usage": f"Personne d'essai {n}", "email": f"personne-{n}@exemple.invalid"} | champs
    compte = Utilisateur.objects.create_user(**voulu)
    for groupe in groupes:
        compte.groups.add(Group.objects.get_or_create(name=groupe.value)[0])
    return compte


def agent(**champs: Any) -> Utilisateur:
    """Une personne du groupe agent."""
    return utilisateur(Groupe.AGENT, **champs)


def signataire(**champs: Any) -> Utilisateur:
    """Une personne qui signe : agent et signataire."""
    return utilisateur(Groupe.AGENT, Groupe.SIGNATAIRE, **champs)


def mandat(
    instance_: Instance | None = None,
    *,
    par: Utilisateur | None = None,
    role: str = Mandat.Role.PRESIDENCE,
    du: datetime = TRANSMISE_LE - 365 * UN_JOUR,
    au: datetime | None = None,
    **champs: Any,
) -> Mandat:
    """Un mandat en cours depuis un an avant la transmission ; la personne est `mandat().utilisateur`."""
    return Mandat.objects.create(
        instance=instance_ or instance(), utilisateur=par or utilisateur(), role=role, du=du, au=au, **champs
    )


def seance(instance_: Instance | None = None, *, le: datetime = TRANSMISE_LE + 95 * UN_JOUR, **champs: Any) -> Seance:
    """Une réunion annoncée, trois mois après la transmission."""
    voulu = {"lieu": "Salle d'essai", "annoncee_le": TRANSMISE_LE + UN_JOUR}
    return Seance.objects.create(instance=instance_ or instance(), le=le, **voulu | champs)


# --- le rapport -------------------------------------------------------------------------------------------------------
def rapport(**champs: Any) -> Rapport:
    """Un rapport d'une année jamais prise."""
    return Rapport.objects.create(**{"annee": next(_annee), "titre": "Rapport d'essai", "is_fictif": True} | champs)


def version(*, sections: int = 3, rapport_: Rapport | None = None, **champs: Any) -> Version:
    """Une version modifiable avec `sections` sections numérotées 1, 2, 3 (ancres « 1 », « 2 », « 3 »)."""
    du_rapport = rapport_ or rapport()
    voulu = {"numero": du_rapport.versions.count() + 1, "creee_le": TRANSMISE_LE - 30 * UN_JOUR}
    neuve = Version.objects.create(rapport=du_rapport, **voulu | champs)
    for n in range(1, sections + 1):
        section(neuve, ordre=n, numero=str(n), ancre=str(n), titre=f"Partie {n}")
    return neuve


def section(version_: Version, **champs: Any) -> Section:
    """Une section de plus dans une version modifiable."""
    n = version_.sections.count() + 1
    voulu = {"ordre": n, "niveau": 2, "titre": f"Partie {n}", "ancre": f"partie-{n}", "texte": f"Le texte {n}."}
    return Section.objects.create(version=version_, **voulu | champs)


def image(version_: Version, **champs: Any) -> Image:
    """Une petite image de cette version, encore sans description."""
    voulu = {"nom": f"image-{version_.images.count() + 1}", "type_mime": "image/png", "largeur": 1, "hauteur": 1}
    return Image.objects.create(version=version_, **voulu | {"octets": PIXEL} | champs)


def version_figee(
    *, sections: int = 3, figee_le: datetime = TRANSMISE_LE - UN_JOUR, version_: Version | None = None, **champs: Any
) -> Version:
    """Une version que la base ne laisse plus changer, avec sa vraie empreinte."""
    neuve = version_ or version(sections=sections, **champs)
    Version.objects.filter(pk=neuve.pk).update(figee_le=figee_le, empreinte=empreinte_de(neuve.contenu_canonique()))
    neuve.refresh_from_db()
    return neuve


# --- la consultation --------------------------------------------------------------------------------------------------
def consultation(*, transmise: bool = True, instances: list[Instance] | None = None, **champs: Any) -> Consultation:
    """Une consultation : par défaut celle du 30 juin au 30 octobre 2025, transmise (sans saisine : voir `saisine`)."""
    n = next(_suivant)
    voulu: dict[str, Any] = {
        "slug": f"consultation-{n}", "titre": f"Consultation d'essai {n}", "echeance": ECHEANCE,
        "creee_le": TRANSMISE_LE - 10 * UN_JOUR,
    }  # fmt: skip
    if transmise:
        voulu["transmise_le"] = TRANSMISE_LE
    voulu |= champs
    if "version" not in voulu:
        voulu["version"] = version_figee()
    if voulu.get("transmise_le") and "transmise_par" not in voulu:
        voulu["transmise_par"] = signataire()
    neuve = Consultation.objects.create(**voulu)
    if instances:
        neuve.instances.set(instances)
    return neuve


def saisine(
    *,
    consultation_: Consultation | None = None,
    instance_: Instance | None = None,
    transmise_le: datetime = TRANSMISE_LE,
    echeance: date = ECHEANCE,
    remise: bool = True,
    projet: bool = True,
    **champs: Any,
) -> Saisine:
    """Une saisine remise, avec son projet d'avis vide. `remise=False` : non saisie ; dates : la consultation suit."""
    de = consultation_ or consultation(transmise_le=transmise_le, echeance=echeance)
    neuve = Saisine.objects.create(
        **{
            "consultation": de, "instance": instance_ or instance(), "version": de.version,
            "transmise_le": transmise_le, "echeance_initiale": echeance, "echeance": echeance,
            "borne": delais.borne(echeance),
            "fondement": Fondement.DECRET,
        }
        | champs
    )  # fmt: skip
    if remise:
        preuve_remise(neuve)
    if projet:
        projet_avis(neuve)
    return neuve


def preuve_remise(saisine_: Saisine, **champs: Any) -> PreuveRemise:
    """La preuve que l'instance a reçu le projet, le lendemain de la transmission."""
    le = saisine_.transmise_le + UN_JOUR
    return PreuveRemise.objects.create(
        saisine=saisine_, **{"moyen": PreuveRemise.Moyen.RECEPISSE, "remis_le": le, "inscrite_le": le} | champs
    )


def projet_avis(saisine_: Saisine, *, observations: list[str] | None = None, **champs: Any) -> ProjetAvis:
    """Le brouillon de l'instance ; `observations` : les textes, posés sur l'ensemble du rapport."""
    projet, _ = ProjetAvis.objects.update_or_create(saisine=saisine_, defaults=champs)
    for n, texte in enumerate(observations or [], 1):
        projet.observations.create(ordre=n, nature=Nature.QUESTION, texte=texte)
    return projet


def projet_pret(saisine_: Saisine, **champs: Any) -> ProjetAvis:
    """Un brouillon complet, prêt à déposer : sens, texte, séance et votes."""
    pret = {
        "sens": Sens.FAVORABLE, "texte": "Nous sommes d'accord.", "v": 1, "date_seance": date(2025, 7, 10),
        "pour": 12, "contre": 1, "abstention": 2, "modifie_le": TRANSMISE_LE + UN_JOUR,
    }  # fmt: skip
    return projet_avis(saisine_, **pret | champs)


def avis(
    saisine_: Saisine | None = None,
    *,
    observations: list[str] | None = None,
    pieces: list[PieceJointe] | None = None,
    **champs: Any,
) -> Avis:
    """Un avis exprimé et scellé, tel que l'action l'aurait écrit (mais sans entrée au registre)."""
    de = saisine_ or saisine()
    precedent: Avis | None = champs.get("remplace")
    rang = precedent.version + 1 if precedent else 1
    recu = champs.get("recu_le", de.transmise_le + 60 * UN_JOUR)
    voulu: dict[str, Any] = {
        "cle": uuid4(), "numero": numero_d_avis(de, rang), "version": rang, "sens": Sens.FAVORABLE,
        "texte": "D'accord.", "date_legale": delais.jour_de(recu), "recu_le": recu, "inscrit_le": recu,
        "canal": Avis.Canal.PLATEFORME,
    }  # fmt: skip
    neuf = Avis(saisine=de, **voulu | champs)
    lignes = [
        Observation(avis=neuf, ordre=n, nature=Nature.QUESTION, texte=texte)
        for n, texte in enumerate(observations or [], 1)
    ]
    neuf.empreinte = sceller(neuf, lignes, pieces or [])
    neuf.save(force_insert=True)
    Observation.objects.bulk_create(lignes)
    PieceAvis.objects.bulk_create(PieceAvis(avis=neuf, piece=p) for p in pieces or [])
    return neuf


def avis_repute(saisine_: Saisine | None = None, **champs: Any) -> Avis:
    """Le silence d'une instance, inscrit à la borne (règle 5)."""
    de = saisine_ or saisine()
    voulu = {
        "sens": Sens.REPUTE_FAVORABLE, "texte": "", "recu_le": None, "canal": Avis.Canal.SILENCE, "version": 0,
        "numero": numero_d_avis(de, 0), "date_legale": de.echeance, "inscrit_le": de.borne, "cle": uuid4(),
    }  # fmt: skip
    silence = Avis(saisine=de, **voulu | champs)
    silence.empreinte = sceller(silence, [], [])
    silence.save(force_insert=True)
    return silence


# --- les fichiers -----------------------------------------------------------------------------------------------------
def piece(*, octets: bytes = b"%PDF-1.4 essai", nom: str = "deliberation.pdf", **champs: Any) -> PieceJointe:
    """Une pièce jointe déjà contrôlée, écrite dans le dossier des essais."""
    voulu = {
        "nom": nom, "type_mime": "application/pdf", "taille": len(octets), "ajoutee_le": TRANSMISE_LE,
        "empreinte": hashlib.sha256(octets).hexdigest(), "fichier": ContentFile(octets, name=nom),
    }  # fmt: skip
    return PieceJointe.objects.create(**voulu | champs)

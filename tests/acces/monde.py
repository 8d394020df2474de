"""Le monde de la matrice : les quatorze rôles, une consultation ouverte, une en préparation, un avis, un silence."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from consultations.models import Avis, Consultation, Saisine
from participation.comptes.models import Referent, Utilisateur
from participation.demo.roles import CONSEIL_CENTRE, CONSEIL_MONT_LIEBAUT, MONT_LIEBAUT, ROLES
from participation.pieces.models import PieceJointe
from participation.rapports.models import Version
from participation.territoires.models import Instance, Quartier
from tests import fabriques, fabriques_actes, fabriques_remise
from tests.fabriques import TRANSMISE_LE

MAINTENANT = TRANSMISE_LE + timedelta(days=60)
AVIS = UUID("00000000-0000-7000-8000-00000000a715")
ACTE = UUID("00000000-0000-7000-8000-00000000ac7e")
CONTRIBUTION = UUID("00000000-0000-7000-8000-00000000c047")
RETOUR = UUID("00000000-0000-7000-8000-00000000e706")
ENVOI = UUID("00000000-0000-7000-8000-00000000e707")
PREUVE = UUID("00000000-0000-7000-8000-0000000e9e0f")
AVIS_DE_COMMUNE = UUID("00000000-0000-7000-8000-00000000c011")
SEANCE = UUID("00000000-0000-7000-8000-00000005ea0c")
MANDAT = UUID("00000000-0000-7000-8000-00000000a4da")
PIECE_DU_PROJET = UUID("00000000-0000-7000-8000-00000000c0de")


@dataclass
class Monde:
    """Ce que les adresses du tableau peuvent nommer. `personnes` : un compte par rôle ; `sessions` : déjà ouvertes."""

    quartier: Quartier
    consultation: Consultation
    preparation: Consultation
    saisine: Saisine
    avis: Avis
    brouillon: Version  # un rapport importé, à relire
    piece: PieceJointe
    personnes: dict[str, Utilisateur] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def arguments(self, noms: set[str]) -> dict[str, Any]:
        """Les valeurs ordinaires des paramètres d'adresse, par leur nom. Lève KeyError si l'un est inconnu."""
        ordinaires: dict[str, Any] = {
            "slug": self.consultation.slug,
            "pk": self.saisine.pk,
            "piece": self.piece.pk,
            "ancre": "1",
            "role": "agent",
            "version": self.brouillon.pk,
            "partie": self.brouillon.sections.get(ancre="1").pk,
            "image": self.brouillon.images.get().pk,
        }
        return {nom: ordinaires[nom] for nom in noms}


def batir() -> Monde:
    """Bâtit le monde, à l'heure MAINTENANT."""
    fabriques.epci()
    quartier = fabriques.quartier(nom="Mont-Liébaut", slug=MONT_LIEBAUT)
    instances = {
        CONSEIL_MONT_LIEBAUT: fabriques.instance(slug=CONSEIL_MONT_LIEBAUT, quartiers=[quartier]),
        CONSEIL_CENTRE: fabriques.instance(slug=CONSEIL_CENTRE),
        "bethune": fabriques.conseil_municipal(slug="bethune", quartiers=[quartier]),
        "beuvry": fabriques.conseil_municipal(slug="beuvry"),
    }
    consultation = fabriques.consultation(slug="rapport-essai", visibilite_avis="depot")
    saisines = {
        slug: fabriques.saisine(consultation_=consultation, instance_=instance)
        for slug, instance in (instances | {"autre": fabriques.instance()}).items()
    }
    projet = fabriques.projet_pret(saisines[CONSEIL_MONT_LIEBAUT])
    projet.pieces.add(fabriques.piece(id=PIECE_DU_PROJET))
    piece = fabriques.piece()
    monde = Monde(
        quartier=quartier,
        consultation=consultation,
        preparation=fabriques.consultation(transmise=False, slug="en-preparation"),
        saisine=saisines[CONSEIL_MONT_LIEBAUT],
        avis=fabriques.avis(saisines["autre"], observations=["Et l'axe 4 ?"], pieces=[piece], id=AVIS),
        piece=piece,
        brouillon=fabriques.version(),
    )
    fabriques.image(monde.brouillon)
    fabriques.avis(saisines["beuvry"], id=AVIS_DE_COMMUNE)
    fabriques_actes.acte_prepare(consultation, id=ACTE)
    fabriques_actes.contribution(saisines[CONSEIL_MONT_LIEBAUT], id=CONTRIBUTION)
    fabriques_remise.envoi_accepte(saisines[CONSEIL_MONT_LIEBAUT])
    fabriques_remise.retour(saisines["bethune"], id=RETOUR)
    fabriques_remise.envoi_accepte(saisines["bethune"], id=ENVOI, occurrence="echec", etat="echec", envoye_le=None)
    fabriques.preuve_remise(saisines[CONSEIL_MONT_LIEBAUT], id=PREUVE, piece=fabriques.piece())
    fabriques.seance(instances[CONSEIL_MONT_LIEBAUT], id=SEANCE)
    monde.personnes = {code: _personne(code, instances, quartier) for code in ROLES}
    return monde


def _personne(code: str, instances: dict[str, Instance], quartier: Quartier) -> Utilisateur:
    role = ROLES[code]
    compte = fabriques.utilisateur(
        *role.groupes, nom_usage=role.nom, email=role.courriel, quartier=quartier if role.quartier else None,
        is_staff=code == "admin",
    )  # fmt: skip
    for slug, mandat in role.mandats:
        plus = {"id": MANDAT, "piece": fabriques.piece()} if code == "membre" else {}
        fabriques.mandat(instances[slug], par=compte, role=mandat, **plus)
    if role.referent:
        Referent.objects.create(utilisateur=compte, genre=role.referent, quartier=quartier)
    return compte

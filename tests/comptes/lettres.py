"""Ce que les essais des lettres partagent."""

from datetime import UTC, datetime
from typing import Any

from participation.common.dates import maintenant
from participation.comptes.actions.lettres import emettre_les_lettres, tirer_les_lettres
from participation.comptes.models import Mandat, Utilisateur
from participation.territoires.models import Instance
from tests.fabriques import agent, mandat, utilisateur


def sans_courriel(conseil: Instance | None = None, **champs: Any) -> Mandat:
    """Un mandat d'une personne qui n'a pas de courriel."""
    return mandat(conseil, par=utilisateur(email=None), role=Mandat.Role.MEMBRE, **champs)


def donner_la_lettre(donne: Mandat, par: Utilisateur | None = None) -> str:
    """Le code en clair d'une lettre neuve."""
    lettres = tirer_les_lettres([donne])
    emettre_les_lettres(lettres=lettres, par=par or agent(), now=maintenant(), reel=datetime.now(UTC))
    return lettres[0].code

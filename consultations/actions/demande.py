"""Demander plus de temps : une instance le dit, un agent prépare le report (règles 9, 22)."""

from datetime import datetime

from django.db import transaction

from consultations.actions.depot import exiger_le_temps
from consultations.models import DemandeDeTemps, Saisine
from consultations.permissions import can_lire_projet
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur


@transaction.atomic
def demander_du_temps(*, saisine: Saisine, par: Utilisateur, now: datetime) -> DemandeDeTemps:
    """Pose l'alerte sur le bureau des agents. Rejouable : une demande par échéance.

    Lève RefusMetier : "interdit" sans mandat, "delai_clos" après l'expiration, "conflit" si la saisine est retirée.
    """
    if not can_lire_projet(par, saisine, now):
        raise RefusMetier("interdit", "Il faut un mandat en cours dans cette instance.")
    exiger_le_temps(saisine, now)
    demande, _ = DemandeDeTemps.objects.get_or_create(
        saisine=saisine, echeance_vue=saisine.echeance, defaults={"demandee_le": now, "par": par}
    )
    return demande

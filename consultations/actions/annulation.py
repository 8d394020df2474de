"""Retirer une instance, annuler une consultation : motivé, avant l'expiration, sans rien effacer (règle 22)."""

from datetime import datetime
from typing import Any

from consultations.actions.annonces import annoncer
from consultations.actions.report import visees
from consultations.courriels import courriel_de_retrait
from consultations.models import ActePrepare, Saisine
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur


def retirer(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """`parametres` : `saisines`. Ces instances ne doivent plus d'avis ; ce qu'elles ont déjà déposé reste."""
    if not prepare.parametres.get("saisines"):
        raise RefusMetier("forme", "Choisissez l'instance à retirer.")
    return _retirer(prepare, now)


def annuler(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """Retire toutes les instances : plus personne ne doit d'avis, aucun silence ne vaudra."""
    return _retirer(prepare, now)


def _retirer(prepare: ActePrepare, now: datetime) -> dict[str, Any]:
    saisines = visees(prepare)
    for saisine in saisines:
        a_temps = Saisine.objects.filter(pk=saisine.pk, retiree_le__isnull=True, borne__gt=now)
        if not a_temps.update(retiree_le=now):
            raise RefusMetier("delai_clos", f"Le délai de {saisine.instance} est clos : elle ne se retire plus.")
        annoncer(
            instance=saisine.instance,
            evenement="retrait",
            occurrence=str(saisine.pk),
            message=courriel_de_retrait(saisine, prepare.motif),
            objet=saisine,
            now=now,
        )
    return {"saisines": [str(s.pk) for s in saisines]}

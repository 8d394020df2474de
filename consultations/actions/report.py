"""Reporter une échéance : avant l'expiration, et seulement plus tard (règle 9)."""

from datetime import date, datetime
from typing import Any

from consultations import delais
from consultations.actions.annonces import annoncer
from consultations.courriels import courriel_de_report
from consultations.models import ActePrepare, Consultation, Saisine
from participation.common.dates import echeance_longue
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur


def reporter(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """`parametres` : `echeance` (ISO) et `saisines` (identifiants ; vide : toutes). Rend ce qui a changé.

    Lève RefusMetier : "delai_clos" après l'expiration d'une des saisines, "forme" si la date n'est pas plus tardive.
    """
    nouvelle = date.fromisoformat(prepare.parametres["echeance"])
    saisines = visees(prepare)
    for saisine in saisines:
        _reporter(saisine, nouvelle, now)
        annoncer(
            instance=saisine.instance,
            evenement="report",
            occurrence=f"{saisine.pk}-{nouvelle}",
            message=courriel_de_report(saisine, nouvelle, prepare.motif, prepare.fondement),
            objet=saisine,
            now=now,
        )
    if not prepare.parametres.get("saisines"):
        Consultation.objects.filter(pk=prepare.consultation_id).update(echeance=nouvelle)
    return {"echeance": nouvelle.isoformat(), "saisines": [str(s.pk) for s in saisines]}


def visees(prepare: ActePrepare) -> list[Saisine]:
    """Les saisines en vigueur que vise l'acte : celles de `parametres`, ou toutes."""
    lignes = prepare.consultation.saisines.en_vigueur().filter(retiree_le__isnull=True).select_related("instance")
    if voulues := prepare.parametres.get("saisines"):
        lignes = lignes.filter(pk__in=voulues)
        if lignes.count() != len(set(voulues)):
            raise RefusMetier("forme", "Une de ces instances n'est plus saisie.")
    trouvees = [s for s in lignes if not s.is_sans_objet]
    if not trouvees:
        raise RefusMetier("forme", "Aucune instance n'est concernée.")
    return trouvees


def _reporter(saisine: Saisine, nouvelle: date, now: datetime) -> None:
    if nouvelle <= saisine.echeance:
        raise RefusMetier("forme", f"Un report donne plus de temps : après le {echeance_longue(saisine.echeance)}.")
    a_temps = Saisine.objects.filter(pk=saisine.pk, borne=saisine.borne, borne__gt=now)
    if not a_temps.update(echeance=nouvelle, borne=delais.borne(nouvelle)):
        raise RefusMetier(
            "delai_clos", f"Le délai de {saisine.instance} est clos : une échéance passée ne se reporte plus."
        )

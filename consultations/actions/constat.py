"""Constater, après la transmission, qu'une instance dort ou n'est pas installée (règle 6) : motivé, signé, public."""

from datetime import datetime
from typing import Any

from consultations.actions.annonces import annoncer
from consultations.actions.report import visees
from consultations.courriels import courriel_de_constat
from consultations.models import ActePrepare, Saisine
from consultations.models.saisine import NON_INSTALLEE
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur


def constater_dormance(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """`parametres` : `saisines`. Rien ne change en droit : l'instance reste saisie, son silence suit la règle.

    Lève RefusMetier : "delai_clos" après la borne, "conflit" si le constat est déjà signé.
    """
    saisines = _choisies(prepare, now)
    for saisine in saisines:
        if not Saisine.objects.filter(pk=saisine.pk, dormante_le__isnull=True).update(dormante_le=now):
            raise RefusMetier("conflit", f"{saisine.instance} est déjà constatée dormante.")
        _prevenir(saisine, prepare, now, is_due=True)
    return {"saisines": [str(s.pk) for s in saisines]}


def constater_sans_objet(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """`parametres` : `saisines`. Ces instances, non installées, ne doivent plus d'avis.

    `is_sans_objet`, scellé à la transmission, ne change pas : la saisine cesse d'être due à la date de cet acte.
    Lève RefusMetier : "forme" pour une instance installée, "delai_clos" après la borne.
    """
    saisines = _choisies(prepare, now)
    if installees := [str(s.instance) for s in saisines if s.instance.is_installee]:
        raise RefusMetier(
            "forme", f"Installée, même dormante, une instance reste saisie : {', '.join(installees)}. Règle 6."
        )
    for saisine in saisines:
        due = Saisine.objects.filter(pk=saisine.pk, retiree_le__isnull=True)
        if not due.update(retiree_le=now, motif_sans_objet=NON_INSTALLEE):
            raise RefusMetier("conflit", f"{saisine.instance} n'est déjà plus saisie.")
        _prevenir(saisine, prepare, now, is_due=False)
    return {"saisines": [str(s.pk) for s in saisines]}


def _choisies(prepare: ActePrepare, now: datetime) -> list[Saisine]:
    if not prepare.parametres.get("saisines"):
        raise RefusMetier("forme", "Choisissez l'instance que vise ce constat.")
    saisines = visees(prepare)
    if closes := [str(s.instance) for s in saisines if now >= s.borne]:
        raise RefusMetier("delai_clos", f"Le délai est clos : {', '.join(closes)}.")
    return saisines


def _prevenir(saisine: Saisine, prepare: ActePrepare, now: datetime, *, is_due: bool) -> None:
    annoncer(
        instance=saisine.instance,
        evenement="constat",
        occurrence=f"{saisine.pk}-{prepare.pk}",
        message=courriel_de_constat(saisine, prepare.motif, is_due=is_due),
        objet=saisine,
        now=now,
    )

"""Le procès-verbal de clôture : le courrier est vérifié, les instances sont prévenues (règle 3 bis)."""

from collections import Counter
from datetime import datetime
from typing import Any

from consultations.actions.annonces import annoncer
from consultations.actions.retour import exiger_des_remises_jugees
from consultations.actions.silence import acter_silences
from consultations.courriels import courriel_de_cloture, courriel_de_rappel
from consultations.delais import jour_de, rappel_du_proces_verbal
from consultations.etats import Etat
from consultations.models import ActePrepare, Consultation
from consultations.queries import saisines_de
from participation.common.errors import RefusMetier
from participation.comptes.models import Groupe, Utilisateur
from participation.notifications.actions import poster


def clore(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """Constate la clôture, une fois toutes les échéances passées. Rend le nombre d'instances par état.

    Lève RefusMetier("forme") tant qu'une instance peut encore répondre, ou qu'une remise n'est pas jugée (règle 6).
    """
    consultation = prepare.consultation
    acter_silences(now=now)
    saisines = list(saisines_de(consultation, now))
    if any(s.borne > now and s.etat not in {Etat.SANS_OBJET} for s in saisines):  # type: ignore[attr-defined]
        raise RefusMetier("forme", "Une instance peut encore répondre : le procès-verbal vient après.")
    exiger_des_remises_jugees(saisines, now)
    for saisine in saisines:
        if saisine.etat != Etat.SANS_OBJET:  # type: ignore[attr-defined]
            annoncer(
                instance=saisine.instance,
                evenement="cloture",
                occurrence=str(saisine.pk),
                message=courriel_de_cloture(saisine, Etat(saisine.etat)),  # type: ignore[attr-defined]
                objet=saisine,
                now=now,
            )
    return {"etats": dict(sorted(Counter(s.etat for s in saisines).items()))}  # type: ignore[attr-defined]


def rappeler_proces_verbal(*, now: datetime) -> int:
    """L'horloge rappelle chaque signataire, une fois, cinq jours ouvrés après la dernière échéance. Rejouable."""
    sans_pv = Consultation.objects.filter(transmise_le__lte=now).exclude(
        actes__type__in=["PROCES_VERBAL", "ANNULATION"]
    )
    signataires = list(Utilisateur.objects.filter(groups__name=Groupe.SIGNATAIRE, is_active=True, email__isnull=False))
    n = 0
    for consultation in sans_pv:
        derniere = consultation.saisines.en_vigueur().order_by("-borne").values_list("borne", flat=True).first()
        if derniere is None or jour_de(now) < rappel_du_proces_verbal(derniere):
            continue
        sujet, texte = courriel_de_rappel(consultation)
        for personne in signataires:
            n += bool(
                poster(
                    adresse=personne.email or "",
                    destinataire=personne,
                    evenement="rappel_proces_verbal",
                    occurrence=str(consultation.pk),
                    sujet=sujet,
                    texte=texte,
                    now=now,
                )
            )
    return n

"""Inscrire les silences : la loi les a déjà faits « réputés favorables » ; cette tâche l'écrit (règles 3, 5, 6)."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from consultations import delais
from consultations.actions.remise import constater_remises
from consultations.empreintes import numero_d_avis, sceller
from consultations.etats import Sens
from consultations.models import Avis, Saisine
from consultations.queries import silences
from participation.registre.actions import inscrire

ESPACE_DES_SILENCES = UUID("5f1d2c1e-6f0e-5a57-9a55-1f6e0c6f3a11")


def acter_silences(*, now: datetime) -> int:
    """Écrit un avis réputé favorable par instance remise et muette, daté de l'échéance, une seule fois.

    Les remises d'abord : une preuve qui a ses 72 heures vaut, même si l'horloge a dormi (règle 6).
    Rejouable, et sûr à plusieurs processus : la clé et l'unicité du premier avis laissent passer une seule écriture.
    Rend le nombre de silences inscrits par cet appel.
    """
    constater_remises(now=now)
    return sum(_acter(saisine, now) for saisine in silences(now).select_related("consultation", "version"))


def _acter(saisine: Saisine, now: datetime) -> int:
    avis = Avis(
        saisine=saisine,
        cle=uuid5(ESPACE_DES_SILENCES, str(saisine.pk)),
        numero=numero_d_avis(saisine, 0),
        version=0,
        sens=Sens.REPUTE_FAVORABLE,
        date_legale=saisine.echeance,
        inscrit_le=now,
        canal=Avis.Canal.SILENCE,
    )
    avis.empreinte = sceller(avis, [], [])
    try:
        with transaction.atomic():
            avis.save(force_insert=True)
            inscrire(
                acte="silence_constate",
                objet=avis,
                dossier=saisine.consultation_id,
                now=delais.fin_du_dernier_jour(saisine.echeance),
                inscrit_le=now,
            )
    except IntegrityError:  # un autre processus, ou un dépôt arrivé à temps, vient de gagner
        if not saisine.avis.exists():
            raise
        return 0
    return 1

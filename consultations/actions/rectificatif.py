"""Corriger une erreur matérielle : un rectificatif numéroté, notifié ; la version figée reste intacte (règle 8)."""

from datetime import datetime
from typing import Any

from consultations.actions.annonces import annoncer
from consultations.courriels import courriel_de_rectificatif
from consultations.etats import TypeActe
from consultations.models import ActePrepare
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur

TEXTE_MAX = 5_000


def rectifier(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """`parametres` : `texte` et, facultatif, `section` (ancre). Prévient une fois chaque instance encore saisie.

    Lève RefusMetier : "forme" sans texte, ou si la partie n'existe pas ; "conflit" si plus personne n'est saisi.
    """
    texte = str(prepare.parametres.get("texte", "")).strip()
    if not texte or len(texte) > TEXTE_MAX:
        raise RefusMetier("forme", "Écrivez ce qu'il faut lire à la place, en peu de mots.")
    consultation = prepare.consultation
    section = str(prepare.parametres.get("section", ""))
    if section and not consultation.version.sections.filter(ancre=section).exists():
        raise RefusMetier("forme", "Cette partie du rapport n'existe pas.")
    rang = consultation.actes.filter(type=TypeActe.RECTIFICATIF).count() + 1
    saisies = consultation.saisines.en_vigueur().filter(is_sans_objet=False, retiree_le__isnull=True)
    if not saisies.exists():
        raise RefusMetier("conflit", "Plus aucune instance n'est saisie : il n'y a plus personne à prévenir.")
    for saisine in saisies.select_related("instance"):
        annoncer(
            instance=saisine.instance,
            evenement="rectificatif",
            occurrence=f"{saisine.pk}-{rang}",
            message=courriel_de_rectificatif(saisine, rang, texte),
            objet=saisine,
            now=now,
        )
    return {"rang": rang, "texte": texte, "section": section, "empreinte": consultation.version.empreinte}

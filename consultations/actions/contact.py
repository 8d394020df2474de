"""Inscrire un appel à une instance : deux agents sur la même saisine se voient, aucun n'efface l'autre."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from consultations.models import Contact, Saisine
from consultations.permissions import can_appeler
from participation.common.dates import instant_court
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur


@transaction.atomic
def noter_contact(
    *, saisine: Saisine, resultat: str, note: str, precedent: UUID | None, par: Utilisateur, now: datetime
) -> Contact:
    """Garde le résultat d'un appel, ou « je m'en occupe » (EN_COURS). Rejouable : deux clics, une ligne.

    `precedent` : le dernier contact que l'agent avait sous les yeux. Lève RefusMetier : "interdit" sans la qualité
    d'agent, "conflit" si un autre appel est arrivé depuis, ou si quelqu'un est au téléphone.
    """
    if not can_appeler(par):
        raise RefusMetier("interdit", "Seul un agent inscrit un appel.")
    dernier = saisine.contacts.filter(suivant=None).select_related("par").first()
    if dernier and dernier.par == par and (dernier.resultat, dernier.precedent_id) == (resultat, precedent):
        return dernier
    if (dernier.pk if dernier else None) != precedent:
        raise RefusMetier("conflit", f"{_dit(dernier)} Relisez, puis recommencez.")
    if dernier and dernier.is_en_cours(now) and dernier.par != par and resultat == Contact.Resultat.EN_COURS:
        raise RefusMetier("conflit", f"{_dit(dernier)} Laissez finir cet appel.")
    try:
        with transaction.atomic():
            return Contact.objects.create(
                saisine=saisine, resultat=resultat, note=note.strip(), le=now, precedent=dernier, par=par
            )
    except IntegrityError as doublon:
        raise RefusMetier("conflit", "Un autre agent vient d'inscrire un appel. Relisez la page.") from doublon


def _dit(contact: Contact | None) -> str:
    if contact is None:
        return "Cette page n'est plus à jour."
    qui = contact.par.nom_usage if contact.par else "Un autre agent"
    return f"{qui}, {instant_court(contact.le)} : {contact.get_resultat_display().lower()}."

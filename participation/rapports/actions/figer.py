"""Figer une version : l'empreinte SHA-256 de tout son contenu. Dès lors, la base refuse de la changer (règle 8)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from participation.common.canonique import empreinte_de
from participation.common.errors import RefusMetier
from participation.rapports.models import Section, Version
from participation.registre.actions import inscrire


@transaction.atomic
def figer(*, version: Version, now: datetime) -> str:
    """L'empreinte de la version, figée maintenant ou déjà. Rejouable : figer deux fois n'inscrit qu'un acte.

    Lève RefusMetier : version sans partie, image sans description.
    """
    premiere_fois = Version.objects.filter(pk=version.pk, figee_le__isnull=True).update(v=F("v") + 1)
    version.refresh_from_db()
    if not premiere_fois:
        return version.empreinte
    _verifier(version)
    sections = list(version.sections.order_by("ordre"))
    for section in sections:
        section.empreinte = empreinte_de(section.contenu_canonique())
    Section.objects.bulk_update(sections, ["empreinte"])
    empreinte = empreinte_de(version.contenu_canonique())
    Version.objects.filter(pk=version.pk).update(figee_le=now, empreinte=empreinte)
    version.refresh_from_db()
    inscrire(acte="version_figee", objet=version, dossier=None, now=now)
    return empreinte


def _verifier(version: Version) -> None:
    if not version.sections.exists():
        raise RefusMetier("forme", "Cette version n'a aucune partie. Il n'y a rien à figer.")
    if muettes := version.images.filter(alt="").count():
        verbe = "attendent" if muettes > 1 else "attend"
        raise RefusMetier("forme", f"{muettes} image{'s' * (muettes > 1)} {verbe} une description. Décrivez d'abord.")

"""Inscrire un acte : la seule écriture du registre."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from participation.common.canonique import empreinte_de
from participation.registre.chaine import ORIGINE, empreinte_d_entree
from participation.registre.models import Entree, Sel

OCTETS_DU_SEL = 16
VERROU = 0x5265_6769_7374_7265  # « Registre » : la clé du verrou consultatif


@transaction.atomic
def inscrire(
    *, acte: str, objet: models.Model, dossier: UUID | None, now: datetime, inscrit_le: datetime | None = None
) -> Entree:
    """Ajoute une entrée qui scelle `objet.contenu_canonique()`, à appeler dans la transaction de l'acte.

    `now` : l'instant légal ; `inscrit_le` : celui de l'inscription, s'il est plus tardif (règle 3). L'objet est relu.
    """
    _attendre_son_tour()
    relu: Any = type(objet)._base_manager.get(pk=objet.pk)
    sel = secrets.token_bytes(OCTETS_DU_SEL)
    derniere = Entree.objects.order_by("-n").first()
    champs: dict[str, Any] = {
        "n": derniere.n + 1 if derniere else 1,
        "instant": now,
        "inscrit_le": inscrit_le or now,
        "acte": acte,
        "objet": objet._meta.label,
        "objet_id": objet.pk,
        "dossier": dossier,
        "contenu": empreinte_de(relu.contenu_canonique(), sel=sel),
        "precedent": derniere.empreinte if derniere else ORIGINE,
    }
    entree = Entree(**champs, empreinte=empreinte_d_entree(champs))
    entree.save(force_insert=True)
    Sel(entree=entree, valeur=sel.hex()).save(force_insert=True)
    return entree


def _attendre_son_tour() -> None:
    """Une inscription à la fois, jusqu'à la fin de la transaction : ni fourche ni trou.

    SQLite : la transaction IMMEDIATE tient déjà le verrou d'écriture. PostgreSQL : verrou consultatif.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])

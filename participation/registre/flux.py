"""Les derniers actes en Atom : à suivre dans un lecteur de flux, sans compte. Aucun nom de personne."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.feedgenerator import Atom1Feed

from participation.registre.models import Entree
from participation.registre.queries import en_clair

MIME = "application/atom+xml; charset=utf-8"
LE_PLUS = 100
"""Le nombre d'actes d'un flux : les derniers. Le registre entier est dans `registre.jsonl`."""
DEPART = datetime(2000, 1, 1, tzinfo=UTC)


class _Flux(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """La date du dernier acte ; d'un flux vide, une date fixe, jamais l'heure de la lecture."""
        return super().latest_post_date() if self.items else DEPART


def en_atom(
    entrees: Iterable[Entree], *, titre: str, auteur: str, site: str, page: str, titres: Mapping[UUID, str]
) -> bytes:
    """Le flux de ces entrées, la plus récente d'abord. `page` : où elles se lisent ; `titres` : ceux des dossiers."""
    flux = _Flux(
        title=titre, link=f"{site}{page}", description="", language="fr", author_name=auteur, feed_guid=f"{site}{page}"
    )
    for acte in en_clair(entrees):
        entree = acte.entree
        dossier = titres.get(entree.dossier) if entree.dossier else None
        flux.add_item(
            title=f"{acte.phrase}{f' : {dossier}' if dossier else ''} (acte n° {entree.n})",
            link=f"{site}{page}",
            description=f"Acte n° {entree.n}, {acte.sur}. Empreinte {entree.empreinte}.",
            unique_id=f"tag:{urlsplit(site).hostname},2025:registre:{entree.n}",
            pubdate=entree.instant,
            updateddate=entree.inscrit_le,
        )
    return flux.writeString("utf-8").encode()

"""La page permanente d'un avis : le reçu pour l'instance, la lecture pour tous ; et ses pièces."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from consultations.etats import Fondement
from consultations.models import Avis
from consultations.permissions import can_completer, can_lire_avis, can_lire_projet
from consultations.queries_actes import is_close_par_acte
from consultations.queries_pages import avis_lus, contenu_de
from consultations.queries_remise import has_remise_valable
from consultations.rules import PHRASES_DU_SILENCE
from consultations.views import presentation
from consultations.views.communs import consultation_visible
from participation.common.requetes import recu_le
from participation.pieces.service import servir
from participation.registre.queries import entree_de
from participation.territoires.models import Instance


def avis_lisible(request: HttpRequest, slug: str, pk: UUID) -> Avis:
    """L'avis, si cette personne peut le lire à cet instant. Lève Http404 sinon (règles 4, 20)."""
    consultation, now = consultation_visible(request, slug), recu_le(request)
    avis = get_object_or_404(avis_lus(), pk=pk, saisine__consultation=consultation)
    if not can_lire_avis(request.user, avis.saisine, now) or (avis.is_silence and now < avis.saisine.borne):
        raise Http404
    return avis


@login_not_required
@require_safe
def avis(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Le reçu (03d) pour un mandat de l'instance, le texte publié pour tous."""
    lu, now = avis_lisible(request, slug, pk), recu_le(request)
    is_recu = not lu.is_silence and can_lire_projet(request.user, lu.saisine, now)
    contexte = _page(lu, now) | {"can_completer": can_completer(request.user, lu.saisine, now) and not lu.is_silence}
    return render(request, "consultations/avis_recu.html" if is_recu else "consultations/avis.html", contexte)


def _page(avis: Avis, now: datetime) -> dict[str, Any]:
    saisine = avis.saisine
    return {
        "avis": avis,
        "saisine": saisine,
        "consultation": saisine.consultation,
        "contenu": contenu_de(avis),
        "noms": presentation.noms_de(saisine.instance),
        "icone_genre": presentation.ICONES[Instance.Type(saisine.instance.type)],
        "phrase_du_silence": presentation.phrase_du_silence(saisine.instance),
        "remplacant": getattr(avis, "remplacant", None),
        "entree": entree_de("consultations.Avis", avis.pk),
        "complements": list(avis.complements.all()),
        "is_saisi": not avis.is_silence and avis.canal != Avis.Canal.PLATEFORME,
        "is_a_verifier": avis.is_silence and not is_close_par_acte(saisine.consultation),
        "regle": PHRASES_DU_SILENCE[Fondement(saisine.fondement)],
        "is_sans_remise": avis.is_silence and not has_remise_valable(saisine),
        "is_ouverte": saisine.remplacee_le is None and now < saisine.borne,
    }


@login_not_required
@require_safe
def piece(request: HttpRequest, slug: str, pk: UUID, piece: UUID) -> HttpResponse:
    """Une pièce publiée avec l'avis, en téléchargement ; même droit que l'avis."""
    lu = avis_lisible(request, slug, pk)
    complements = [c.piece for c in lu.complements.all() if c.piece]
    trouvee = next((p for p in (*contenu_de(lu).pieces, *complements) if p.pk == piece), None)
    if trouvee is None:
        raise Http404
    return servir(trouvee)

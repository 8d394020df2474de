"""Le registre public : la page, le fichier."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.common.canonique import json_canonique
from participation.common.identite import identite_de
from participation.registre import flux, queries

PAR_PAGE = 20


@login_not_required
@require_safe
def registre(request: HttpRequest) -> HttpResponse:
    """Les actes, du plus récent au plus ancien. `?dossier=` : une seule consultation."""
    dossiers = queries.dossiers()
    dossier = _dossier(request.GET.get("dossier", ""), dossiers)
    tete = queries.tete()
    page = Paginator(queries.pour_la_page(dossier), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "actes": queries.en_clair(page.object_list),
        "tete": tete,
        "groupes": [tete.empreinte[i : i + 8] for i in range(0, 64, 8)] if tete else [],
        "dossiers": dossiers,
        "dossier": dossier,
    }
    return render(request, "registre/registre.html", contexte)


def _dossier(texte: str, dossiers: list[tuple[UUID, str]]) -> UUID | None:
    """La consultation demandée, parmi celles que tous peuvent lire. Lève Http404."""
    if not texte:
        return None
    dossier = next((cle for cle, _ in dossiers if str(cle) == texte.lower()), None)
    if dossier is None:
        raise Http404("Cette consultation n'existe pas.")
    return dossier


@login_not_required
@require_safe
def registre_jsonl(request: HttpRequest) -> HttpResponse:
    """Tout le registre, une entrée par ligne, dans l'ordre : à garder ailleurs. Jamais les sels."""
    lignes = b"".join(json_canonique(ligne) + b"\n" for ligne in queries.lignes())
    reponse = HttpResponse(lignes, content_type="application/x-ndjson; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="registre.jsonl"'
    reponse["Cache-Control"] = "no-cache"
    return reponse


@login_not_required
@require_safe
def registre_atom(request: HttpRequest) -> HttpResponse:
    """Les derniers actes, en Atom. `?dossier=` : une seule consultation."""
    dossiers = queries.dossiers()
    dossier, titres = _dossier(request.GET.get("dossier", ""), dossiers), dict(dossiers)
    identite = identite_de(request)
    page = reverse("registre:registre") + (f"?dossier={dossier}" if dossier else "")
    titre = f"{titres[dossier] if dossier else 'Registre des actes'}, {identite.nom_plateforme}"
    entrees = queries.pour_la_page(dossier)[: flux.LE_PLUS]
    octets = flux.en_atom(entrees, titre=titre, auteur=identite.nom, site=settings.SITE_URL, page=page, titres=titres)
    return HttpResponse(octets, content_type=flux.MIME)

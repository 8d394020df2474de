"""Les pages que tout le monde lit : la liste, une consultation, ses instances, le rapport partie par partie."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultations.circuit import jalons
from consultations.models import Consultation, Saisine
from consultations.queries import bilan, consultations_visibles
from consultations.queries_actes import actes_de, rectificatifs_de
from consultations.queries_circuit import contenu_de_la_loi, etapes_de
from consultations.queries_pages import (
    instances_de,
    premiere_partie,
    projets_commences,
    saisines_par_consultation,
    saisines_rangees,
)
from consultations.seances import seances_attendues
from consultations.views import presentation
from consultations.views.communs import consultation_visible
from participation.common.requetes import recu_le
from participation.comptes.models import Utilisateur
from participation.rapports import queries as rapports

CARTES = 16
CARTES_AU_TELEPHONE = 8
"""La feuille de style cache les suivantes sur un écran étroit : le lien vers toutes est alors utile."""


@login_not_required
@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Toutes les consultations que cette personne peut lire, les ouvertes d'abord."""
    now = recu_le(request)
    personne = request.user if isinstance(request.user, Utilisateur) else None
    liste = list(consultations_visibles(personne, now))
    saisines = saisines_par_consultation(liste, now)
    lignes = [(c, bilan(saisines[c.pk])) for c in liste]
    contexte = {"lignes": [(c, b, presentation.phrase_du_bilan(b)) for c, b in lignes], "now": now}
    return render(request, "consultations/consultations.html", contexte)


@login_not_required
@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """La procédure, qui a donné son avis, et le rapport à lire (design 02)."""
    page = consultation_visible(request, slug)
    contexte = _contexte(request, page) | _lecture(page, premiere_partie(page.version)) | {"now": recu_le(request)}
    return render(request, "consultations/consultation.html", contexte)


@login_not_required
@require_safe
def instances(request: HttpRequest, slug: str) -> HttpResponse:
    """Toutes les instances ; `?filtre=` communes, conseils ou attente."""
    page, now = consultation_visible(request, slug), recu_le(request)
    miennes = instances_de(request.user, now)
    saisines = saisines_rangees(page, miennes, now)
    commences = projets_commences(saisines, miennes)
    filtres = presentation.filtres(saisines)
    choisi = next((f for f in filtres if f.code == request.GET.get("filtre", "")), filtres[0])
    seances = seances_attendues(saisines, now)
    cartes = [presentation.carte(s, now, commences, seances) for s in presentation.filtrer(saisines, choisi.code)]
    contexte = {"consultation": page, "cartes": cartes, "filtres": filtres, "choisi": choisi, "now": now}
    return render(request, "consultations/instances.html", contexte)


@login_not_required
@require_safe
def section(request: HttpRequest, slug: str, ancre: str) -> HttpResponse:
    """Une partie du rapport transmis, avec le sommaire et les parties voisines."""
    page = consultation_visible(request, slug)
    contexte = {"consultation": page, "rectificatifs": rectificatifs_de(page, ancre)} | _lecture(page, ancre)
    if contexte["lecture"] is None:
        raise Http404
    return render(request, "consultations/section.html", contexte)


@login_not_required
@require_safe
def rapport_entier(request: HttpRequest, slug: str) -> HttpResponse:
    """Le rapport transmis, d'un seul tenant : à lire ou à imprimer."""
    page = consultation_visible(request, slug)
    contexte = {"consultation": page, "version": page.version, "parties": rapports.parties(page.version)}
    contexte["rectificatifs"] = [a for a in actes_de(page) if a.is_rectificatif]
    return render(request, "consultations/rapport_entier.html", contexte)


def _lecture(page: Consultation, ancre: str) -> dict[str, Any]:
    lue = rapports.lecture(page.version, ancre)
    return {"lecture": lue, "sommaire": rapports.sommaire(page.version), "courante": ancre}


def _contexte(request: HttpRequest, page: Consultation) -> dict[str, Any]:
    now = recu_le(request)
    miennes = instances_de(request.user, now)
    saisines = saisines_rangees(page, miennes, now)
    commences = projets_commences(saisines, miennes)
    compte = bilan(saisines)
    ouvertes = [s for s in saisines if is_ouverte(s, now)]
    seances = seances_attendues(saisines, now)
    actes = actes_de(page)
    return {
        "actes": actes,
        "rectificatifs": [a for a in actes if a.is_rectificatif],
        "jalons": jalons(page, etapes_de(page), [a.acte for a in actes]),
        "points": contenu_de_la_loi(page),
        "annulation": next((a for a in actes if a.is_annulation), None),
        "consultation": page,
        "bilan": compte,
        "phrase_du_bilan": presentation.phrase_du_bilan(compte),
        "mur": [etat for etat, n in compte.par_etat.items() for _ in range(n)],
        "legende": presentation.legende(compte),
        "frise": presentation.frise(page, compte, now, is_ouverte=bool(ouvertes)),
        "filtres": presentation.filtres(saisines),
        "cartes": [presentation.carte(s, now, commences, seances) for s in saisines[:CARTES]],
        "total": len(saisines),
        "is_coupee": len(saisines) > CARTES_AU_TELEPHONE,
        "is_ouverte": bool(ouvertes),
        "is_commune_ouverte": compte.borne is not None and now < compte.borne,
        "gestes": presentation.gestes([s for s in ouvertes if s.instance_id in miennes]),
    }


def is_ouverte(saisine: Saisine, now: datetime) -> bool:
    """Vrai si cette instance peut répondre maintenant."""
    is_retiree = saisine.retiree_le is not None and saisine.retiree_le <= now
    return not (saisine.is_sans_objet or is_retiree) and saisine.transmise_le <= now < saisine.borne

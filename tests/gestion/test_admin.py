"""L'administration : aucun acte légal ne s'y ajoute, ne s'y change, ne s'y efface ; aucun brouillon n'y est."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from consultations.models import Avis, Consultation, ObservationProjet, PreuveRemise, ProjetAvis, Saisine
from participation.comptes.models import Groupe
from participation.registre.models import Entree
from tests import fabriques

LEGAUX = (Consultation, Saisine, PreuveRemise, Avis, Entree)


@pytest.fixture
def administratrice() -> Client:
    """Un compte du groupe admin, avec en plus tous les droits techniques de Django."""
    client = Client()
    client.force_login(fabriques.utilisateur(Groupe.ADMIN, is_staff=True, is_superuser=True))
    return client


def test_le_brouillon_n_est_pas_dans_l_administration() -> None:
    """Règle 21."""
    assert not admin.site.is_registered(ProjetAvis)
    assert not admin.site.is_registered(ObservationProjet)


@pytest.mark.parametrize("modele", LEGAUX)
def test_un_acte_legal_s_y_lit_seulement(administratrice: Client, modele: type) -> None:
    avis = fabriques.avis()
    objet = modele.objects.first()
    nom = f"admin:{modele._meta.app_label}_{modele._meta.model_name}"
    assert administratrice.get(reverse(f"{nom}_changelist")).status_code == 200
    assert administratrice.get(reverse(f"{nom}_add")).status_code == 403
    assert administratrice.post(reverse(f"{nom}_add"), {}).status_code == 403
    effacer = {"action": "delete_selected", "_selected_action": [str(avis.pk)], "post": "yes"}
    administratrice.post(reverse(f"{nom}_changelist"), effacer)
    assert Avis.objects.filter(pk=avis.pk).exists()
    if objet is not None:
        assert administratrice.get(reverse(f"{nom}_change", args=[objet.pk])).status_code == 200
        assert administratrice.post(reverse(f"{nom}_change", args=[objet.pk]), {"titre": "x"}).status_code == 403
        assert administratrice.post(reverse(f"{nom}_delete", args=[objet.pk]), {"post": "yes"}).status_code == 403


def test_un_avis_ne_s_y_lit_pas_avant_sa_publication(administratrice: Client) -> None:
    """Règle 20 : publié à la clôture, ni son sens ni son texte ne sont dans l'administration."""
    avis = fabriques.avis(texte="Canari du texte")
    page = administratrice.get(reverse("admin:consultations_avis_change", args=[avis.pk])).text
    assert avis.numero in page
    assert "Canari" not in page
    assert avis.get_sens_display() not in page

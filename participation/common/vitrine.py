"""La vitrine : chaque composant, vivant, sur une page. En DEBUG seulement."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.common.affichage import ETATS

BORNE = datetime(2025, 10, 30, 23, tzinfo=UTC)

ETAPES = [
    {"etat": "faite", "nom": "Projet arrêté", "quand": "24 juin"},
    {"etat": "faite", "nom": "Transmis", "quand": "30 juin"},
    {
        "etat": "encours",
        "nom": "Avis des communes et des conseils",
        "quand": "jusqu’au 30 octobre",
        "icone": "megaphone",
        "part": 80,
    },
    {"etat": "avenir", "nom": "Rapport amendé", "quand": "en novembre", "icone": "pencil"},
    {"etat": "avenir", "nom": "Approbation", "quand": "en décembre", "icone": "landmark"},
    {"etat": "avenir", "nom": "Mis à disposition", "quand": "en mairie et ici", "icone": "book-open"},
]
PAS = [
    {"etat": "faite", "nom": "La réponse", "adresse": "#c-pas"},
    {"etat": "encours", "nom": "Vos demandes"},
    {"etat": "avenir", "nom": "La relecture"},
    {"etat": "avenir", "nom": "Le reçu"},
]


class DemandeForm(forms.Form):
    """Un formulaire qui montre chaque sorte de champ."""

    texte = forms.CharField(
        label="Ce que vous demandez", help_text="Une phrase suffit.", widget=forms.Textarea({"rows": 4})
    )
    courriel = forms.EmailField(label="Votre courriel", required=False)
    nature = forms.ChoiceField(label="La nature", choices=[("question", "Question"), ("ajout", "Ajout")])
    sens = forms.ChoiceField(
        label="Votre réponse", choices=[("oui", "D’accord"), ("non", "Pas d’accord")], widget=forms.RadioSelect
    )
    au_nom_de = forms.BooleanField(label="Je dépose au nom de mon conseil")


@login_not_required
@require_safe
def composants(request: HttpRequest) -> HttpResponse:
    """La page `/composants/`."""
    contexte = {
        "borne": BORNE,
        "instants": [
            datetime(2025, 10, 18, 12, 31, tzinfo=UTC),
            BORNE - timedelta(hours=5),
            BORNE - timedelta(minutes=12),
            BORNE,
        ],
        "etapes": ETAPES,
        "pas_a_pas": PAS,
        "mur": list(ETATS)[:9],
        "form_vide": DemandeForm(auto_id="vide_%s"),
        "form": DemandeForm({"courriel": "sans-arobase"}),
        "saisie": [("texte", "Le texte dit 31 projets. Dans le tableau, j’en compte 32."), ("sens", "FAVORABLE")],
    }
    return render(request, "common/composants.html", contexte)

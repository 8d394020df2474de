"""Le choix d'un des trois niveaux de messages."""

from django import forms

from participation.notifications.models import Niveau


class NiveauForm(forms.Form):
    """Trois niveaux, un seul choisi."""

    niveau = forms.ChoiceField(
        label="Ce que je reçois",
        choices=Niveau.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez l’un des trois niveaux.",
            "invalid_choice": "Choisissez dans la liste.",
        },
    )

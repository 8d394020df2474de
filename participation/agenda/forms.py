"""Le formulaire d'une réunion : la forme seulement."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError

from participation.agenda.saisies import SaisieReunion
from participation.common.dates import PARIS

HORS_DU_SIECLE = "Choisissez une date entre 2000 et 2099."


class SeanceForm(forms.Form):
    """Jour, heure, lieu."""

    jour = forms.DateField(
        label="Quel jour ?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Dites quel jour.", "invalid": "Cette date n’existe pas."},
    )
    heure = forms.TimeField(
        label="À quelle heure ?",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Dites à quelle heure.", "invalid": "Cette heure n’existe pas."},
    )
    lieu = forms.CharField(
        label="Où ?",
        max_length=160,
        required=False,
        error_messages={"max_length": "Ce lieu est trop long : 160 signes au plus."},
    )

    def clean_jour(self) -> object:
        """Un jour de ce siècle : le reste est jugé par l'action."""
        jour = self.cleaned_data["jour"]
        if not 2000 <= jour.year <= 2099:
            raise ValidationError(HORS_DU_SIECLE)
        return jour

    def saisie(self) -> SaisieReunion:
        """La réunion tapée ; l'heure est celle de Paris."""
        lus = self.cleaned_data
        return SaisieReunion(datetime.combine(lus["jour"], lus["heure"], tzinfo=PARIS), lus["lieu"])

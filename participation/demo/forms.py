"""Les formes reçues par la démonstration."""

import re
from datetime import datetime
from typing import Any

from django import forms

from participation.common.dates import PARIS, jour_a_paris, jour_long
from participation.demo.annee import JALONS

ESPACE_POUR_PLUS = re.compile(r" (?=\d\d:?\d\d$)")  # un « + » non encodé arrive comme une espace
ILLISIBLE = "Écrivez une date et une heure, par exemple 2025-10-30T23:59:50."
DEBUT = 2000


class HorlogeForm(forms.Form):
    """Où porter l'heure du site, en ISO 8601 ; sans décalage, heure de Paris.

    `fin` : le dernier instant du monde de démonstration.
    """

    instant = forms.CharField(
        label="Nouvelle heure du site",
        max_length=40,
        error_messages={"required": ILLISIBLE},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, fin: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fin = fin
        self.fields["instant"].help_text = f"Heure de Paris. Jusqu’au {jour_long(jour_a_paris(fin))}."

    def clean_instant(self) -> datetime:
        """Refuse ce qui n'est pas un instant, et ce qui vient après la fin du monde de démonstration."""
        texte = self.cleaned_data["instant"].strip()
        try:
            instant = datetime.fromisoformat(ESPACE_POUR_PLUS.sub("+", texte) if "T" in texte else texte)
        except ValueError as erreur:
            raise forms.ValidationError(ILLISIBLE) from erreur
        if instant.year < DEBUT:
            raise forms.ValidationError(f"Choisissez une date après l’an {DEBUT}.")
        instant = instant if instant.tzinfo else instant.replace(tzinfo=PARIS)
        if instant.year > self.fin.year or instant > self.fin:
            dernier = jour_long(jour_a_paris(self.fin))
            raise forms.ValidationError(f"Le monde de démonstration s’arrête le {dernier}. Choisissez une date avant.")
        return instant


class EtapeForm(forms.Form):
    """Une date de l'année, par son rang : ce qu'envoie le curseur."""

    etape = forms.IntegerField(min_value=0, max_value=len(JALONS) - 1)

    def clean(self) -> dict[str, Any]:
        """Après validation, `instant` porte la date choisie."""
        donnees = super().clean() or self.cleaned_data
        if "etape" in donnees:
            donnees["instant"] = JALONS[donnees["etape"]].instant
        return donnees

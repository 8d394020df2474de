"""Les formes reçues par la démonstration."""

import re
from datetime import datetime

from django import forms

from participation.common.dates import PARIS

ESPACE_POUR_PLUS = re.compile(r" (?=\d\d:?\d\d$)")  # un « + » non encodé arrive comme une espace
LOIN = 2100


class HorlogeForm(forms.Form):
    """L'instant où porter l'heure du site, en ISO 8601 ; sans décalage, heure de Paris."""

    instant = forms.CharField(
        label="Nouvelle heure du site", max_length=40, help_text="Par exemple : 2025-10-30T23:59:50. Heure de Paris."
    )

    def clean_instant(self) -> datetime:
        """Refuse ce qui n'est pas un instant."""
        texte = self.cleaned_data["instant"].strip()
        try:
            instant = datetime.fromisoformat(ESPACE_POUR_PLUS.sub("+", texte) if "T" in texte else texte)
        except ValueError as erreur:
            raise forms.ValidationError("Écrivez une date et une heure, par exemple 2025-10-30T23:59:50.") from erreur
        if not 2000 <= instant.year < LOIN:
            raise forms.ValidationError("Choisissez une date avant l'an 2100.")
        return instant if instant.tzinfo else instant.replace(tzinfo=PARIS)

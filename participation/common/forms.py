"""Les formulaires du socle."""

from django import forms

from participation.common.affichage import TAILLES, THEMES


class AffichageForm(forms.Form):
    """Les réglages d'affichage."""

    theme = forms.ChoiceField(choices=list(THEMES.items()), error_messages={"required": "Choisissez un thème."})
    taille = forms.ChoiceField(choices=list(TAILLES.items()), error_messages={"required": "Choisissez une taille."})
    retour = forms.CharField(required=False, max_length=500)

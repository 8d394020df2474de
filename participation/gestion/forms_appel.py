"""Le formulaire d'un appel."""

from django import forms

from consultations.models import Contact


class AppelForm(forms.Form):
    """Un résultat, une note facultative, et le contact que l'agent avait sous les yeux."""

    resultat = forms.ChoiceField(
        label="Résultat", choices=Contact.Resultat.choices, error_messages={"required": "Dites ce que l’appel a donné."}
    )
    note = forms.CharField(
        label="Note", max_length=300, required=False, help_text="Facultatif. L’instance peut lire cette note."
    )
    precedent = forms.UUIDField(required=False, widget=forms.HiddenInput)

"""La case qui confirme la suppression d'un compte."""

from django import forms


class SupprimerForm(forms.Form):
    """Une case à cocher, rien d'autre."""

    confirmer = forms.BooleanField(
        label="Oui, je supprime mon compte",
        help_text="On ne peut pas revenir en arrière.",
        error_messages={"required": "Cochez la case pour supprimer votre compte."},
    )

"""Les formulaires des pages publiques."""

from collections.abc import Iterable
from typing import Any

from django import forms

from participation.territoires.models import Quartier

VERS = (("accueil", "accueil"), ("mon_quartier", "mon quartier"))


class QuartierForm(forms.Form):
    """Le choix d'un quartier, gardé par un témoin : rien en base, aucune personne."""

    quartier = forms.ChoiceField(
        label="Votre quartier", error_messages={"required": "Choisissez un quartier dans la liste."}
    )
    vers = forms.ChoiceField(choices=VERS, required=False, widget=forms.HiddenInput)

    def __init__(self, quartiers: Iterable[Quartier], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["quartier"]
        assert isinstance(champ, forms.ChoiceField)  # noqa: S101 - pour le typage seulement
        champ.choices = [("", "Choisir dans la liste")] + [(q.slug, nom_complet(q)) for q in quartiers]
        champ.error_messages["invalid_choice"] = "Ce quartier n’est pas dans la liste."

    def destination(self) -> str:
        """Le nom de la page où revenir."""
        return f"accueil:{self.cleaned_data.get('vers') or 'mon_quartier'}"


def nom_complet(quartier: Quartier) -> str:
    """« Mont-Vert, Exemple » : le quartier et ses communes (déjà lues)."""
    return ", ".join([quartier.nom, *(commune.nom for commune in quartier.communes.all())])

"""Ce qu'un agent tape d'un courriel revenu, et ce qu'il en constate (règle 6) : il lit, il ne décide de rien."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from consultations.etats import DecisionRetour
from participation.common.dates import PARIS, instant_court
from participation.gestion.forms import champ_date, champ_heure, il_manque
from participation.gestion.saisies import SaisieRetour
from participation.notifications.models import Envoi


class RetourForm(forms.Form):
    """Le courriel revenu, quand, ce que dit le retour."""

    envoi = forms.ChoiceField(
        label="Le courriel revenu", widget=forms.RadioSelect, error_messages=il_manque("Dites lequel est revenu.")
    )
    jour = champ_date("Jour du retour", manque="Dites quel jour.")
    heure = champ_heure("Heure du retour", "Heure de Paris : celle du message de retour, pas de la saisie.")
    motif = forms.CharField(
        label="Ce que dit le retour",
        max_length=300,
        help_text="Exemple : « 550, boîte inconnue ». Ni nom, ni adresse : c'est public.",
        error_messages=il_manque("Recopiez ce que dit le retour, en quelques mots."),
    )
    piece = forms.FileField(label="Document", required=False, help_text="Le message de retour, en PDF ou en image.")

    def __init__(self, *args: Any, courriels: Sequence[Envoi], **kwargs: Any) -> None:
        """`courriels` : ceux que le serveur a acceptés et qui ne sont pas revenus."""
        super().__init__(*args, **kwargs)
        self.fields["envoi"].choices = [(str(e.pk), _nom(e)) for e in courriels]  # type: ignore[attr-defined]

    def saisie(self) -> SaisieRetour:
        """Le retour ; l'heure tapée est celle de Paris."""
        lus = self.cleaned_data
        retourne_le = datetime.combine(lus["jour"], lus["heure"], tzinfo=PARIS)
        return SaisieRetour(envoi=UUID(lus["envoi"]), retourne_le=retourne_le, motif=lus["motif"])


def _nom(envoi: Envoi) -> str:
    return f"{envoi.adresse}, accepté {instant_court(envoi.envoye_le)}" if envoi.envoye_le else envoi.adresse


class ConstatForm(forms.Form):
    """Ce que vaut la remise après un retour, et pourquoi."""

    decision = forms.ChoiceField(
        label="Ce que vous constatez", widget=forms.RadioSelect, error_messages=il_manque("Choisissez.")
    )
    motif = forms.CharField(
        label="Pourquoi",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "class": "court"}),
        help_text="Ce motif est public. Aucun nom de personne.",
        error_messages=il_manque("Dites pourquoi, en une phrase au moins."),
    )

    def __init__(self, *args: Any, decisions: Sequence[DecisionRetour], **kwargs: Any) -> None:
        """`decisions` : celles que la règle laisse pour ce retour."""
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [(d.value, LIBELLES[d]) for d in decisions]  # type: ignore[attr-defined]


LIBELLES = {
    DecisionRetour.NON_REMISE: "La remise ne tient pas : l'instance devient « non saisie »",
    DecisionRetour.REMISE_TIENT: "La remise tient : le projet est bien arrivé",
    DecisionRetour.ERREUR: "Ce retour est saisi par erreur",
}

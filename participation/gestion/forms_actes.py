"""Les formulaires des actes à préparer et de la signature : ils lisent, ils ne décident de rien."""

from typing import Any

from django import forms

from consultations.actions.rectificatif import TEXTE_MAX
from consultations.etats import TypeActe
from consultations.models import Consultation, Saisine
from participation.gestion.forms import champ_date, il_manque, nom_de_version
from participation.gestion.saisies import SaisieActe
from participation.rapports.models import Version

MOTIF_MAX = 600


class SignatureForm(forms.Form):
    """La signature : avoir relu."""

    relu = forms.BooleanField(
        label="J'ai relu. Je signe au nom de la collectivité.",
        error_messages=il_manque("Cochez la case quand vous avez relu."),
    )


class ActeForm(forms.Form):
    """Ce que tout acte demande : pourquoi. `saisines` : celles que l'acte peut viser."""

    motif = forms.CharField(
        label="Pourquoi",
        max_length=MOTIF_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "class": "court"}),
        help_text="Ce motif est public. Aucun nom de personne.",
        error_messages=il_manque("Dites pourquoi, en une phrase au moins."),
    )

    def __init__(self, *args: Any, consultation: Consultation, saisines: list[Saisine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        if "saisines" in self.fields:
            choix = [(str(s.pk), str(s.instance)) for s in saisines]
            self.fields["saisines"].choices = choix  # type: ignore[attr-defined]

    def parametres(self) -> dict[str, Any]:
        """Ce que l'acte fera, en valeurs simples."""
        return {}

    def saisie(self) -> SaisieActe:
        """L'acte tapé."""
        lus = self.cleaned_data
        return SaisieActe(self.parametres(), lus.get("motif", ""), lus.get("fondement", ""))


class ReportForm(ActeForm):
    """Reporter une échéance (règle 9)."""

    echeance = champ_date("Nouveau dernier jour", manque="Choisissez une date.", aide="La journée est comprise.")
    fondement = forms.CharField(
        label="Délibération ou décision qui l'autorise",
        max_length=200,
        error_messages=il_manque("Citez la délibération ou la décision qui autorise ce report."),
    )
    saisines = forms.MultipleChoiceField(
        label="Pour qui",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans coche : toutes les instances.",
    )
    field_order = ("echeance", "fondement", "motif", "saisines")

    def parametres(self) -> dict[str, Any]:
        """La date, et les instances choisies (aucune : toutes)."""
        return {"echeance": self.cleaned_data["echeance"].isoformat(), "saisines": self.cleaned_data["saisines"]}


class RectificatifForm(ActeForm):
    """Corriger une erreur matérielle (règle 8)."""

    section = forms.ChoiceField(label="Partie du rapport", required=False)
    texte = forms.CharField(
        label="Ce qu'il faut lire",
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Exemple : « Lire 32 projets au lieu de 31. »",
        error_messages=il_manque("Écrivez ce qu'il faut lire à la place."),
    )
    field_order = ("section", "texte", "motif")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = self.consultation.version.sections.order_by("ordre")
        choix = [("", "L'ensemble du rapport"), *((p.ancre, str(p)) for p in parties)]
        self.fields["section"].choices = choix  # type: ignore[attr-defined]

    def parametres(self) -> dict[str, Any]:
        """Le texte tel que tapé et la partie visée."""
        return {"texte": self.cleaned_data["texte"], "section": self.cleaned_data["section"]}


class RetraitForm(ActeForm):
    """Retirer une ou plusieurs instances (règle 22)."""

    saisines = forms.MultipleChoiceField(
        label="Instances à retirer",
        widget=forms.CheckboxSelectMultiple,
        error_messages=il_manque("Choisissez l'instance à retirer."),
    )
    field_order = ("saisines", "motif")

    def parametres(self) -> dict[str, Any]:
        """Les instances choisies."""
        return {"saisines": self.cleaned_data["saisines"]}


class RetransmissionForm(ActeForm):
    """Transmettre un texte dont le fond a changé (règle 8)."""

    version = forms.ModelChoiceField(
        queryset=Version.objects.none(),
        label="Nouveau texte",
        empty_label="Choisissez une version",
        help_text="Une autre version du même rapport, importée et relue.",
        error_messages=il_manque("Choisissez le nouveau texte."),
    )
    echeance = champ_date("Dernier jour pour répondre", manque="Choisissez une date.", aide="Un mois au moins.")
    fondement = forms.CharField(
        label="Délibération qui arrête ce texte",
        max_length=200,
        error_messages=il_manque("Citez la délibération qui arrête le nouveau texte."),
    )
    field_order = ("version", "echeance", "fondement", "motif")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        en_cours = self.consultation.version
        autres = Version.objects.filter(rapport=en_cours.rapport_id).exclude(pk=en_cours.pk)
        self.fields["version"].queryset = autres.select_related("rapport").order_by("-numero")  # type: ignore[attr-defined]
        self.fields["version"].label_from_instance = nom_de_version  # type: ignore[attr-defined]

    def parametres(self) -> dict[str, Any]:
        """Le texte, ses corrections telles que relues, le dernier jour."""
        version: Version = self.cleaned_data["version"]
        echeance = self.cleaned_data["echeance"].isoformat()
        return {"version": str(version.pk), "v": version.v, "echeance": echeance}


class ConstatForm(RetraitForm):
    """Constater qu'une instance dort, ou qu'elle n'est pas installée (règle 6)."""

    saisines = forms.MultipleChoiceField(
        label="Instances constatées",
        widget=forms.CheckboxSelectMultiple,
        error_messages=il_manque("Choisissez l'instance que vise ce constat."),
    )


class ClotureForm(ActeForm):
    """Préparer le procès-verbal : avoir vérifié le courrier (règle 3 bis)."""

    courrier = forms.BooleanField(
        label="J'ai vérifié l'accueil, le courrier, le courriel et @ctes.",
        error_messages=il_manque("Vérifiez d'abord le courrier : un avis reçu à temps vaut."),
    )
    field_order = ("courrier", "motif")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motif"].required = False
        self.fields["motif"].label = "Remarque"


FORMES: dict[str, tuple[TypeActe, type[ActeForm]]] = {
    "report": (TypeActe.REPORT, ReportForm),
    "rectificatif": (TypeActe.RECTIFICATIF, RectificatifForm),
    "retrait": (TypeActe.RETRAIT, RetraitForm),
    "annulation": (TypeActe.ANNULATION, ActeForm),
    "nouvelle-transmission": (TypeActe.RETRANSMISSION, RetransmissionForm),
    "dormance": (TypeActe.DORMANCE, ConstatForm),
    "sans-objet": (TypeActe.SANS_OBJET, ConstatForm),
    "cloture": (TypeActe.PROCES_VERBAL, ClotureForm),
}
"""Le mot de l'adresse, l'acte, son formulaire."""

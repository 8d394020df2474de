"""Les formulaires du rapport. Ils ne jugent que la forme ; les longueurs du métier sont dans les actions."""

from typing import Any

from django import forms

from participation.rapports.imports import OCTETS_MAX
from participation.rapports.imports.decoupe import BLOC_MAX, SECTION_MAX, TITRE_MAX
from participation.rapports.models import Section, Version
from participation.rapports.queries import marque
from participation.rapports.saisies import SaisieFichier, SaisieImage, SaisiePresentation, SaisieSection


class ImportForm(forms.Form):
    """Le fichier du rapport."""

    fichier = forms.FileField(
        label="Le fichier du rapport",
        help_text=f"Un docx, un odt ou un md. {OCTETS_MAX // 1_000_000} Mo au plus.",
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
            "max_length": "Le nom de ce fichier est trop long.",
        },
        max_length=160,
        widget=forms.FileInput(attrs={"accept": ".docx,.odt,.md,.markdown"}),
    )
    annee = forms.IntegerField(
        label="L'année du rapport",
        required=False,
        min_value=2000,
        max_value=2100,
        help_text="Laissez vide si le titre la dit.",
        error_messages={"invalid": "Écrivez l'année en chiffres."},
    )

    def clean_fichier(self) -> Any:
        """Le poids est jugé avant de lire."""
        fichier = self.cleaned_data["fichier"]
        if fichier.size > OCTETS_MAX:
            raise forms.ValidationError(f"Ce fichier est trop lourd. La limite est {OCTETS_MAX // 1_000_000} Mo.")
        return fichier

    def saisie(self) -> SaisieFichier:
        """Le fichier, lu."""
        fichier = self.cleaned_data["fichier"]
        return SaisieFichier(fichier.name, fichier.read(OCTETS_MAX + 1), self.cleaned_data["annee"])


class SectionForm(forms.Form):
    """Une partie : titre, « en clair », texte."""

    titre = forms.CharField(
        label="Titre de la partie", max_length=TITRE_MAX, error_messages={"required": "Écrivez un titre."}
    )
    en_clair = forms.CharField(
        label="En clair",
        required=False,
        max_length=BLOC_MAX,
        help_text="La même chose en mots simples. Une idée par phrase, 15 mots au plus.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    texte = forms.CharField(
        label="Texte de la partie",
        required=False,
        max_length=SECTION_MAX,
        strip=False,
        help_text="En Markdown : **gras**, tirets pour une liste, barres droites pour un tableau.",
        widget=forms.Textarea(attrs={"rows": 22, "class": "texte-long"}),
    )
    v = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def saisie(self) -> SaisieSection:
        """La partie corrigée."""
        return SaisieSection(**self.cleaned_data)


class PresentationForm(forms.Form):
    """Ce qui précède les parties."""

    titre = forms.CharField(
        label="Titre du rapport", max_length=TITRE_MAX, error_messages={"required": "Écrivez un titre."}
    )
    libelle = forms.CharField(
        label="Nom de cette version", required=False, max_length=160, help_text="Par exemple : arrêtée au 24 juin 2025."
    )
    preambule = forms.CharField(
        label="Préambule", required=False, max_length=BLOC_MAX, strip=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    vu = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def saisie(self) -> SaisiePresentation:
        """La présentation corrigée."""
        return SaisiePresentation(**self.cleaned_data)


class ImageForm(forms.Form):
    """La description d'une image, pour qui ne la voit pas."""

    alt = forms.CharField(
        label="Ce que montre l'image",
        max_length=300,
        help_text="Pour les personnes qui ne la voient pas. Dites ce qui compte, 300 signes au plus.",
        error_messages={"required": "Décrivez l'image en quelques mots."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ancien = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def saisie(self) -> SaisieImage:
        """La description."""
        return SaisieImage(**self.cleaned_data)


class FigerForm(forms.Form):
    """La relecture est affirmée avant de figer."""

    relu = forms.BooleanField(
        label="Nous avons relu cette version. Elle ne changera plus.",
        error_messages={"required": "Cochez la case quand la version est relue."},
    )


def depart_de_section(section: Section) -> dict[str, Any]:
    """Les valeurs de départ d'une partie."""
    return {"titre": section.titre, "texte": section.texte, "en_clair": section.en_clair, "v": section.v}


def depart_de_version(version: Version) -> dict[str, Any]:
    """Les valeurs de départ de la présentation."""
    champs = {"titre": version.titre_lu, "libelle": version.libelle, "preambule": version.preambule}
    return champs | {"vu": marque(version)}

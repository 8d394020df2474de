"""Les formulaires des mandats : la forme seulement."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from participation.common.dates import debut_de, fin_de
from participation.comptes.actions.mandats import NOMMES_PAR_LA_PRESIDENCE
from participation.comptes.imports import OCTETS_MAX, en_texte
from participation.comptes.models import Mandat
from participation.comptes.saisies import SaisieMembre
from participation.territoires.models import Instance

HORS_DU_SIECLE = "Choisissez une date entre 2000 et 2099."
DANS_LE_SIECLE = [
    MinValueValidator(date(2000, 1, 1), HORS_DU_SIECLE),
    MaxValueValidator(date(2099, 12, 31), HORS_DU_SIECLE),
]


def _jour(libelle: str, aide: str) -> forms.DateField:
    return forms.DateField(
        label=libelle,
        required=False,
        help_text=aide,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=DANS_LE_SIECLE,
        error_messages={"invalid": "Cette date n’existe pas."},
    )


class FinForm(forms.Form):
    """Jusqu'à quand un mandat est renouvelé."""

    au = _jour("Nouveau dernier jour", "Ce jour est compris. Sans date : sans fin.")

    def au_exclu(self) -> datetime | None:
        """La borne exclusive, ou None."""
        jour: date | None = self.cleaned_data["au"]
        return fin_de(jour) if jour else None


class MembreForm(forms.Form):
    """Une personne à nommer dans une instance. La présidence ne nomme que des membres et des suppléances."""

    nom = forms.CharField(
        label="Son nom",
        max_length=80,
        help_text="Comme elle veut être appelée.",
        error_messages={"required": "Écrivez un nom, pour reconnaître cette personne."},
    )
    courriel = forms.EmailField(
        label="Son courriel",
        required=False,
        max_length=254,
        help_text="Sans courriel, vous imprimerez une lettre.",
        error_messages={"invalid": "Ce courriel n’est pas complet. Exemple : prenom@exemple.fr"},
    )
    role = forms.ChoiceField(
        label="Son rôle", widget=forms.RadioSelect, error_messages={"required": "Choisissez un rôle."}
    )
    college = forms.CharField(
        label="Collège", max_length=60, required=False, help_text="Habitants, ou associations et acteurs locaux."
    )
    designation = forms.CharField(
        label="Mode de désignation",
        max_length=60,
        required=False,
        help_text="Tirage au sort, volontariat…",
    )
    du = _jour("Premier jour", "Sans date : dès maintenant.")
    au = _jour("Dernier jour", "Ce jour est compris. Sans date : sans fin.")
    piece = forms.FileField(
        label="Ligne signée du maire",
        required=False,
        help_text="Pour un secrétariat : la ligne scannée, en PDF ou en image. Vous l’avez vérifiée.",
    )

    def __init__(self, *args: Any, instance_: Instance, is_agent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance_
        is_commune = instance_.type == Instance.Type.CONSEIL_MUNICIPAL
        possibles = [r for r in Mandat.Role if is_agent or r in NOMMES_PAR_LA_PRESIDENCE]
        roles = [r for r in possibles if is_commune or r != Mandat.Role.SECRETARIAT]
        self.fields["role"].choices = [(r.value, r.label) for r in roles]  # type: ignore[attr-defined]
        if Mandat.Role.SECRETARIAT not in roles:
            del self.fields["piece"]

    def clean_courriel(self) -> str:
        """L'adresse en minuscules."""
        return str(self.cleaned_data["courriel"]).lower()

    def saisie(self) -> SaisieMembre:
        """La personne à nommer."""
        lus = self.cleaned_data
        return SaisieMembre(
            instance=self.instance.pk, nom=" ".join(lus["nom"].split()), role=lus["role"], courriel=lus["courriel"],
            college=lus["college"], designation=lus["designation"], du=debut_de(lus["du"]) if lus["du"] else None,
            au=fin_de(lus["au"]) if lus["au"] else None,
        )  # fmt: skip


class ImportForm(forms.Form):
    """Une liste de membres : un fichier, ou son texte corrigé sur place."""

    fichier = forms.FileField(label="Le fichier CSV", required=False, help_text="Depuis un tableur : « CSV ».")
    texte = forms.CharField(
        label="Ou le texte de la liste",
        required=False,
        strip=False,
        max_length=OCTETS_MAX,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"max_length": "Cette liste est trop longue. Coupez-la en deux."},
    )

    def clean(self) -> dict[str, Any]:
        """Le fichier l'emporte sur le texte ; il est borné avant d'être lu."""
        lus: dict[str, Any] = super().clean() or {}
        fichier = lus.get("fichier")
        if fichier is not None:
            octets = fichier.read(OCTETS_MAX + 1)
            texte = None if len(octets) > OCTETS_MAX else en_texte(octets)
            if texte is None:
                self.add_error("fichier", "Ce fichier n’est pas une liste CSV de moins de 300 Ko.")
            lus["texte"] = texte or ""
        if not self.errors and not lus.get("texte", "").strip():
            self.add_error("fichier", "Choisissez un fichier, ou collez la liste.")
        return lus


class LettreForm(forms.Form):
    """Le code d'une lettre, ou celui qu'un agent dicte : le même champ."""

    code = forms.CharField(
        label="Votre code",
        max_length=40,
        help_text="Dix signes. Majuscules, espaces et tirets ne comptent pas.",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "court",
            }
        ),
        error_messages={"required": "Écrivez le code de votre lettre.", "max_length": "Un code a dix signes."},
    )

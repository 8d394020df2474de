"""Les formulaires des comptes : la forme seulement."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.db import DatabaseError

from participation.comptes.saisies import SaisieCle, SaisieCompte
from participation.territoires.models import Quartier

CLE_REFUSEE = "Cette clé n’a pas été reconnue. Recommencez, ou entrez avec un code."


class EntrerForm(forms.Form):
    """Une adresse, et le choix de garder cet appareil."""

    email = forms.EmailField(
        label="Votre courriel",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Écrivez votre courriel, pour recevoir votre code.",
            "invalid": "Ce courriel n'est pas complet. Exemple : prenom@exemple.fr",
        },
    )
    garder = forms.BooleanField(
        label="Garder cet appareil 90 jours", required=False, help_text="Seulement si cet appareil est à vous."
    )

    def clean_email(self) -> str:
        """L'adresse en minuscules."""
        return str(self.cleaned_data["email"]).lower()


class CourrielForm(EntrerForm):
    """La nouvelle adresse d'un compte."""

    garder = None  # type: ignore[assignment]


class CodeForm(forms.Form):
    """Le code reçu ; les espaces et les tirets ne comptent pas."""

    code = forms.CharField(
        label="Votre code à 8 chiffres",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "court"}),
        error_messages={"required": "Écrivez le code reçu par courriel.", "max_length": "Le code a 8 chiffres."},
    )


class CompteForm(forms.Form):
    """Nom d'usage et quartier, facultatifs."""

    nom_usage = forms.CharField(
        label="Votre nom d’usage",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    quartier = forms.ModelChoiceField(
        label="Votre quartier", queryset=Quartier.objects.none(), required=False, empty_label="Je ne le dis pas"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quartier"].queryset = Quartier.objects.all()  # type: ignore[attr-defined]

    def saisie(self) -> SaisieCompte:
        """Ce que la personne a dit d'elle."""
        quartier = self.cleaned_data["quartier"]
        return SaisieCompte(self.cleaned_data["nom_usage"], quartier.pk if quartier else None)


class CleForm(forms.Form):
    """La clé que l'appareil vient de créer ; son défi est vérifié ici, une fois."""

    nom = forms.CharField(label="Un nom pour cette clé", max_length=60, required=False)
    credential = forms.JSONField(
        widget=forms.HiddenInput, error_messages={"required": "La clé n'est pas arrivée. Recommencez."}
    )

    def clean_credential(self) -> dict[str, object]:
        """Vérifie la réponse au défi. Lève ValidationError si elle ne va pas avec ce défi."""
        credential: dict[str, object] = self.cleaned_data["credential"]
        with refus_dit():
            auth.parse_registration_response(credential)
            auth.complete_registration(credential)
        return credential

    def saisie(self) -> SaisieCle:
        """La clé vérifiée."""
        return SaisieCle(self.cleaned_data["nom"] or "Clé sans nom", self.cleaned_data["credential"])


class CleEntrerForm(LoginWebAuthnForm):
    """La réponse d'une clé qui veut entrer."""

    def clean_credential(self) -> Authenticator:
        """La clé reconnue. Lève ValidationError sinon."""
        with refus_dit():
            return super().clean_credential()


@contextmanager
def refus_dit() -> Iterator[None]:
    """Une réponse forgée casse les bibliothèques de cent façons (CBOR, signature, base64) : toutes sont un refus."""
    try:
        yield
    except DatabaseError:
        raise
    except Exception as erreur:
        raise forms.ValidationError(CLE_REFUSEE) from erreur

"""Les formulaires des avis : ils lisent ce qui est tapé et rendent une dataclass ; ils ne décident de rien."""

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from consultations.actions.projet import OBSERVATION_MAX, OBSERVATIONS_MAX, PIECES_MAX, TEXTE_MAX
from consultations.etats import ModeAdoption, Nature, Sens
from consultations.models import ProjetAvis
from consultations.reunion import COMPTES
from consultations.saisies import SaisieObservation, SaisieProjet, SaisieReunion, SaisieSeance

Fichier: TypeAlias = "UploadedFile[Any]"
SENS_POSSIBLES = [(s.value, s.label) for s in Sens if s != Sens.REPUTE_FAVORABLE]
CHAMPS_SEANCE = ("date_seance", "pour", "contre", "abstention")
CHAMP_OBSERVATION = re.compile(r"observation-(\d{1,4})-(section|nature|texte)")
VOTES_MAX = 9999
VOTES_FAUX = dict.fromkeys(("invalid", "min_value", "max_value"), f"Un nombre de votes va de 0 à {VOTES_MAX}.")
HORS_DU_SIECLE = "Choisissez une date entre 2000 et 2099."
DANS_LE_SIECLE = [
    MinValueValidator(date(2000, 1, 1), HORS_DU_SIECLE),
    MaxValueValidator(date(2099, 12, 31), HORS_DU_SIECLE),
]


@dataclass(frozen=True)
class Ligne:
    """Une demande telle que tapée : `n` est son numéro dans le formulaire reçu."""

    n: int
    section: str = ""
    nature: str = ""
    texte: str = ""
    erreur: str = ""

    @property
    def is_vide(self) -> bool:
        """Vrai si rien n'est écrit : la ligne ne compte pas."""
        return not self.texte.strip()

    def avec(self, champ: str, valeur: str) -> "Ligne":
        """La même ligne, ce champ rempli."""
        propre = valeur.replace("\r\n", "\n").replace("\0", "")  # un navigateur envoie CRLF ; PostgreSQL refuse le NUL
        valeurs = {"section": self.section, "nature": self.nature, "texte": self.texte} | {champ: propre}
        return Ligne(self.n, erreur=self.erreur, **valeurs)


def lire_lignes(donnees: QueryDict) -> list[Ligne]:
    """Les lignes `observation-<n>-…` d'un POST, dans l'ordre de leur numéro."""
    lignes: dict[int, Ligne] = {}
    for nom in donnees:
        if trouve := CHAMP_OBSERVATION.fullmatch(nom):
            n, champ = int(trouve[1]), trouve[2]
            lignes[n] = lignes.get(n, Ligne(n)).avec(champ, str(donnees.get(nom) or ""))
    return [lignes[n] for n in sorted(lignes)]


class PlusieursFichiers(forms.FileInput):
    """Un champ de fichiers multiple."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Fichier], name: str) -> list[Fichier]:
        """Tous les fichiers de ce nom."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class PiecesField(forms.Field):
    """Les pièces à joindre ; leur type et leur taille sont jugés par `pieces.actions.ajouter_piece`."""

    widget = PlusieursFichiers

    def clean(self, value: Any) -> list[Fichier]:
        """La liste des fichiers, bornée. Lève ValidationError au-delà."""
        fichiers = list(value or [])
        if len(fichiers) > PIECES_MAX:
            raise forms.ValidationError(f"Pas plus de {PIECES_MAX} pièces jointes.")
        return fichiers


class IdentifiantsField(forms.MultipleChoiceField):
    """Une liste d'UUID."""

    def clean(self, value: Any) -> list[UUID]:
        """Les UUID. Lève ValidationError si l'un n'en est pas un."""
        try:
            return [UUID(texte) for texte in value or []]
        except ValueError as erreur:
            raise forms.ValidationError("Cette pièce n'existe pas.") from erreur


class ProjetForm(forms.Form):
    """Le projet d'avis. Un champ absent du POST ne change pas ; les demandes se remplacent toutes ensemble."""

    v = forms.IntegerField(min_value=0, error_messages={"required": "Rechargez la page, puis recommencez."})
    sens = forms.ChoiceField(
        choices=SENS_POSSIBLES,
        required=False,
        error_messages={"invalid_choice": "Choisissez une des cinq réponses."},
    )
    texte = forms.CharField(
        required=False,
        strip=False,
        max_length=TEXTE_MAX,
        error_messages={"max_length": "Ce texte est trop long. Joignez plutôt un document."},
    )
    date_seance = forms.DateField(
        required=False, validators=DANS_LE_SIECLE, error_messages={"invalid": "Écrivez la date ainsi : 24/09/2025."}
    )
    pour = forms.IntegerField(required=False, min_value=0, max_value=VOTES_MAX, error_messages=VOTES_FAUX)
    contre = forms.IntegerField(required=False, min_value=0, max_value=VOTES_MAX, error_messages=VOTES_FAUX)
    abstention = forms.IntegerField(required=False, min_value=0, max_value=VOTES_MAX, error_messages=VOTES_FAUX)
    mode_adoption = forms.ChoiceField(choices=ModeAdoption.choices, required=False)
    habitants_presents = forms.BooleanField(required=False)
    associations_presentes = forms.BooleanField(required=False)
    femmes = forms.IntegerField(required=False, min_value=0, max_value=VOTES_MAX)
    hommes = forms.IntegerField(required=False, min_value=0, max_value=VOTES_MAX)
    moins_25 = forms.IntegerField(required=False, min_value=0, max_value=VOTES_MAX)
    minoritaire = forms.CharField(required=False, strip=False, max_length=OBSERVATION_MAX)
    redacteur = forms.CharField(required=False, max_length=120)
    rejoindre = IdentifiantsField(required=False)
    pieces = PiecesField(required=False)
    retirer = IdentifiantsField(required=False)

    def __init__(self, donnees: QueryDict, fichiers: Any = None, *, ancres: set[str], sans_ligne: int | None = None):
        """`ancres` : les parties de la version transmise ; `sans_ligne` : le numéro d'une demande à retirer."""
        super().__init__(donnees, fichiers)
        self._ancres = ancres
        self.lignes = [ligne for ligne in lire_lignes(donnees) if ligne.n != sans_ligne]
        self.has_lignes = "observations_total" in donnees or bool(lire_lignes(donnees))
        for nom in ("pour", "contre", "abstention"):
            champ = self.fields[nom]
            champ.error_messages |= {"invalid": "Écrivez un nombre de votes."}
        for nom in COMPTES:
            self.fields[nom].error_messages |= {"invalid": "Écrivez un nombre de personnes."}

    def clean_texte(self) -> str:
        """Le texte tel que tapé ; les fins de ligne d'un navigateur (CRLF) sont unifiées."""
        return str(self.cleaned_data["texte"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Juge chaque demande écrite ; l'erreur reste à côté de sa ligne."""
        self.lignes = [replace(ligne, erreur=self._erreur(ligne)) for ligne in self.lignes]
        for ligne in self.lignes:
            if ligne.erreur:
                self.add_error(None, ligne.erreur)
        if len(self.demandes) > OBSERVATIONS_MAX:
            self.add_error(None, f"Pas plus de {OBSERVATIONS_MAX} demandes.")
        return self.cleaned_data

    def _erreur(self, ligne: Ligne) -> str:
        if ligne.is_vide:
            return ""
        if ligne.nature not in Nature.values:
            return "Dites si c'est une question, une correction, un ajout ou un désaccord."
        if ligne.section and ligne.section not in self._ancres:
            return "Cette partie du rapport n'existe pas. Choisissez-la dans la liste."
        if len(ligne.texte) > OBSERVATION_MAX:
            return "Cette demande est trop longue. Écrivez-la en quelques phrases."
        return ""

    @property
    def demandes(self) -> list[Ligne]:
        """Les lignes écrites, dans l'ordre."""
        return [ligne for ligne in self.lignes if not ligne.is_vide]

    def rang_de(self, n: int) -> int | None:
        """Le rang, une fois enregistrée, de la ligne reçue sous le numéro `n`."""
        return next((rang for rang, ligne in enumerate(self.demandes, 1) if ligne.n == n), None)

    def saisie(self, projet: ProjetAvis) -> SaisieProjet:
        """Ce qui vient d'être tapé ; `projet` complète une séance reçue en partie."""
        observations = tuple(SaisieObservation(d.section, d.nature, d.texte) for d in self.demandes)
        return SaisieProjet(
            sens=self.cleaned_data["sens"] if "sens" in self.data else None,
            texte=self.cleaned_data["texte"] if "texte" in self.data else None,
            observations=observations if self.has_lignes else None,
            seance=self._seance(projet),
            reunion=self._reunion() if "reunion_total" in self.data else None,
            rejointes=tuple(self.cleaned_data["rejoindre"]) if "rejointes_total" in self.data else None,
        )

    def _reunion(self) -> SaisieReunion:
        """La réunion s'envoie tout entière : une case décochée n'est pas dans un POST."""
        valeurs = {champ.name: self.cleaned_data[champ.name] for champ in fields(SaisieReunion)}
        return SaisieReunion(**valeurs | {"minoritaire": str(valeurs["minoritaire"]).replace("\r\n", "\n").strip()})

    def _seance(self, projet: ProjetAvis) -> SaisieSeance | None:
        if not any(nom in self.data for nom in CHAMPS_SEANCE):
            return None
        valeurs = {n: self.cleaned_data[n] if n in self.data else getattr(projet, n) for n in CHAMPS_SEANCE}
        return SaisieSeance(**valeurs)


class DepotForm(forms.Form):
    """Le dépôt : une clé, la version relue, l'avis vu. Ni texte ni pièce : ils voyagent avec le projet (règle 4)."""

    TAILLE_MAX = 4096  # octets
    RELIRE = "Relisez votre avis, puis déposez-le."

    cle = forms.UUIDField(error_messages={"required": RELIRE, "invalid": RELIRE})
    projet_v = forms.IntegerField(min_value=0, error_messages={"required": RELIRE, "invalid": RELIRE})
    remplace = forms.UUIDField(required=False, error_messages={"invalid": "L'avis remplacé n'existe pas."})
    au_nom_de = forms.BooleanField(
        error_messages={"required": "Cochez la case : vous déposez au nom de votre instance."}
    )

    def __init__(self, donnees: QueryDict, *, taille: int = 0) -> None:
        """`taille` : les octets annoncés par la requête, 0 s'ils sont inconnus."""
        super().__init__(donnees)
        self._taille = taille

    def clean(self) -> dict[str, Any]:
        """Refuse un corps qui porterait autre chose : l'heure d'arrivée vaut parce que la requête est courte."""
        if self._taille > self.TAILLE_MAX:
            raise forms.ValidationError("Le dépôt ne porte ni texte ni pièce : ils sont déjà dans votre projet.")
        return self.cleaned_data


class PropositionForm(forms.Form):
    """Proposer le dépôt de la version relue (règle des deux personnes)."""

    projet_v = forms.IntegerField(min_value=0, error_messages={"required": DepotForm.RELIRE})


class ComplementForm(forms.Form):
    """Ce qui se complète après le vote : numéro, réception en préfecture, document signé (règle 15)."""

    deliberation = forms.CharField(label="Numéro de la délibération", max_length=60, required=False)
    prefecture_le = forms.DateField(
        label="Reçue en préfecture le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Cette date n'existe pas."},
    )
    piece = forms.FileField(label="Document signé", required=False, help_text="PDF ou image. 10 Mo au plus.")

    def clean(self) -> dict[str, Any]:
        """Exige au moins une des trois choses."""
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError("Donnez le numéro, la date ou le document.")
        return self.cleaned_data

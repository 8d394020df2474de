"""Ce qu'un agent recopie d'un avis reçu autrement (règle 11) : il lit, il ne décide de rien."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from consultations.actions.projet import OBSERVATION_MAX, OBSERVATIONS_MAX, TEXTE_MAX
from consultations.actions.reception import CANAUX, AvisRecu
from consultations.etats import Nature
from consultations.forms import SENS_POSSIBLES, VOTES_MAX, Ligne, lire_lignes
from consultations.models import Avis
from consultations.saisies import SaisieObservation, SaisieSeance
from participation.common.dates import PARIS
from participation.gestion.forms import champ_date, champ_heure, il_manque

LIGNES = 3
"""Demandes vides montrées sous celles déjà écrites."""
QUAND = {"jour", "heure"}


def _votes(libelle: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=libelle,
        required=False,
        min_value=0,
        max_value=VOTES_MAX,
        error_messages={"invalid": "Écrivez un nombre de votes."},
    )


class AvisRecuForm(forms.Form):
    """Canal, réception, sens, texte, demandes, séance, motif, preuve."""

    cle = forms.UUIDField(widget=forms.HiddenInput, error_messages=il_manque("Rechargez la page, puis recommencez."))
    canal = forms.ChoiceField(
        label="Par où c'est arrivé",
        choices=[(c.value, c.label) for c in Avis.Canal if c in CANAUX],
        widget=forms.RadioSelect,
        error_messages=il_manque("Dites par où c'est arrivé."),
    )
    jour = champ_date("Jour de la réception", manque="Dites quel jour.")
    heure = champ_heure("Heure de la réception", "Heure de Paris. C'est la réception qui compte, pas la saisie.")
    is_courrier = forms.BooleanField(label="Lettre sans délibération", required=False)
    sens = forms.ChoiceField(
        label="Réponse",
        choices=SENS_POSSIBLES,
        widget=forms.RadioSelect,
        error_messages=il_manque("Choisissez une des cinq réponses."),
    )
    texte = forms.CharField(
        label="Texte, mot pour mot",
        required=False,
        strip=False,
        max_length=TEXTE_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    date_seance = champ_date("Date du vote ou de la réunion")
    pour = _votes("Pour")
    contre = _votes("Contre")
    abstention = _votes("Abstentions")
    motif = forms.CharField(
        label="Pourquoi un agent le saisit",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2, "class": "court"}),
        help_text="Ce motif est public. Aucun nom de personne.",
        error_messages=il_manque("Dites pourquoi un agent le saisit, en une phrase."),
    )
    piece = forms.FileField(
        label="Preuve",
        help_text="Le document reçu, daté : PDF ou image. 10 Mo au plus.",
        error_messages=il_manque("Joignez la preuve : le document reçu, daté."),
    )
    remplace = forms.UUIDField(required=False)

    def __init__(self, *args: Any, ancres: set[str], **kwargs: Any) -> None:
        """`ancres` : les parties de la version transmise."""
        super().__init__(*args, **kwargs)
        self._ancres = ancres
        recues = lire_lignes(self.data) if isinstance(self.data, QueryDict) else []
        self.lignes = [ligne for ligne in recues if not ligne.is_vide]

    def clean(self) -> dict[str, Any]:
        """Juge chaque demande ; l'erreur reste à côté de sa ligne."""
        self.lignes = [replace(ligne, erreur=self._erreur(ligne)) for ligne in self.lignes]
        for ligne in self.lignes:
            if ligne.erreur:
                self.add_error(None, ligne.erreur)
        if len(self.lignes) > OBSERVATIONS_MAX:
            self.add_error(None, f"Pas plus de {OBSERVATIONS_MAX} demandes.")
        return self.cleaned_data

    def _erreur(self, ligne: Ligne) -> str:
        if ligne.nature not in Nature.values:
            return "Dites si c'est une question, une correction, un ajout ou un désaccord."
        if ligne.section and ligne.section not in self._ancres:
            return "Cette partie du rapport n'existe pas. Choisissez-la dans la liste."
        return "Cette demande est trop longue." if len(ligne.texte) > OBSERVATION_MAX else ""

    @property
    def lignes_montrees(self) -> list[Ligne]:
        """Celles qui sont écrites, puis de quoi en écrire d'autres."""
        suivante = max((ligne.n for ligne in self.lignes), default=0) + 1
        return [*self.lignes, *(Ligne(suivante + i) for i in range(LIGNES))]

    def juger_la_date_seule(self) -> bool:
        """Pour « Que vaudra-t-il ? » : oublie les fautes des autres champs ; vrai si la date est lisible."""
        for nom in set(self.errors) - QUAND:
            del self.errors[nom]
        return not self.errors

    def recu_le(self) -> datetime:
        """L'instant de la réception ; l'heure tapée est celle de Paris."""
        lus = self.cleaned_data
        return datetime.combine(lus["jour"], lus["heure"], tzinfo=PARIS)

    def saisie(self) -> AvisRecu:
        """L'avis tel qu'il est recopié."""
        lus = self.cleaned_data
        return AvisRecu(
            sens=lus["sens"],
            texte=lus["texte"].replace("\r\n", "\n"),
            canal=lus["canal"],
            recu_le=self.recu_le(),
            motif=lus["motif"],
            observations=tuple(SaisieObservation(li.section, li.nature, li.texte) for li in self.lignes),
            seance=SaisieSeance(lus["date_seance"], lus["pour"], lus["contre"], lus["abstention"]),
            is_courrier=lus["is_courrier"],
        )

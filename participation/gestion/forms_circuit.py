"""Les formulaires du circuit et du contenu légal : ils lisent, ils ne décident de rien."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from consultations.actions.contenu import EXPLICATION_MAX
from consultations.etats import EtapeCircuit, PointLegal, PresencePoint
from consultations.models import ContenuLegal, Etape
from consultations.saisies import SaisieEtape, SaisiePoint
from participation.gestion.forms import champ_date
from participation.rapports.models import Section

CHAMPS: Mapping[str, tuple[str, ...]] = {
    EtapeCircuit.VISEE: (),
    EtapeCircuit.COMMISSION: ("avis",),
    EtapeCircuit.ARRETEE: ("sous_prefecture_le", "publie_le"),
}
REFERENCES = {
    EtapeCircuit.VISEE: ("Référence du visa", "Aucun nom de personne."),
    EtapeCircuit.COMMISSION: ("Nom de la commission", "Exemple : « Cohésion sociale »."),
    EtapeCircuit.ARRETEE: ("Numéro de la délibération", ""),
}


class EtapeForm(forms.Form):
    """Une étape du circuit : seuls les champs de cette étape sont là. `remplace` : celle que l'on corrige."""

    date = champ_date("Date", manque="Dites quel jour.")
    reference = forms.CharField(max_length=60, required=False)
    avis = forms.CharField(
        label="Avis de la commission", max_length=300, required=False, help_text="Exemple : « Favorable »."
    )
    sous_prefecture_le = champ_date("Reçue en sous-préfecture le")
    publie_le = champ_date("Publiée le", aide="La fin du recours se calcule : deux mois après la plus tardive.")
    remplace = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, etape: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in {"avis", "sous_prefecture_le", "publie_le"} - set(CHAMPS[etape]):
            del self.fields[nom]
        libelle, aide = REFERENCES[EtapeCircuit(etape)]
        self.fields["reference"].label, self.fields["reference"].help_text = libelle, aide

    def saisie(self) -> SaisieEtape:
        """L'étape tapée."""
        return SaisieEtape(**{nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "remplace"})


def depart_d_etape(etape: Etape | None) -> dict[str, Any]:
    """Ce que la correction préremplit : l'étape en vigueur."""
    if etape is None:
        return {}
    noms = ("date", "reference", "avis", "sous_prefecture_le", "publie_le")
    return {nom: getattr(etape, nom) for nom in noms} | {"remplace": etape.pk}


@dataclass(frozen=True)
class PointTape:
    """Un point et ses trois champs."""

    code: str
    nom: str
    champs: tuple[Any, ...]


class ContenuForm(forms.Form):
    """Les six points : présent ou absent, dans quelle partie, pourquoi."""

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = [("", "Choisissez une partie"), *((s.ancre, str(s)) for s in sections)]
        presences = [*PresencePoint.choices, ("", "Pas encore renseigné")]
        for code in PointLegal.values:
            self.fields[f"{code}-presence"] = forms.ChoiceField(
                label="Dans le rapport", choices=presences, required=False, widget=forms.RadioSelect
            )
            self.fields[f"{code}-ancre"] = forms.ChoiceField(label="Partie du rapport", choices=parties, required=False)
            self.fields[f"{code}-explication"] = forms.CharField(
                label="Précision, ou pourquoi il manque", max_length=EXPLICATION_MAX, required=False
            )

    @property
    def points(self) -> list[PointTape]:
        """Les champs, rangés par point."""
        noms = ("presence", "ancre", "explication")
        return [PointTape(code, nom, tuple(self[f"{code}-{n}"] for n in noms)) for code, nom in PointLegal.choices]

    def saisies(self) -> dict[str, SaisiePoint]:
        """Les six points tapés."""
        lus = self.cleaned_data
        return {
            code: SaisiePoint(lus[f"{code}-presence"], lus[f"{code}-ancre"], lus[f"{code}-explication"])
            for code in PointLegal.values
        }


def depart_du_contenu(contenus: Iterable[ContenuLegal]) -> dict[str, str]:
    """Ce qui est déjà renseigné."""
    noms = ("presence", "ancre", "explication")
    return {f"{c.code}-{nom}": getattr(c, nom) for c in contenus for nom in noms}

"""Les formulaires du bureau : ils lisent ce qui est tapé et rendent une dataclass ; ils ne décident de rien."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from consultations import delais
from consultations.actions.preparation import exiger_echeance_legale
from consultations.etats import Visibilite
from consultations.models import Consultation, PreuveRemise
from consultations.queries import rang
from consultations.saisies import CADRE_PROPOSE, SaisieConsultation
from participation.common.dates import PARIS, jour_a_paris
from participation.common.errors import RefusMetier
from participation.common.reference import en_adresse
from participation.gestion.queries import instances_a_cocher
from participation.gestion.saisies import SaisieRemise
from participation.rapports.models import Version
from participation.territoires.models import Instance

DATES = {"transmission", "echeance"}
HORS_DU_SIECLE = "Choisissez une date entre 2000 et 2099."
DANS_LE_SIECLE = [
    MinValueValidator(date(2000, 1, 1), HORS_DU_SIECLE),
    MaxValueValidator(date(2099, 12, 31), HORS_DU_SIECLE),
]
CADRE = ("peut_changer", "ne_changera_pas", "qui_decide")
ADRESSES_PRISES = {"nouvelle", "participation"}
GENRES = {
    Instance.Type.CONSEIL_MUNICIPAL: "Communes",
    Instance.Type.CONSEIL_CITOYEN: "Conseils citoyens",
    Instance.Type.AUTRE: "Autres instances",
}
MOYENS = [(m.value, m.label) for m in PreuveRemise.Moyen if m.name in {"RECEPISSE", "RECOMMANDE", "ACTES"}]


def il_manque(phrase: str) -> dict[str, str]:
    """La phrase montrée quand le champ est vide."""
    return {"required": phrase}


def champ_date(libelle: str, *, aide: str = "", manque: str = "") -> forms.DateField:
    """Une date, choisie dans le calendrier du navigateur ; exigée si `manque` dit la phrase à montrer."""
    saisie = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=libelle,
        required=bool(manque),
        help_text=aide,
        widget=saisie,
        validators=DANS_LE_SIECLE,
        error_messages=il_manque(manque) | {"invalid": "Cette date n'existe pas."},
    )


def champ_heure(libelle: str, aide: str) -> forms.TimeField:
    """Une heure exigée, choisie dans le champ du navigateur."""
    return forms.TimeField(
        label=libelle,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=aide,
        error_messages=il_manque("Dites à quelle heure.") | {"invalid": "Cette heure n'existe pas."},
    )


def champ_du_cadre(libelle: str) -> forms.CharField:
    """Une phrase du cadre, que la page publique montre en premier. Vide : la phrase proposée."""
    saisie = forms.Textarea(attrs={"rows": 4, "class": "court"})
    return forms.CharField(label=libelle, max_length=300, required=False, widget=saisie)


def nom_de_version(version: Version) -> str:
    """« 2024, version 1, figée : Rapport sur… » : l'année d'abord, car deux rapports portent souvent le même titre."""
    rapport = version.rapport
    genre = f"{rapport.annee} (démonstration)" if rapport.is_fictif else str(rapport.annee)
    etat = "figée" if version.figee_le else "à relire"
    return f"{genre}, version {version.numero}, {etat} : {version.titre_lu}"


class SimulateurForm(forms.Form):
    """Le délai : un jour de transmission, un dernier jour. Le jour se lit à Paris (règle 2)."""

    transmission = champ_date("Jour prévu de la transmission", aide="Aujourd'hui, si vous ne dites rien.")
    echeance = champ_date("Dernier jour pour répondre", aide="Sans date, c'est le premier jour possible.")

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.simulation: delais.Simulation | None = delais.simuler(
            now, self.get_initial_for_field(self.fields["echeance"], "echeance")
        )

    def clean(self) -> dict[str, Any]:
        """Compte le délai du jour prévu ; refuse sous le plancher, avec la première date possible."""
        donnees: dict[str, Any] = super().clean() or {}
        self.simulation = None
        if DATES & set(self.errors):
            return donnees
        prevu = donnees.get("transmission") or jour_a_paris(self.now)
        if prevu < jour_a_paris(self.now):
            self.add_error("transmission", "La transmission ne peut pas avoir lieu dans le passé.")
            return donnees
        self.simulation = delais.simuler(datetime.combine(prevu, time(12), tzinfo=PARIS), donnees.get("echeance"))
        try:
            exiger_echeance_legale(self.simulation)
        except RefusMetier as refus:
            self.add_error("echeance", refus.phrase)
        return donnees


class ConsultationForm(SimulateurForm):
    """Tout ce qu'il faut pour préparer une consultation."""

    titre = forms.CharField(label="Titre", max_length=200, error_messages=il_manque("Donnez un titre."))
    slug = forms.SlugField(
        label="Adresse de la page", max_length=80, required=False, help_text="Sans adresse, elle est tirée du titre."
    )
    version = forms.ModelChoiceField(
        queryset=Version.objects.none(),
        label="Texte transmis",
        empty_label="Choisissez une version",
        error_messages=il_manque("Choisissez le texte à transmettre."),
    )
    arrete_le = champ_date("Arrêté par délibération le")
    publie_le = champ_date("Publié et reçu en sous-préfecture le")
    deliberation = forms.CharField(label="Numéro de la délibération", max_length=60, required=False)
    instances = forms.ModelMultipleChoiceField(
        queryset=Instance.objects.none(),
        label="Instances à saisir",
        error_messages=il_manque("Choisissez au moins une instance à saisir."),
    )
    visibilite_projet = forms.ChoiceField(
        label="Qui lit le projet",
        choices=Visibilite.Projet.choices,
        widget=forms.RadioSelect,
        error_messages=il_manque("Dites qui lit le projet."),
    )
    visibilite_avis = forms.ChoiceField(
        label="Quand les avis se lisent",
        choices=Visibilite.Avis.choices,
        widget=forms.RadioSelect,
        error_messages=il_manque("Dites quand les avis se lisent."),
    )
    peut_changer = champ_du_cadre("Ce qui peut encore changer")
    ne_changera_pas = champ_du_cadre("Ce qui ne changera pas")
    qui_decide = champ_du_cadre("Qui décide, et quand")
    field_order = ("titre", "slug", "version", "arrete_le", "publie_le", "deliberation", "transmission", "echeance")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = Version.objects.select_related("rapport").order_by("-rapport__annee", "-numero")
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        self.fields["version"].label_from_instance = nom_de_version  # type: ignore[attr-defined]
        self.fields["instances"].queryset = instances_a_cocher()  # type: ignore[attr-defined]

    def juger_le_delai_seul(self) -> bool:
        """Pour « Calculer » : oublie les fautes des autres champs ; vrai si le délai est légal."""
        for nom in set(self.errors) - DATES:
            del self.errors[nom]
        return not self.errors

    def clean_slug(self) -> str:
        """L'adresse tapée, sinon celle du titre."""
        adresse = self.cleaned_data["slug"] or en_adresse(self.data.get("titre", ""))[:80]
        if not adresse:
            raise forms.ValidationError("Donnez un titre, ou une adresse.")
        if adresse in ADRESSES_PRISES:
            raise forms.ValidationError("Cette adresse sert déjà au site. Choisissez-en une autre.")
        return adresse

    def saisie(self) -> SaisieConsultation:
        """Les paramètres ; l'échéance est celle calculée par le simulateur."""
        simulation = cast(delais.Simulation, self.simulation)
        lus = self.cleaned_data
        return SaisieConsultation(
            titre=lus["titre"],
            slug=lus["slug"],
            echeance=simulation.echeance,
            arrete_le=lus["arrete_le"],
            publie_le=lus["publie_le"],
            deliberation=lus["deliberation"],
            visibilite_projet=lus["visibilite_projet"],
            visibilite_avis=lus["visibilite_avis"],
            peut_changer=lus["peut_changer"] or CADRE_PROPOSE[0],
            ne_changera_pas=lus["ne_changera_pas"] or CADRE_PROPOSE[1],
            qui_decide=lus["qui_decide"] or CADRE_PROPOSE[2],
        )

    @property
    def groupes(self) -> list[tuple[str, list[tuple[Instance, bool]]]]:
        """Les instances à cocher, rangées par genre, avec ce qui est coché."""
        cochees = {str(v.pk if isinstance(v, Instance) else v) for v in self["instances"].value() or []}
        ranges: dict[str, list[tuple[Instance, bool]]] = {}
        for instance in sorted(instances_a_cocher(), key=rang):
            ranges.setdefault(GENRES[Instance.Type(instance.type)], []).append((instance, str(instance.pk) in cochees))
        return list(ranges.items())


def depart() -> dict[str, Any]:
    """Une consultation neuve : tout est public, toutes les instances sont cochées, sauf les partenaires."""
    cochees: Iterable[Instance] = instances_a_cocher().filter(is_partenaire=False)
    return {
        "instances": [str(i.pk) for i in cochees],
        "visibilite_projet": Visibilite.Projet.PUBLIC.value,
        "visibilite_avis": Visibilite.Avis.AU_DEPOT.value,
        **dict(zip(CADRE, CADRE_PROPOSE, strict=True)),
    }


def depart_de(consultation: Consultation) -> dict[str, Any]:
    """Les valeurs d'une consultation déjà préparée."""
    noms = (
        "titre",
        "slug",
        "arrete_le",
        "publie_le",
        "deliberation",
        "echeance",
        "visibilite_projet",
        "visibilite_avis",
        *CADRE,
    )
    valeurs: dict[str, Any] = {nom: getattr(consultation, nom) for nom in noms}
    valeurs["version"] = consultation.version_id
    valeurs["instances"] = [str(pk) for pk in consultation.instances.values_list("pk", flat=True)]
    return valeurs


class RemiseForm(forms.Form):
    """La preuve que l'instance a reçu le projet : comment, quand, où elle est gardée (règle 6)."""

    moyen = forms.ChoiceField(
        label="Comment",
        choices=MOYENS,
        widget=forms.RadioSelect,
        error_messages=il_manque("Dites comment le projet a été remis."),
    )
    jour = champ_date("Jour de la remise", manque="Dites quel jour.")
    heure = champ_heure("Heure de la remise", "Heure de Paris.")
    note = forms.CharField(
        label="Précision", max_length=300, required=False, help_text="Où la preuve est gardée. Aucun nom de personne."
    )
    piece = forms.FileField(label="Document", required=False, help_text="Le récépissé ou l'accusé, en PDF ou en image.")

    def saisie(self) -> SaisieRemise:
        """La preuve ; l'heure tapée est celle de Paris."""
        lus = self.cleaned_data
        jour: date = lus["jour"]
        remis_le = datetime.combine(jour, lus["heure"], tzinfo=PARIS)
        return SaisieRemise(moyen=lus["moyen"], remis_le=remis_le, note=lus["note"])

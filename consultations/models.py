"""La consultation annuelle : ce qui est transmis, à qui, jusqu'à quand, et ce qui a été répondu.

L'état d'une saisine n'est jamais stocké : il se déduit des dates (`queries.etats`). Les avis, les observations et les
preuves de remise sont des tables à ajout seul : la base refuse de les changer.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from consultations.etats import Fondement, Nature, Sens, Visibilite
from participation.common.reference import uuid7
from participation.pieces.models import PieceJointe
from participation.rapports.models import Section, Version
from participation.territoires.models import Instance


def _utc(valeur: datetime | date | None) -> str:
    """La même écriture, que la base rende l'heure d'été, d'hiver ou UTC ; une date reste une date."""
    if isinstance(valeur, datetime):
        return valeur.astimezone(UTC).isoformat()
    return valeur.isoformat() if valeur else ""


class Consultation(models.Model):
    """La consultation des instances sur une version figée du rapport. Ses paramètres gèlent à la transmission (règle 9)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=200)
    version = models.ForeignKey(Version, models.PROTECT, related_name="consultations")
    arrete_le = models.DateField("arrêté le", null=True, blank=True)
    deliberation = models.CharField("numéro de la délibération", max_length=60, blank=True)
    publie_le = models.DateField("publié et reçu en sous-préfecture le", null=True, blank=True)
    echeance = models.DateField("échéance commune (dernier jour compris)", null=True, blank=True)
    transmise_le = models.DateTimeField("transmise le", null=True, blank=True)
    transmise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="signée par"
    )
    visibilite_projet = models.CharField(
        "qui lit le projet", max_length=12, choices=Visibilite.Projet, default=Visibilite.Projet.PUBLIC
    )
    visibilite_avis = models.CharField(
        "quand les avis se lisent", max_length=12, choices=Visibilite.Avis, default=Visibilite.Avis.AU_DEPOT
    )
    approuve_le = models.DateField("approuvé le", null=True, blank=True)
    is_demonstration = models.BooleanField("démonstration : avis inventés", default=False)
    instances = models.ManyToManyField(Instance, blank=True, related_name="+", verbose_name="instances à saisir")
    creee_le = models.DateTimeField("créée le")
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="préparée par"
    )

    class Meta:
        verbose_name = "consultation"
        ordering = ["-creee_le"]
        constraints = [
            models.CheckConstraint(
                name="consultation_transmise_a_une_echeance",
                condition=Q(transmise_le__isnull=True)
                | Q(echeance__isnull=False, transmise_par__isnull=False, transmise_le__isnull=False),
                violation_error_message="Une consultation transmise a une échéance et une personne signataire.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        """L'adresse publique."""
        return reverse("consultations:consultation", args=[self.slug])


class SaisineQuerySet(models.QuerySet["Saisine"]):
    """Les saisines, lues à un instant. Chaque filtre dit la même chose que la règle pure du même nom (`rules`)."""

    def en_vigueur(self) -> Self:
        """Celles qu'aucune nouvelle transmission n'a remplacées (règle 1)."""
        return self.filter(remplacee_le__isnull=True)

    def ouvertes(self, now: datetime) -> Self:
        """`transmise_le` ≤ now < `borne` : décret n° 2015-1118, règles 1 et 3."""
        return self.filter(transmise_le__lte=now, borne__gt=now)

    def closes(self, now: datetime) -> Self:
        """now ≥ `borne` : à minuit, heure de Paris, du lendemain de l'échéance, le délai est clos."""
        return self.filter(transmise_le__lte=now, borne__lte=now)


class Saisine(models.Model):
    """La transmission du projet à une instance : elle porte le délai (règle 1)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="saisines")
    instance = models.ForeignKey(Instance, models.PROTECT, related_name="saisines")
    version = models.ForeignKey(Version, models.PROTECT, related_name="saisines")
    rang = models.PositiveSmallIntegerField("rang", default=1)
    transmise_le = models.DateTimeField("transmise le")
    echeance = models.DateField("échéance (dernier jour compris)")
    borne = models.DateTimeField("borne exclusive (minuit, heure de Paris, du lendemain)")
    fondement = models.CharField("fondement", max_length=12, choices=Fondement)
    is_sans_objet = models.BooleanField("sans objet", default=False)
    motif_sans_objet = models.CharField("pourquoi sans objet", max_length=300, blank=True)
    remplacee_le = models.DateTimeField("remplacée le", null=True, blank=True)

    objects = SaisineQuerySet.as_manager()

    class Meta:
        verbose_name = "saisine"
        ordering = ["consultation", "instance__type", "instance__nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "instance", "rang"],
                name="saisine_rang_unique",
                violation_error_message="Cette instance a déjà une saisine de ce rang.",
            ),
            models.UniqueConstraint(
                fields=["consultation", "instance"],
                condition=Q(remplacee_le__isnull=True),
                name="saisine_en_vigueur_unique",
                violation_error_message="Cette instance a déjà une saisine en vigueur.",
            ),
            models.CheckConstraint(
                name="saisine_borne_apres_transmission",
                condition=Q(borne__gt=F("transmise_le")),
                violation_error_message="La borne vient après la transmission.",
            ),
            models.CheckConstraint(
                name="saisine_sans_objet_motivee",
                condition=Q(is_sans_objet=False) | ~Q(motif_sans_objet=""),
                violation_error_message="Une saisine sans objet dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instance}, {self.consultation}"

    def get_absolute_url(self) -> str:
        """La fiche de preuve."""
        return reverse("consultations:saisine", args=[self.consultation.slug, self.pk])

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'acte de transmission affirme, sans personne."""
        return {
            "consultation": self.consultation.slug,
            "instance": str(self.instance_id),
            "version": str(self.version_id),
            "rang": self.rang,
            "transmise_le": _utc(self.transmise_le),
            "echeance": self.echeance.isoformat(),
            "borne": _utc(self.borne),
            "fondement": self.fondement,
            "is_sans_objet": self.is_sans_objet,
        }


class PreuveRemise(models.Model):
    """Ce qui prouve que l'instance a reçu le projet (règle 6). Table à ajout seul."""

    class Moyen(models.TextChoices):
        COURRIEL = "COURRIEL", "Courriel accepté par son serveur"
        JAI_RECU = "JAI_RECU", "« J'ai bien reçu »"
        CONNEXION = "CONNEXION", "Connexion d'une personne mandatée"
        RECEPISSE = "RECEPISSE", "Récépissé signé"
        RECOMMANDE = "RECOMMANDE", "Lettre recommandée"
        ACTES = "ACTES", "Transmission @ctes"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    saisine = models.ForeignKey(Saisine, models.PROTECT, related_name="preuves")
    moyen = models.CharField("moyen", max_length=12, choices=Moyen)
    remis_le = models.DateTimeField("remis le")
    inscrite_le = models.DateTimeField("inscrite le")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField("précision", max_length=300, blank=True)
    piece = models.ForeignKey(PieceJointe, models.PROTECT, null=True, blank=True, related_name="+")
    envoi = models.UUIDField("envoi accepté", null=True, blank=True, unique=True)

    class Meta:
        verbose_name = "preuve de remise"
        verbose_name_plural = "preuves de remise"
        ordering = ["remis_le"]

    def __str__(self) -> str:
        return self.get_moyen_display()

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'acte affirme, sans personne."""
        return {
            "saisine": str(self.saisine_id),
            "moyen": self.moyen,
            "remis_le": _utc(self.remis_le),
            "piece": self.piece.empreinte if self.piece else "",
        }


class ProjetAvis(models.Model):
    """Le brouillon d'une instance : lisible par ses mandats en cours et par personne d'autre (règle 21)."""

    saisine = models.OneToOneField(Saisine, models.PROTECT, primary_key=True, related_name="projet")
    v = models.PositiveIntegerField("version du brouillon", default=0)
    sens = models.CharField("sens", max_length=24, choices=Sens.choices, blank=True)
    texte = models.TextField("texte", blank=True)
    date_seance = models.DateField("date de la séance ou de la réunion", null=True, blank=True)
    pour = models.PositiveSmallIntegerField("votes pour", null=True, blank=True)
    contre = models.PositiveSmallIntegerField("votes contre", null=True, blank=True)
    abstention = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    modifie_le = models.DateTimeField("modifié le", null=True, blank=True)
    modifie_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    pieces = models.ManyToManyField(PieceJointe, blank=True, related_name="projets")

    class Meta:
        verbose_name = "projet d'avis"
        verbose_name_plural = "projets d'avis"

    def __str__(self) -> str:
        return f"projet d'avis de {self.saisine.instance}"


class ObservationProjet(models.Model):
    """Une observation du brouillon, sur une section ou sur l'ensemble."""

    projet = models.ForeignKey(ProjetAvis, models.CASCADE, related_name="observations")
    ordre = models.PositiveSmallIntegerField("ordre")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+")
    nature = models.CharField("nature", max_length=12, choices=Nature)
    texte = models.TextField("texte")

    class Meta:
        verbose_name = "observation du projet d'avis"
        verbose_name_plural = "observations du projet d'avis"
        ordering = ["ordre"]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} ({self.section or 'ensemble'})"


class AvisQuerySet(models.QuerySet["Avis"]):
    """Les avis."""

    def en_vigueur(self) -> Self:
        """Ceux qu'aucun autre ne remplace."""
        return self.filter(remplacant__isnull=True)


class Avis(models.Model):
    """Un avis exprimé, ou un silence réputé favorable (règle 5). Table à ajout seul : corriger, c'est un nouvel avis."""

    class Canal(models.TextChoices):
        PLATEFORME = "PLATEFORME", "Plateforme"
        ACCUEIL = "ACCUEIL", "Accueil"
        COURRIER = "COURRIER", "Courrier"
        COURRIEL = "COURRIEL", "Courriel"
        ACTES = "ACTES", "@ctes"
        SILENCE = "SILENCE", "Silence"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    saisine = models.ForeignKey(Saisine, models.PROTECT, related_name="avis")
    remplace = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="remplacant", verbose_name="remplace"
    )
    cle = models.UUIDField("clé d'idempotence", unique=True)
    numero = models.CharField("numéro", max_length=40, unique=True)
    version = models.PositiveSmallIntegerField("version", default=1)
    sens = models.CharField("sens", max_length=24, choices=Sens.choices)
    texte = models.TextField("texte", blank=True)
    date_legale = models.DateField("date de l'avis", help_text="Séance ou dépôt ; silence : l'échéance.")
    recu_le = models.DateTimeField("reçu le", null=True, blank=True)
    inscrit_le = models.DateTimeField("inscrit le")
    canal = models.CharField("canal", max_length=12, choices=Canal)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="déposé par"
    )
    date_seance = models.DateField("date de la séance ou de la réunion", null=True, blank=True)
    pour = models.PositiveSmallIntegerField("votes pour", null=True, blank=True)
    contre = models.PositiveSmallIntegerField("votes contre", null=True, blank=True)
    abstention = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    empreinte = models.CharField("SHA-256 du contenu", max_length=64)

    objects = AvisQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["inscrit_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["saisine"],
                condition=Q(remplace__isnull=True),
                name="avis_premier_unique",
                violation_error_message="Cette instance a déjà un avis ; le nouveau dit lequel il remplace.",
            ),
            models.CheckConstraint(
                name="avis_repute_sans_auteur_ni_texte",
                condition=~Q(sens="REPUTE_FAVORABLE")
                | Q(
                    texte="",
                    depose_par__isnull=True,
                    recu_le__isnull=True,
                    canal="SILENCE",
                    date_seance__isnull=True,
                ),
                violation_error_message="Un silence n'a ni auteur, ni texte, ni réception (règle 5).",
            ),
            models.CheckConstraint(
                name="avis_exprime_a_une_reception",
                condition=Q(sens="REPUTE_FAVORABLE") | (Q(recu_le__isnull=False) & ~Q(canal="SILENCE")),
                violation_error_message="Un avis exprimé porte sa date de réception et son canal.",
            ),
        ]

    def __str__(self) -> str:
        return f"avis {self.numero}"

    def get_absolute_url(self) -> str:
        """L'adresse permanente de l'avis."""
        return reverse("consultations:avis", args=[self.saisine.consultation.slug, self.pk])

    @property
    def is_silence(self) -> bool:
        """Vrai pour un avis réputé favorable : personne n'a parlé."""
        return self.sens == Sens.REPUTE_FAVORABLE

    def contenu_canonique(
        self, observations: Sequence["Observation"] | None = None, pieces: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Tout ce que scelle l'empreinte, sans personne. Avant l'écriture, observations et pièces sont données."""
        if observations is None:
            observations = list(self.observations.select_related("section").order_by("ordre"))
        if pieces is None:
            pieces = list(self.pieces_liees.values_list("piece__empreinte", flat=True))
        dates = {nom: _utc(getattr(self, nom)) for nom in ("date_seance", "recu_le")}
        return {
            "saisine": str(self.saisine_id),
            "version_rapport": str(self.saisine.version_id),
            "remplace": str(self.remplace_id or ""),
            "numero": self.numero,
            "sens": self.sens,
            "texte": self.texte,
            "date_legale": self.date_legale.isoformat(),
            "canal": self.canal,
            "votes": [self.pour, self.contre, self.abstention],
            "observations": [o.contenu_canonique() for o in observations],
            "pieces": sorted(pieces),
        } | dates


class Observation(models.Model):
    """Une observation déposée : elle recevra une suite (règle 17). Table à ajout seul."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    avis = models.ForeignKey(Avis, models.PROTECT, related_name="observations")
    ordre = models.PositiveSmallIntegerField("ordre")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="observations")
    nature = models.CharField("nature", max_length=12, choices=Nature)
    texte = models.TextField("texte")

    class Meta:
        verbose_name = "observation"
        ordering = ["avis", "ordre"]
        constraints = [models.UniqueConstraint(fields=["avis", "ordre"], name="observation_ordre_unique")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} ({self.section or 'ensemble'})"

    def contenu_canonique(self) -> dict[str, Any]:
        """Les valeurs scellées avec l'avis."""
        section = str(self.section.ref) if self.section else ""
        return {"ordre": self.ordre, "section": section, "nature": self.nature, "texte": self.texte}


class PieceAvis(models.Model):
    """Une pièce jointe publiée avec un avis. Table à ajout seul."""

    avis = models.ForeignKey(Avis, models.PROTECT, related_name="pieces_liees")
    piece = models.ForeignKey(PieceJointe, models.PROTECT, related_name="avis_lies")

    class Meta:
        verbose_name = "pièce d'un avis"
        verbose_name_plural = "pièces des avis"
        constraints = [models.UniqueConstraint(fields=["avis", "piece"], name="piece_avis_unique")]

    def __str__(self) -> str:
        return str(self.piece)

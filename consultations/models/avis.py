"""L'avis, ses observations, ses pièces : des tables à ajout seul (règle 10)."""

from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from consultations.etats import ModeAdoption, Nature, Sens
from consultations.models.saisine import Saisine
from consultations.reunion import Reunion, reunion_de
from participation.common.dates import en_utc
from participation.common.reference import uuid7
from participation.pieces.models import PieceJointe
from participation.rapports.models import Section


class AvisQuerySet(models.QuerySet["Avis"]):
    """Les avis."""

    def en_vigueur(self) -> Self:
        """Ceux qu'aucun autre ne remplace."""
        return self.filter(remplacant__isnull=True)


class Avis(models.Model):
    """Un avis exprimé, ou un silence réputé favorable (règle 5). À ajout seul : corriger, c'est un nouvel avis."""

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
    motif_saisie = models.TextField("pourquoi saisi par un agent", blank=True)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="déposé par"
    )
    date_seance = models.DateField("date de la séance ou de la réunion", null=True, blank=True)
    pour = models.PositiveSmallIntegerField("votes pour", null=True, blank=True)
    contre = models.PositiveSmallIntegerField("votes contre", null=True, blank=True)
    abstention = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    mode_adoption = models.CharField("mode d'adoption", max_length=12, choices=ModeAdoption, blank=True)
    habitants_presents = models.BooleanField("collège des habitants présent", default=False)
    associations_presentes = models.BooleanField("collège des associations présent", default=False)
    femmes = models.CharField("femmes", max_length=12, blank=True, help_text="Un nombre, ou « moins de 5 ».")
    hommes = models.CharField("hommes", max_length=12, blank=True)
    moins_25 = models.CharField("moins de 25 ans", max_length=12, blank=True)
    minoritaire = models.TextField("point de vue minoritaire", blank=True)
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

    @property
    def reunion(self) -> Reunion:
        """Ce qui est publié de la réunion."""
        return reunion_de(self)

    def contenu_canonique(
        self,
        observations: Sequence["Observation"] | None = None,
        pieces: Sequence[PieceJointe] | None = None,
        rejointes: Sequence["Observation"] | None = None,
    ) -> dict[str, Any]:
        """Tout ce que scelle l'empreinte, sans personne. Avant l'écriture, observations et pièces sont données."""
        if observations is None:
            observations = list(self.observations.select_related("section").order_by("ordre"))
        if pieces is None:
            pieces = [lien.piece for lien in self.pieces_liees.select_related("piece")]
        seance = self.date_seance.isoformat() if self.date_seance else ""
        saisie = {"motif_saisie": self.motif_saisie} if self.motif_saisie else {}  # un avis déposé n'en a pas
        return {**saisie, **self._de_la_reunion(rejointes)} | {
            "saisine": str(self.saisine_id),
            "version_rapport": str(self.saisine.version_id),
            "remplace": str(self.remplace_id or ""),
            "numero": self.numero,
            "version": self.version,
            "sens": self.sens,
            "texte": self.texte,
            "date_legale": self.date_legale.isoformat(),
            "canal": self.canal,
            "votes": [self.pour, self.contre, self.abstention],
            "observations": [o.contenu_canonique() for o in observations],
            "pieces": [p.contenu_canonique() for p in sorted(pieces, key=lambda p: (p.empreinte, p.nom))],
            "date_seance": seance,
            "recu_le": en_utc(self.recu_le),
            "inscrit_le": en_utc(self.inscrit_le),
        }

    def _de_la_reunion(self, rejointes: Sequence["Observation"] | None) -> dict[str, Any]:
        """Ce qui n'est scellé que s'il est dit : absent, rien ne change à l'empreinte des avis d'avant."""
        if rejointes is None:
            rejointes = [lien.observation for lien in self.ralliements.select_related("observation")]
        noms = ("mode_adoption", "habitants_presents", "associations_presentes", "femmes", "hommes", "moins_25")
        dits = {nom: valeur for nom in (*noms, "minoritaire") if (valeur := getattr(self, nom))}
        liens = {"rejointes": sorted(str(o.pk) for o in rejointes)} if rejointes else {}
        return ({"reunion": dits} if dits else {}) | liens


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Les observations déposées."""

    def comptees(self) -> Self:
        """Annote `nb_ralliements` : les autres instances dont l'avis en vigueur demande la même chose."""
        valent = Q(ralliements__avis__remplacant__isnull=True)
        autres = Count("ralliements__avis__saisine__instance", filter=valent, distinct=True)
        return self.annotate(nb_ralliements=autres).order_by("avis_id", "ordre")  # un compte oublie Meta.ordering


class Observation(models.Model):
    """Une observation déposée : elle recevra une suite (règle 17). Table à ajout seul."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    avis = models.ForeignKey(Avis, models.PROTECT, related_name="observations")
    ordre = models.PositiveSmallIntegerField("ordre")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="observations")
    nature = models.CharField("nature", max_length=12, choices=Nature)
    texte = models.TextField("texte")

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "observation"
        ordering = ["avis", "ordre"]
        constraints = [models.UniqueConstraint(fields=["avis", "ordre"], name="observation_ordre_unique")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} ({self.section or 'ensemble'})"

    @property
    def demandee_par(self) -> int:
        """Combien d'instances demandent la même chose, celle-ci comprise (`comptees` d'abord)."""
        return 1 + int(getattr(self, "nb_ralliements", 0))

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


class Ralliement(models.Model):
    """« Nous demandons la même chose » : un avis rejoint l'observation déposée d'une autre instance. À ajout seul."""

    avis = models.ForeignKey(Avis, models.PROTECT, related_name="ralliements")
    observation = models.ForeignKey(Observation, models.PROTECT, related_name="ralliements")

    class Meta:
        verbose_name = "ralliement"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["avis", "observation"], name="ralliement_unique")]

    def __str__(self) -> str:
        return f"{self.avis} rejoint {self.observation}"

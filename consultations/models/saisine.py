"""La saisine porte le délai (règle 1) ; la preuve de remise, ce qui fait courir le silence (règle 6)."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from consultations import delais
from consultations.etats import Fondement, TypeActe
from consultations.models.consultation import Consultation
from participation.common.dates import en_utc
from participation.common.reference import uuid7
from participation.pieces.models import PieceJointe
from participation.rapports.models import Version
from participation.territoires.models import Instance

NON_INSTALLEE = "Cette instance n'est pas installée."
"""Le seul motif d'une saisine sans objet (règle 6)."""
VISEES_PAR: dict[str, str] = {
    TypeActe.RETRAIT: "saisines",
    TypeActe.ANNULATION: "saisines",
    TypeActe.SANS_OBJET: "saisines",
    TypeActe.DORMANCE: "saisines",
    TypeActe.RETRANSMISSION: "remplacees",
}
"""Où les effets d'un acte nomment les saisines auxquelles il met fin, ou dont il constate l'état."""


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
    echeance_initiale = models.DateField("échéance à la transmission")
    echeance = models.DateField("échéance (dernier jour compris)", help_text="Un report la repousse (règle 9).")
    borne = models.DateTimeField("borne exclusive (minuit, heure de Paris, du lendemain)")
    fondement = models.CharField("fondement", max_length=12, choices=Fondement)
    is_sans_objet = models.BooleanField("sans objet", default=False)
    motif_sans_objet = models.CharField("pourquoi sans objet", max_length=300, blank=True)
    retiree_le = models.DateTimeField(
        "retirée le", null=True, blank=True, help_text="Par retrait, annulation ou constat « sans objet »."
    )
    dormante_le = models.DateTimeField("constatée dormante le", null=True, blank=True)
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

    def delai_acte(self) -> tuple[date, datetime]:
        """L'échéance et la borne que les actes ont fixées : la transmission, puis le dernier report (règle 9)."""
        reports = self.consultation.actes.filter(type=TypeActe.REPORT).order_by("-n").values_list("effets", flat=True)
        vises = (date.fromisoformat(e["echeance"]) for e in reports if str(self.pk) in e["saisines"])
        echeance = next(vises, self.echeance_initiale)
        return echeance, delais.borne(echeance)

    def constats_actes(self) -> dict[str, Any]:
        """Ce que la transmission et les actes signés ont constaté : retrait, remplacement, dormance, sans objet.

        Mêmes noms que les champs. Un constat de dormance suit l'instance d'une transmission à la suivante.
        """
        lus = self.consultation.actes.order_by("n").values_list("type", "effets", "signe_le")
        vus = {t: le for t, effets, le in lus if str(self.pk) in effets.get(VISEES_PAR.get(t, ""), ())}
        fins = [vus[t] for t in (TypeActe.RETRAIT, TypeActe.ANNULATION, TypeActe.SANS_OBJET) if t in vus]
        is_constatee = self.is_sans_objet or TypeActe.SANS_OBJET in vus
        return {
            "retiree_le": min(fins, default=None),
            "remplacee_le": vus.get(TypeActe.RETRANSMISSION),
            "dormante_le": vus.get(TypeActe.DORMANCE) or self._dormance_d_avant(),
            "motif_sans_objet": NON_INSTALLEE if is_constatee else "",
        }

    def _dormance_d_avant(self) -> datetime | None:
        if self.rang == 1 or self.is_sans_objet:
            return None
        ancienne = self.consultation.saisines.filter(instance=self.instance_id, rang=self.rang - 1).first()
        avant: datetime | None = ancienne.constats_actes()["dormante_le"] if ancienne else None
        return avant

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'acte de transmission affirme, sans personne."""
        return {
            "consultation": self.consultation.slug,
            "instance": str(self.instance_id),
            "version": str(self.version_id),
            "rang": self.rang,
            "transmise_le": en_utc(self.transmise_le),
            "echeance": self.echeance_initiale.isoformat(),
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
            "remis_le": en_utc(self.remis_le),
            "piece": self.piece.empreinte if self.piece else "",
        }

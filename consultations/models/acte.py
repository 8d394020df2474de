"""Les actes qui engagent : préparés par un agent, signés par une personne signataire, numérotés (règles 9, 22)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.etats import TypeActe
from consultations.models.consultation import Consultation
from participation.common.dates import en_utc
from participation.common.reference import uuid7


class ActePrepare(models.Model):
    """Un acte en attente de signature. `parametres` : ce que l'acte fera, en valeurs simples."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="actes_prepares")
    type = models.CharField("type", max_length=20, choices=TypeActe)
    parametres = models.JSONField("paramètres", default=dict)
    motif = models.TextField("motif", blank=True)
    fondement = models.CharField("délibération ou décision citée", max_length=200, blank=True)
    prepare_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepare_le = models.DateTimeField("préparé le")
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)

    class Meta:
        verbose_name = "acte préparé"
        verbose_name_plural = "actes préparés"
        ordering = ["prepare_le"]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.consultation}"


class Acte(models.Model):
    """Un acte signé. Table à ajout seul : `effets` dit ce qu'il a changé, `n` le numérote dans sa consultation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    prepare = models.OneToOneField(ActePrepare, models.PROTECT, related_name="acte")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="actes")
    n = models.PositiveSmallIntegerField("numéro")
    type = models.CharField("type", max_length=20, choices=TypeActe)
    effets = models.JSONField("effets", default=dict)
    motif = models.TextField("motif", blank=True)
    fondement = models.CharField("délibération ou décision citée", max_length=200, blank=True)
    signe_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signe_le = models.DateTimeField("signé le")

    class Meta:
        verbose_name = "acte signé"
        verbose_name_plural = "actes signés"
        ordering = ["consultation", "n"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "n"], name="acte_numero_unique"),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(type="PROCES_VERBAL"),
                name="proces_verbal_unique",
                violation_error_message="Le procès-verbal de clôture est déjà signé.",
            ),
        ]

    def __str__(self) -> str:
        return f"acte n° {self.n}, {self.get_type_display().lower()}"

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'acte affirme, sans personne."""
        return {
            "consultation": self.consultation.slug,
            "n": self.n,
            "type": self.type,
            "effets": self.effets,
            "motif": self.motif,
            "fondement": self.fondement,
            "signe_le": en_utc(self.signe_le),
        }

"""Ce qui arrive autrement : contributions tardives, courriers, compléments (règles 11, 15)."""

from typing import Any

from django.conf import settings
from django.db import models

from consultations.etats import Sens, TypeContribution
from consultations.models.avis import Avis
from consultations.models.saisine import Saisine
from participation.common.dates import en_utc
from participation.common.reference import uuid7
from participation.pieces.models import PieceJointe


class Contribution(models.Model):
    """Un texte reçu qui n'est pas un avis : hors délai, ou lettre sans délibération. Gardé, montré, annexé."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    saisine = models.ForeignKey(Saisine, models.PROTECT, related_name="contributions")
    type = models.CharField("type", max_length=10, choices=TypeContribution)
    sens = models.CharField("sens", max_length=24, choices=Sens.choices, blank=True)
    texte = models.TextField("texte", blank=True)
    canal = models.CharField("canal", max_length=12, choices=Avis.Canal)
    recu_le = models.DateTimeField("reçu le")
    inscrit_le = models.DateTimeField("inscrit le")
    motif = models.TextField("précision")
    piece = models.ForeignKey(PieceJointe, models.PROTECT, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "contribution"
        ordering = ["recu_le"]

    def __str__(self) -> str:
        return self.get_type_display()

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'acte affirme, sans personne."""
        return {
            "saisine": str(self.saisine_id),
            "type": self.type,
            "sens": self.sens,
            "texte": self.texte,
            "canal": self.canal,
            "recu_le": en_utc(self.recu_le),
            "inscrit_le": en_utc(self.inscrit_le),
            "motif": self.motif,
            "piece": self.piece.empreinte,
        }


class Complement(models.Model):
    """Numéro, réception en préfecture ou document signé d'une délibération : ni sens, ni texte (règle 15)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    avis = models.ForeignKey(Avis, models.PROTECT, related_name="complements")
    deliberation = models.CharField("numéro de la délibération", max_length=60, blank=True)
    prefecture_le = models.DateField("reçue en préfecture le", null=True, blank=True)
    piece = models.ForeignKey(PieceJointe, models.PROTECT, null=True, blank=True, related_name="+")
    inscrit_le = models.DateTimeField("inscrit le")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "complément d'un avis"
        verbose_name_plural = "compléments des avis"
        ordering = ["inscrit_le"]

    def __str__(self) -> str:
        return self.deliberation or "complément"

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'acte affirme, sans personne."""
        return {
            "avis": str(self.avis_id),
            "deliberation": self.deliberation,
            "prefecture_le": self.prefecture_le.isoformat() if self.prefecture_le else "",
            "piece": self.piece.empreinte if self.piece else "",
        }

"""Les séances annoncées des instances : quand un conseil se réunit, dit par lui, ou par un agent pour lui."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models

from participation.common.dates import debut_de, jour_a_paris
from participation.common.reference import uuid7
from participation.territoires.models import Instance


class SeanceQuerySet(models.QuerySet["Seance"]):
    """Les séances, lues à un instant."""

    def tenues_pour_dites(self) -> Self:
        """Celles que personne n'a retirées."""
        return self.filter(retiree_le=None)

    def a_venir(self, now: datetime) -> Self:
        """Celles d'aujourd'hui et des jours suivants, la plus proche d'abord : le soir même, l'avis peut arriver."""
        return self.tenues_pour_dites().filter(le__gte=debut_de(jour_a_paris(now))).order_by("le", "pk")


class Seance(models.Model):
    """Une réunion annoncée d'une instance. Retirée, elle n'est plus montrée ; une autre la remplace."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    instance = models.ForeignKey(Instance, models.PROTECT, related_name="seances")
    le = models.DateTimeField("jour et heure")
    lieu = models.CharField("lieu", max_length=160, blank=True)
    annoncee_le = models.DateTimeField("annoncée le")
    annoncee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="annoncée par"
    )
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = SeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = ["le"]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "le"],
                condition=models.Q(retiree_le__isnull=True),
                name="seance_unique",
                violation_error_message="Cette réunion est déjà annoncée.",
            )
        ]

    def __str__(self) -> str:
        return f"séance, {self.instance}"

    @property
    def jour(self) -> date:
        """Le jour de la séance, à Paris."""
        return jour_a_paris(self.le)

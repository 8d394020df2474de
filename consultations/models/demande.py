"""« Demander plus de temps » : le bouton de l'instance, que l'agent voit sur son bureau (règle 22)."""

from django.conf import settings
from django.db import models

from consultations.models.saisine import Saisine
from participation.common.reference import uuid7


class DemandeDeTemps(models.Model):
    """Une instance demande un report. Une par échéance : un report accordé permet d'en demander un autre."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    saisine = models.ForeignKey(Saisine, models.PROTECT, related_name="demandes_de_temps")
    echeance_vue = models.DateField("échéance au moment de la demande")
    demandee_le = models.DateTimeField("demandée le")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "demande de temps"
        verbose_name_plural = "demandes de temps"
        ordering = ["demandee_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["saisine", "echeance_vue"],
                name="demande_de_temps_unique",
                violation_error_message="Cette instance a déjà demandé plus de temps.",
            )
        ]

    def __str__(self) -> str:
        return f"demande de temps, {self.saisine}"

    @property
    def phrase(self) -> str:
        """Le motif proposé à l'agent."""
        return f"{self.saisine.instance} demande plus de temps pour répondre."

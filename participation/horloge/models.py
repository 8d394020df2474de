"""Le battement : la dernière fois que l'horloge a tourné, pour `/sante/`."""

from django.db import models


class Battement(models.Model):
    """Le dernier passage d'une action de l'horloge, en heure réelle de la machine."""

    action = models.CharField(max_length=120, primary_key=True)
    dernier_le = models.DateTimeField("dernier passage")
    erreur = models.CharField("dernière erreur", max_length=200, blank=True)

    class Meta:
        verbose_name = "battement"

    def __str__(self) -> str:
        return self.action

"""Un appel passé à une instance muette. Table à ajout seul, sans effet sur le droit : elle n'entre pas au registre."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations.models.saisine import Saisine
from participation.common.reference import uuid7

DUREE_D_UN_APPEL = timedelta(minutes=30)


class Contact(models.Model):
    """Ce qu'un appel a donné. `precedent` : le contact que l'agent avait sous les yeux ; un seul le suit."""

    class Resultat(models.TextChoices):
        EN_COURS = "EN_COURS", "Appel en cours"
        JOINT = "JOINT", "Joint"
        MESSAGE = "MESSAGE", "Message laissé"
        SANS_REPONSE = "SANS_REPONSE", "Pas de réponse"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    saisine = models.ForeignKey(Saisine, models.PROTECT, related_name="contacts")
    resultat = models.CharField("résultat", max_length=12, choices=Resultat)
    note = models.CharField("note", max_length=300, blank=True)
    le = models.DateTimeField("le")
    precedent = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="suivant")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "contact"
        ordering = ["-le", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["saisine"],
                condition=Q(precedent__isnull=True),
                name="contact_premier_unique",
                violation_error_message="Un autre agent vient d'appeler cette instance.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_resultat_display()}, {self.saisine}"

    def is_en_cours(self, now: datetime) -> bool:
        """Vrai si quelqu'un est au téléphone : un appel pris, sans résultat, depuis moins d'une demi-heure."""
        return self.resultat == self.Resultat.EN_COURS and now < self.le + DUREE_D_UN_APPEL

"""Ce que le rapport doit contenir, point par point : rempli avant la transmission, gelé par elle."""

from django.db import models
from django.db.models import Q

from consultations.etats import PointLegal, PresencePoint
from consultations.models.consultation import Consultation
from participation.common.reference import uuid7


class ContenuLegal(models.Model):
    """Un point exigé du rapport, présent ou absent. Une ligne absente : l'agent n'a encore rien dit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="contenus")
    code = models.CharField("point", max_length=20, choices=PointLegal)
    presence = models.CharField("dans le rapport", max_length=8, choices=PresencePoint)
    ancre = models.SlugField("partie où il se trouve", max_length=120, blank=True)
    explication = models.CharField("explication", max_length=300, blank=True)
    renseigne_le = models.DateTimeField("renseigné le")

    class Meta:
        verbose_name = "point du contenu légal"
        verbose_name_plural = "points du contenu légal"
        constraints = [
            models.UniqueConstraint(fields=["consultation", "code"], name="contenu_legal_unique"),
            models.CheckConstraint(
                name="contenu_legal_situe_ou_explique",
                condition=Q(presence="PRESENT") & ~Q(ancre="") | Q(presence="ABSENT") & ~Q(explication=""),
                violation_error_message="Un point présent dit où ; un point absent dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()

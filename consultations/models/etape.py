"""Le circuit avant la transmission, étape par étape : une table à ajout seul (docs/domaine.md §1)."""

from datetime import date as Jour  # noqa: N812 : le champ s'appelle « date »
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from consultations import delais
from consultations.etats import EtapeCircuit
from consultations.models.consultation import Consultation
from participation.common.dates import en_utc
from participation.common.reference import uuid7


class EtapeQuerySet(models.QuerySet["Etape"]):
    """Les étapes inscrites."""

    def en_vigueur(self) -> Self:
        """Celles qu'aucune correction ne remplace."""
        return self.filter(remplacante__isnull=True)


class Etape(models.Model):
    """Une étape datée du circuit. À ajout seul : une erreur se corrige par une nouvelle ligne, qui dit laquelle."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="etapes")
    code = models.CharField("étape", max_length=12, choices=EtapeCircuit)
    remplace = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="remplacante", verbose_name="remplace"
    )
    date = models.DateField("date")
    reference = models.CharField("numéro", max_length=60, blank=True)
    avis = models.CharField("avis de la commission", max_length=300, blank=True)
    sous_prefecture_le = models.DateField("reçue en sous-préfecture le", null=True, blank=True)
    publie_le = models.DateField("publiée le", null=True, blank=True)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    inscrite_le = models.DateTimeField("inscrite le")

    objects = EtapeQuerySet.as_manager()

    class Meta:
        verbose_name = "étape du circuit"
        verbose_name_plural = "étapes du circuit"
        ordering = ["date", "inscrite_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "code"],
                condition=Q(remplace__isnull=True),
                name="etape_premiere_unique",
                violation_error_message="Cette étape est déjà inscrite ; la nouvelle dit laquelle elle remplace.",
            ),
            models.CheckConstraint(
                name="etape_formalites_apres_la_date",
                condition=(Q(sous_prefecture_le__isnull=True) | Q(sous_prefecture_le__gte=models.F("date")))
                & (Q(publie_le__isnull=True) | Q(publie_le__gte=models.F("date"))),
                violation_error_message="La transmission et la publication viennent après la délibération.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()

    @property
    def fin_de_recours(self) -> Jour | None:
        """Le dernier jour pour contester la délibération ; None si elle n'est pas encore exécutoire."""
        return delais.fin_de_recours(self.sous_prefecture_le, self.publie_le)

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'étape affirme, sans personne."""
        return {
            "consultation": str(self.consultation_id),
            "code": self.code,
            "remplace": str(self.remplace_id or ""),
            "date": self.date.isoformat(),
            "reference": self.reference,
            "avis": self.avis,
            "sous_prefecture_le": self.sous_prefecture_le.isoformat() if self.sous_prefecture_le else "",
            "publie_le": self.publie_le.isoformat() if self.publie_le else "",
            "inscrite_le": en_utc(self.inscrite_le),
        }

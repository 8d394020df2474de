"""Un courriel de transmission revenu, et ce qu'un agent en constate (règle 6). Deux tables à ajout seul."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consultations.etats import DecisionRetour, OrigineRetour
from consultations.models.avis import Avis
from consultations.models.saisine import Saisine
from consultations.rules import DELAI_DE_RETOUR
from participation.common.dates import en_utc
from participation.common.reference import uuid7
from participation.pieces.models import PieceJointe


class RetourQuerySet(models.QuerySet["RetourCourriel"]):
    """Les retours. Chaque filtre dit la même chose que la règle pure du même nom (`rules`)."""

    def sous_72_h(self) -> Self:
        """Ceux qui empêchent d'eux-mêmes la preuve (`rules.is_retour_sous_72_h`)."""
        return self.filter(retourne_le__lt=F("accepte_le") + DELAI_DE_RETOUR)

    def defaisants(self) -> Self:
        """Ceux qui ôtent sa valeur à la remise par ce courriel (`rules.is_remise_defaite`)."""
        precoce = Q(retourne_le__lt=F("accepte_le") + DELAI_DE_RETOUR, constat__isnull=True)
        return self.filter(precoce | Q(constat__decision=DecisionRetour.NON_REMISE))


class RetourCourriel(models.Model):
    """Un courriel de transmission accepté, puis revenu. `accepte_le` : l'instant d'où courent les 72 heures."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    saisine = models.ForeignKey(Saisine, models.PROTECT, related_name="retours")
    envoi = models.UUIDField("envoi revenu")
    accepte_le = models.DateTimeField("courriel accepté le")
    retourne_le = models.DateTimeField("revenu le")
    inscrit_le = models.DateTimeField("inscrit le")
    origine = models.CharField("d'où on le sait", max_length=8, choices=OrigineRetour)
    motif = models.CharField("ce que dit le retour", max_length=300)
    piece = models.ForeignKey(PieceJointe, models.PROTECT, null=True, blank=True, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = RetourQuerySet.as_manager()

    class Meta:
        verbose_name = "retour de courriel"
        verbose_name_plural = "retours de courriel"
        ordering = ["retourne_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["envoi", "retourne_le"],
                name="retour_unique",
                violation_error_message="Ce retour est déjà inscrit.",
            ),
            models.CheckConstraint(
                name="retour_apres_l_envoi",
                condition=Q(retourne_le__gte=F("accepte_le")),
                violation_error_message="Un courriel revient après son envoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"courriel revenu, {self.saisine}"

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'acte affirme, sans personne."""
        return {
            "saisine": str(self.saisine_id),
            "envoi": str(self.envoi),
            "accepte_le": en_utc(self.accepte_le),
            "retourne_le": en_utc(self.retourne_le),
            "inscrit_le": en_utc(self.inscrit_le),
            "origine": self.origine,
            "motif": self.motif,
            "piece": self.piece.empreinte if self.piece else "",
        }


class ConstatRetour(models.Model):
    """Ce qu'un agent constate d'un retour, avant le procès-verbal : motivé, inscrit au registre, un par retour.

    `silence` : l'avis réputé favorable déjà inscrit qui ne vaut plus. Il reste au registre, ce constat aussi.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    retour = models.OneToOneField(RetourCourriel, models.PROTECT, related_name="constat")
    decision = models.CharField("décision", max_length=12, choices=DecisionRetour)
    motif = models.CharField("motif", max_length=600)
    silence = models.ForeignKey(Avis, models.PROTECT, null=True, blank=True, related_name="+")
    constate_le = models.DateTimeField("constaté le")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "constat d'un retour"
        verbose_name_plural = "constats des retours"
        ordering = ["constate_le"]

    def __str__(self) -> str:
        return self.get_decision_display()

    def contenu_canonique(self) -> dict[str, Any]:
        """Ce que l'acte affirme, sans personne."""
        return {
            "retour": str(self.retour_id),
            "decision": self.decision,
            "motif": self.motif,
            "silence": self.silence.numero if self.silence else "",
            "constate_le": en_utc(self.constate_le),
        }

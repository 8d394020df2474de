"""Le projet d'avis : lisible par les mandats en cours de l'instance, et par personne d'autre (règle 21)."""

from django.conf import settings
from django.db import models

from consultations.etats import ModeAdoption, Nature, Sens
from consultations.models.avis import Observation
from consultations.models.saisine import Saisine
from participation.pieces.models import PieceJointe
from participation.rapports.models import Section


class ProjetAvis(models.Model):
    """Le brouillon d'une instance : lisible par ses mandats en cours et par personne d'autre (règle 21)."""

    saisine = models.OneToOneField(Saisine, models.PROTECT, primary_key=True, related_name="projet")
    v = models.PositiveIntegerField("version du brouillon", default=0)
    sens = models.CharField("sens", max_length=24, choices=Sens.choices, blank=True)
    texte = models.TextField("texte", blank=True)
    date_seance = models.DateField("date de la séance ou de la réunion", null=True, blank=True)
    pour = models.PositiveSmallIntegerField("votes pour", null=True, blank=True)
    contre = models.PositiveSmallIntegerField("votes contre", null=True, blank=True)
    abstention = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    mode_adoption = models.CharField("mode d'adoption", max_length=12, choices=ModeAdoption, blank=True)
    habitants_presents = models.BooleanField("collège des habitants présent", default=False)
    associations_presentes = models.BooleanField("collège des associations présent", default=False)
    femmes = models.PositiveSmallIntegerField("femmes", null=True, blank=True)
    hommes = models.PositiveSmallIntegerField("hommes", null=True, blank=True)
    moins_25 = models.PositiveSmallIntegerField("moins de 25 ans", null=True, blank=True)
    minoritaire = models.TextField("point de vue minoritaire", blank=True)
    redacteur = models.CharField("rédacteur·rice", max_length=120, blank=True, help_text="Imprimé, jamais publié.")
    rejointes = models.ManyToManyField(Observation, blank=True, related_name="projets")
    propose_le = models.DateTimeField("dépôt proposé le", null=True, blank=True)
    propose_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    propose_marque = models.CharField("ce qui est proposé au dépôt", max_length=64, blank=True)
    modifie_le = models.DateTimeField("modifié le", null=True, blank=True)
    modifie_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    pieces = models.ManyToManyField(PieceJointe, blank=True, related_name="projets")

    class Meta:
        verbose_name = "projet d'avis"
        verbose_name_plural = "projets d'avis"

    def __str__(self) -> str:
        return f"projet d'avis de {self.saisine.instance}"


class ObservationProjet(models.Model):
    """Une observation du brouillon, sur une section ou sur l'ensemble."""

    projet = models.ForeignKey(ProjetAvis, models.CASCADE, related_name="observations")
    ordre = models.PositiveSmallIntegerField("ordre")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+")
    nature = models.CharField("nature", max_length=12, choices=Nature)
    texte = models.TextField("texte")

    class Meta:
        verbose_name = "observation du projet d'avis"
        verbose_name_plural = "observations du projet d'avis"
        ordering = ["ordre"]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} ({self.section or 'ensemble'})"

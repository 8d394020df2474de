"""La consultation et ce qui gèle à sa transmission (règle 9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from consultations.etats import Visibilite
from participation.common.reference import uuid7
from participation.rapports.models import Version
from participation.territoires.models import Instance


class Consultation(models.Model):
    """La consultation des instances sur une version figée du rapport. Elle gèle à la transmission (règle 9)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    titre = models.CharField("titre", max_length=200)
    version = models.ForeignKey(Version, models.PROTECT, related_name="consultations")
    arrete_le = models.DateField("arrêté le", null=True, blank=True)
    deliberation = models.CharField("numéro de la délibération", max_length=60, blank=True)
    publie_le = models.DateField("publié et reçu en sous-préfecture le", null=True, blank=True)
    echeance = models.DateField("échéance commune (dernier jour compris)", null=True, blank=True)
    transmise_le = models.DateTimeField("transmise le", null=True, blank=True)
    transmise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="signée par"
    )
    visibilite_projet = models.CharField(
        "qui lit le projet", max_length=12, choices=Visibilite.Projet, default=Visibilite.Projet.PUBLIC
    )
    visibilite_avis = models.CharField(
        "quand les avis se lisent", max_length=12, choices=Visibilite.Avis, default=Visibilite.Avis.AU_DEPOT
    )
    peut_changer = models.CharField("ce qui peut encore changer", max_length=300, blank=True)
    ne_changera_pas = models.CharField("ce qui ne changera pas", max_length=300, blank=True)
    qui_decide = models.CharField("qui décide, et quand", max_length=300, blank=True)
    approuve_le = models.DateField("approuvé le", null=True, blank=True)
    is_demonstration = models.BooleanField("démonstration : avis inventés", default=False)
    instances = models.ManyToManyField(Instance, blank=True, related_name="+", verbose_name="instances à saisir")
    creee_le = models.DateTimeField("créée le")
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="préparée par"
    )

    class Meta:
        verbose_name = "consultation"
        ordering = ["-creee_le"]
        constraints = [
            models.CheckConstraint(
                name="consultation_transmise_a_une_echeance",
                condition=Q(transmise_le__isnull=True)
                | Q(echeance__isnull=False, transmise_par__isnull=False, transmise_le__isnull=False),
                violation_error_message="Une consultation transmise a une échéance et une personne signataire.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        """L'adresse publique."""
        return reverse("consultations:consultation", args=[self.slug])

    @property
    def cadre(self) -> list[tuple[str, str]]:
        """Ce qui peut changer, ce qui ne changera pas, qui décide : (libellé, texte). Un vide ne se montre pas."""
        lignes = (
            ("Ce qui peut encore changer", self.peut_changer),
            ("Ce qui ne changera pas", self.ne_changera_pas),
            ("Qui décide, et quand", self.qui_decide),
        )
        return [(libelle, texte) for libelle, texte in lignes if texte]

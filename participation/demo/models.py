"""Ce que la démonstration retient : les actes déjà joués, et le compte de chaque rôle."""

from django.conf import settings
from django.db import models


class ActeJoue(models.Model):
    """Un acte daté de la démonstration, joué une fois : son nom est sa clé, même à deux processus.

    `refus` : la phrase de la règle qui l'a refusé, si une personne l'a devancé ou empêché. Vide : il a eu lieu.
    """

    nom = models.CharField("nom", max_length=80, primary_key=True)
    instant = models.DateTimeField("instant de l'acte (heure du site)")
    joue_le = models.DateTimeField("joué le (heure du site)")
    refus = models.CharField("refus reçu", max_length=300, blank=True)

    class Meta:
        verbose_name = "acte joué de la démonstration"
        verbose_name_plural = "actes joués de la démonstration"
        ordering = ["instant", "nom"]

    def __str__(self) -> str:
        return self.nom


class Personnage(models.Model):
    """Le compte qui tient un rôle de la démonstration. Aucune personne réelle."""

    role = models.CharField("rôle", max_length=20, primary_key=True)
    utilisateur = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "personnage de la démonstration"
        verbose_name_plural = "personnages de la démonstration"
        ordering = ["role"]

    def __str__(self) -> str:
        return self.role

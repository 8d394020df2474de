"""Le registre : à ajout seul, chaîné par empreintes, sans donnée personnelle en clair (R7)."""

from django.db import models


class Entree(models.Model):
    """Un acte légal inscrit. Une entrée ne change pas et ne s'efface pas : la base elle-même le refuse."""

    n = models.BigIntegerField("numéro", primary_key=True)
    instant = models.DateTimeField("instant de l'acte")
    inscrit_le = models.DateTimeField("instant de l'inscription")
    acte = models.CharField("acte", max_length=40)
    objet = models.CharField("étiquette de l'objet", max_length=60)
    objet_id = models.UUIDField("identifiant de l'objet")
    dossier = models.UUIDField("consultation concernée", null=True, db_index=True)
    contenu = models.CharField("empreinte salée du contenu", max_length=64)
    precedent = models.CharField("empreinte précédente", max_length=64)
    empreinte = models.CharField("empreinte", max_length=64, unique=True)

    class Meta:
        verbose_name = "entrée du registre"
        verbose_name_plural = "entrées du registre"
        ordering = ["n"]

    def __str__(self) -> str:
        return f"n° {self.n}, {self.acte}"


class Sel(models.Model):
    """Le sel d'une empreinte de contenu. L'effacer rend le contenu indevinable sans casser la chaîne."""

    entree = models.OneToOneField(Entree, models.PROTECT, primary_key=True, related_name="sel")
    valeur = models.CharField("sel", max_length=32)

    class Meta:
        verbose_name = "sel d'une entrée"
        verbose_name_plural = "sels des entrées"

    def __str__(self) -> str:
        return f"sel de {self.entree_id}"

"""Les pièces jointes : type vérifié, taille bornée avant d'écrire, empreinte gardée (S11)."""

from typing import Any

from django.conf import settings
from django.db import models

from participation.common.reference import uuid7


class PieceJointe(models.Model):
    """Un fichier déposé. Son droit de lecture est celui de l'objet qui le cite ; il est servi en téléchargement."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fichier = models.FileField("fichier", upload_to="pieces/")
    nom = models.CharField("nom d'origine", max_length=160)
    type_mime = models.CharField("type vérifié", max_length=120)
    taille = models.PositiveIntegerField("taille (octets)")
    empreinte = models.CharField("SHA-256", max_length=64)
    ajoutee_le = models.DateTimeField("ajoutée le")
    ajoutee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="ajoutée par"
    )

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"

    def __str__(self) -> str:
        return self.nom

    def contenu_canonique(self) -> dict[str, Any]:
        """Les valeurs qu'un acte scelle quand il cite cette pièce ; ses octets y sont par leur SHA-256."""
        return {"nom": self.nom, "type": self.type_mime, "taille": self.taille, "sha256": self.empreinte}

"""Le rapport annuel : ses versions, leurs sections, leurs images. Une version figée ne change plus (règle 8)."""

import hashlib
import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from participation.common.reference import uuid7


class Rapport(models.Model):
    """Le rapport d'une année sur la mise en œuvre de la politique de la ville (CGCT L. 1111-2)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    annee = models.PositiveSmallIntegerField("année")
    titre = models.CharField("titre", max_length=250)
    is_fictif = models.BooleanField("inventé pour la démonstration", default=False)

    class Meta:
        verbose_name = "rapport"
        ordering = ["-annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["annee", "is_fictif"],
                name="rapport_annee_unique",
                violation_error_message="Cette année a déjà un rapport : importez une nouvelle version.",
            )
        ]

    def __str__(self) -> str:
        return self.titre


class Version(models.Model):
    """Un état du rapport. `figee_le` posé, la base refuse toute écriture sur elle, ses sections et ses images."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rapport = models.ForeignKey(Rapport, models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("numéro")
    libelle = models.CharField("libellé", max_length=160, blank=True)
    titre = models.CharField("titre", max_length=250, blank=True)
    preambule = models.TextField("préambule (Markdown)", blank=True)
    source = models.CharField("fichier importé", max_length=160, blank=True)
    lecture = models.JSONField("ce que l'import a compris et écarté", default=dict, blank=True)
    v = models.PositiveIntegerField("compteur de corrections", default=0)
    creee_le = models.DateTimeField("créée le")
    figee_le = models.DateTimeField("figée le", null=True, blank=True)
    empreinte = models.CharField("SHA-256 du contenu figé", max_length=64, blank=True)

    class Meta:
        verbose_name = "version du rapport"
        verbose_name_plural = "versions du rapport"
        ordering = ["rapport", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["rapport", "numero"], name="version_numero_unique"),
            models.CheckConstraint(
                name="version_figee_a_une_empreinte",
                condition=Q(figee_le__isnull=True, empreinte="") | (Q(figee_le__isnull=False) & ~Q(empreinte="")),
                violation_error_message="Une version figée porte son empreinte, et seulement elle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titre_lu}, version {self.numero}"

    @property
    def titre_lu(self) -> str:
        """Le titre de cette version, sinon celui du rapport."""
        return self.titre or self.rapport.titre

    @property
    def is_figee(self) -> bool:
        """Vrai quand le texte ne peut plus changer."""
        return self.figee_le is not None

    def contenu_canonique(self) -> dict[str, Any]:
        """Tout ce que fige l'empreinte : titre, préambule, sections et images dans l'ordre, en valeurs simples."""
        return {
            "rapport": {"annee": self.rapport.annee, "titre": self.titre_lu, "preambule": self.preambule},
            "numero": self.numero,
            "sections": [s.contenu_canonique() for s in self.sections.order_by("ordre")],
            "images": [i.contenu_canonique() for i in self.images.order_by("nom")],
        }


class Section(models.Model):
    """Une partie du rapport : un titre et le texte qui le suit. `ref` reste le même d'une version à l'autre."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ref = models.UUIDField("identité stable", default=uuid.uuid4, db_index=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="sections")
    ordre = models.PositiveSmallIntegerField("ordre")
    niveau = models.PositiveSmallIntegerField("niveau", help_text="1 à 6, comme le titre.")
    numero = models.CharField("numéro", max_length=20, blank=True)
    titre = models.CharField("titre", max_length=250)
    ancre = models.SlugField("ancre", max_length=120)
    texte = models.TextField("texte (Markdown)", blank=True)
    en_clair = models.TextField("en clair", blank=True, help_text="La même chose en mots simples.")
    v = models.PositiveIntegerField("compteur de corrections", default=0)
    empreinte = models.CharField("SHA-256 de la section figée", max_length=64, blank=True)

    class Meta:
        verbose_name = "section du rapport"
        verbose_name_plural = "sections du rapport"
        ordering = ["version", "ordre"]
        constraints = [
            models.UniqueConstraint(fields=["version", "ancre"], name="section_ancre_unique"),
            models.UniqueConstraint(fields=["version", "ordre"], name="section_ordre_unique"),
            models.UniqueConstraint(fields=["version", "ref"], name="section_ref_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.numero} {self.titre}".strip()

    def contenu_canonique(self) -> dict[str, Any]:
        """Les valeurs que fige l'empreinte de la version."""
        champs = ("niveau", "numero", "titre", "ancre", "texte", "en_clair")
        return {"ref": str(self.ref)} | {champ: getattr(self, champ) for champ in champs}


class Image(models.Model):
    """Une image du rapport, vérifiée et redessinée à l'import. Le texte la cite par son nom : `![](image:nom)`.

    Ses octets vivent en base : sauvegardés, comparés et protégés comme le texte.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="images")
    nom = models.SlugField("nom", max_length=40)
    type_mime = models.CharField("type vérifié", max_length=20)
    octets = models.BinaryField("octets")
    largeur = models.PositiveSmallIntegerField("largeur (pixels)")
    hauteur = models.PositiveSmallIntegerField("hauteur (pixels)")
    alt = models.CharField("description", max_length=300, blank=True)

    class Meta:
        verbose_name = "image du rapport"
        verbose_name_plural = "images du rapport"
        ordering = ["version", "nom"]
        constraints = [models.UniqueConstraint(fields=["version", "nom"], name="image_nom_unique")]

    def __str__(self) -> str:
        return self.alt or self.nom

    def contenu_canonique(self) -> dict[str, Any]:
        """Les valeurs que fige l'empreinte de la version ; les octets y sont par leur SHA-256, relu chaque fois."""
        return {
            "nom": self.nom,
            "type": self.type_mime,
            "sha256": hashlib.sha256(bytes(self.octets)).hexdigest(),
            "alt": self.alt,
        }

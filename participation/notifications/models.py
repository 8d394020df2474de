"""La boîte d'envoi : une ligne par (personne, événement, occurrence, canal). La boîte est la file."""

from django.conf import settings
from django.db import models

from participation.common.reference import uuid7


class Envoi(models.Model):
    """Un courriel à envoyer ou envoyé, écrit dans la transaction de l'acte qui le décide."""

    class Etat(models.TextChoices):
        A_ENVOYER = "a_envoyer", "À envoyer"
        PRIS = "pris", "En cours"
        ENVOYE = "envoye", "Accepté par le serveur de courriel"
        ECHEC = "echec", "Échec définitif"

    class Canal(models.TextChoices):
        COURRIEL = "courriel", "Courriel"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    destinataire = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    adresse = models.EmailField("adresse")
    evenement = models.CharField("événement", max_length=40)
    occurrence = models.CharField("occurrence", max_length=80)
    canal = models.CharField("canal", max_length=10, choices=Canal, default=Canal.COURRIEL)
    sujet = models.CharField("sujet", max_length=200)
    texte = models.TextField("texte")
    objet = models.CharField("étiquette de l'objet", max_length=60, blank=True)
    objet_id = models.UUIDField("identifiant de l'objet", null=True, blank=True, db_index=True)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.A_ENVOYER)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    cree_le = models.DateTimeField("créé le")
    a_envoyer_le = models.DateTimeField("à envoyer à partir de")
    pris_le = models.DateTimeField("pris le", null=True, blank=True)
    envoye_le = models.DateTimeField("accepté le", null=True, blank=True)
    derniere_erreur = models.CharField("dernière erreur", max_length=200, blank=True)

    class Meta:
        verbose_name = "envoi"
        ordering = ["a_envoyer_le", "id"]
        indexes = [models.Index(fields=["etat", "a_envoyer_le"], name="envoi_a_prendre")]
        constraints = [
            models.UniqueConstraint(
                fields=["adresse", "evenement", "occurrence", "canal"],
                name="envoi_une_fois",
                violation_error_message="Ce message est déjà dans la boîte d'envoi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evenement}, {self.get_etat_display()}"


class MessageEnvoye(models.Model):
    """Le message tel qu'il est parti, en-têtes compris, et la réponse du serveur de courriel. Table à ajout seul.

    `Envoi` dit ce que l'on voulait envoyer ; cette ligne prouve ce qui l'a été (règle 6).
    """

    envoi = models.OneToOneField(Envoi, models.PROTECT, primary_key=True, related_name="message")
    octets = models.BinaryField("octets du message")
    empreinte = models.CharField("SHA-256 des octets", max_length=64)
    reponse = models.CharField("réponse du serveur", max_length=300, blank=True)
    parti_le = models.DateTimeField("accepté le")

    class Meta:
        verbose_name = "message envoyé"
        verbose_name_plural = "messages envoyés"
        ordering = ["parti_le"]

    def __str__(self) -> str:
        return f"message {self.envoi_id}"

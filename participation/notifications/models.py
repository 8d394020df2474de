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
        PERIME = "perime", "Devenu inutile, pas envoyé"

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
    expire_le = models.DateTimeField(
        "inutile à partir de", null=True, blank=True, help_text="Un rappel que le suivant remplace ; nul : jamais."
    )
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


class Niveau(models.TextChoices):
    """Ce qu'une personne veut recevoir. Les avis légaux arrivent toujours."""

    TOUT = "TOUT", "Tout : chaque rappel, à son jour"
    RESUME = "RESUME", "Un résumé : un courriel par semaine au plus"
    ESSENTIEL = "ESSENTIEL", "L’essentiel : aucun rappel"


class ReglageMessages(models.Model):
    """Ce qu'une personne, ou la boîte d'une instance sans compte, a choisi. Sans ligne : tout."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    personne = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="reglage_messages"
    )
    adresse = models.EmailField("boîte sans compte", unique=True, null=True, blank=True)
    niveau = models.CharField("niveau", max_length=10, choices=Niveau)
    change_le = models.DateTimeField("changé le")

    class Meta:
        verbose_name = "réglage des messages"
        verbose_name_plural = "réglages des messages"
        constraints = [
            models.CheckConstraint(
                name="reglage_d_une_personne_ou_d_une_boite",
                condition=models.Q(personne__isnull=False, adresse__isnull=True)
                | models.Q(personne__isnull=True, adresse__isnull=False),
                violation_error_message="Un réglage est celui d'une personne ou d'une boîte, pas des deux.",
            )
        ]

    def __str__(self) -> str:
        return self.get_niveau_display()


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

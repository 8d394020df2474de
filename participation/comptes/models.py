"""Les personnes : un compte n'a qu'un nom d'usage, un quartier et, s'il le veut, un courriel (domaine.md §6)."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from participation.common.dates import jour_a_paris
from participation.common.reference import uuid7
from participation.pieces.models import PieceJointe
from participation.territoires.models import Instance, Quartier

ADMINISTREES = {"comptes", "territoires"}


class Groupe(models.TextChoices):
    """Les quatre groupes d'agents ; leur nom est celui du Group de Django."""

    AGENT = "agent", "Agent·e"
    SIGNATAIRE = "signataire", "Signataire"
    ANIMATION = "animation", "Animation"
    ADMIN = "admin", "Administration"


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    """Crée des comptes sans mot de passe : on entre par code reçu, par clé d'accès ou par appareil gardé."""

    def create_user(self, email: str | None = None, password: str | None = None, **champs: Any) -> "Utilisateur":
        """Crée un compte. `email` est facultatif et mis en minuscules."""
        compte = self.model(email=email.strip().lower() if email else None, **champs)
        compte.set_unusable_password()
        compte.save(using=self._db)
        return compte

    def create_superuser(self, email: str, password: str | None = None, **champs: Any) -> "Utilisateur":
        """Crée un compte qui a tous les droits techniques ; aucun droit légal n'en découle."""
        return self.create_user(email, None, is_staff=True, is_superuser=True, **champs)


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    """Une personne : nom d'usage, quartier, courriel facultatif. Ni adresse, ni naissance, ni origine, ni parti."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    nom_usage = models.CharField("nom d'usage", max_length=80, blank=True)
    email = models.EmailField("courriel", unique=True, null=True, blank=True, default=None)
    quartier = models.ForeignKey(Quartier, models.SET_NULL, null=True, blank=True, related_name="+")
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("entre dans /admin/", default=False)
    inscrit_le = models.DateTimeField("inscrit le", auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UtilisateurManager] = UtilisateurManager()

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="compte_courriel_unique", violation_error_message="Ce courriel a déjà un compte."
            )
        ]

    def __str__(self) -> str:
        return self.nom_usage or "Personne sans nom d'usage"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Le groupe « admin » tient les comptes et le territoire dans /admin/ ; aucun acte légal n'en dépend."""
        return super().has_perm(perm, obj) or self.has_module_perms(perm.partition(".")[0])

    def has_module_perms(self, app_label: str) -> bool:
        """Vrai pour les deux applications que le groupe « admin » administre."""
        is_administree = app_label in ADMINISTREES and self.is_du_groupe(Groupe.ADMIN)
        return is_administree or super().has_module_perms(app_label)

    def is_du_groupe(self, groupe: Groupe) -> bool:
        """Vrai si le compte est dans ce groupe (lu une fois par requête)."""
        if not hasattr(self, "_groupes"):
            self._groupes = set(self.groups.values_list("name", flat=True)) if self.is_active else set()
        return str(groupe) in self._groupes


class MandatQuerySet(models.QuerySet["Mandat"]):
    """Les mandats, lus à un instant."""

    def non_finis(self, now: datetime) -> Self:
        """En cours, ou qui commencera : sans fin, ou fin après `now`."""
        return self.filter(Q(au__isnull=True) | Q(au__gt=now))

    def en_cours(self, now: datetime) -> Self:
        """`du` ≤ now < `au` (ou sans fin)."""
        return self.non_finis(now).filter(du__lte=now)


class Mandat(models.Model):
    """Le droit daté d'une personne dans une instance (règle 16). Sa fin coupe le droit aussitôt."""

    class Role(models.TextChoices):
        PRESIDENCE = "PRESIDENCE", "Présidence"
        MEMBRE = "MEMBRE", "Membre"
        SUPPLEANCE = "SUPPLEANCE", "Suppléance"
        SECRETARIAT = "SECRETARIAT", "Secrétariat habilité"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="mandats")
    instance = models.ForeignKey(Instance, models.PROTECT, related_name="mandats")
    role = models.CharField("rôle", max_length=12, choices=Role)
    du = models.DateTimeField("du")
    au = models.DateTimeField("au", null=True, blank=True)
    nom = models.CharField("nom dit à la nomination", max_length=80, blank=True)
    college = models.CharField("collège", max_length=60, blank=True)
    designation = models.CharField("mode de désignation", max_length=60, blank=True)
    piece = models.ForeignKey(
        PieceJointe, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ligne signée du maire"
    )
    nomme_par = models.ForeignKey(Utilisateur, models.SET_NULL, null=True, blank=True, related_name="+")
    fini_par = models.ForeignKey(Utilisateur, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = MandatQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        constraints = [
            models.CheckConstraint(
                name="mandat_finit_apres_son_debut",
                condition=Q(au__isnull=True) | Q(au__gt=F("du")),
                violation_error_message="Un mandat finit après son début.",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "instance", "role"],
                condition=Q(au__isnull=True),
                name="mandat_sans_fin_unique",
                violation_error_message="Cette personne a déjà ce mandat.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.instance}"

    @property
    def nom_lu(self) -> str:
        """Le nom sous lequel cette instance connaît la personne, sinon son nom d'usage."""
        return self.nom or str(self.utilisateur)

    @property
    def dernier_jour(self) -> date | None:
        """Le dernier jour, compris, à Paris ; None sans fin."""
        return jour_a_paris(self.au - timedelta(microseconds=1)) if self.au else None

    def is_en_cours(self, now: datetime) -> bool:
        """La même règle que le filtre `en_cours`."""
        return self.du <= now and (self.au is None or now < self.au)

    def clean(self) -> None:
        """Une personne n'a pas deux fois le même rôle en même temps dans la même instance."""
        if self.role == self.Role.SECRETARIAT and self._state.adding and self.piece_id is None:
            raise ValidationError("Le secrétariat se nomme au bureau, avec la ligne signée du maire.")
        if not (self.du and self.utilisateur_id and self.instance_id):
            return
        memes = Mandat.objects.filter(utilisateur_id=self.utilisateur_id, instance_id=self.instance_id, role=self.role)
        if memes.en_cours(self.du).exclude(pk=self.pk).exists():
            raise ValidationError("Cette personne a déjà ce mandat.")


class CodeRemis(models.Model):
    """Un code remis en main propre, imprimé sur une lettre ou dicté par un agent. Il ouvre un mandat, une seule fois.

    Le code n'est gardé qu'en empreinte (HMAC, secret du site). La ligne reste : elle dit qui l'a donné, quand, pour
    qui. Les heures sont réelles, comme celles des sessions.
    """

    class Moyen(models.TextChoices):
        LETTRE = "LETTRE", "Lettre imprimée"
        DICTE = "DICTE", "Code de secours, dicté"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mandat = models.ForeignKey(Mandat, models.CASCADE, related_name="codes")
    moyen = models.CharField("moyen", max_length=6, choices=Moyen)
    empreinte = models.CharField("empreinte du code", max_length=64, unique=True)
    emis_le = models.DateTimeField("donné le (heure réelle)")
    expire_le = models.DateTimeField("expire le (heure réelle)")
    emis_par = models.ForeignKey(Utilisateur, models.SET_NULL, null=True, related_name="+", verbose_name="donné par")
    reclame_le = models.DateTimeField("utilisé le (heure réelle)", null=True, blank=True)
    is_annule = models.BooleanField("annulé", default=False)

    class Meta:
        verbose_name = "code remis"
        verbose_name_plural = "codes remis"
        ordering = ["-emis_le"]
        constraints = [
            models.CheckConstraint(
                name="code_remis_expire_apres",
                condition=Q(expire_le__gt=F("emis_le")),
                violation_error_message="Un code expire après avoir été donné.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_moyen_display()}, {self.mandat}"

    def is_utilisable(self, reel: datetime) -> bool:
        """Ni utilisé, ni annulé, ni périmé à `reel`."""
        return self.reclame_le is None and not self.is_annule and reel < self.expire_le


class Referent(models.Model):
    """La personne référente d'un quartier ou d'une instance. Incomplète, elle n'est pas affichée au public."""

    class Genre(models.TextChoices):
        REFERENT = "REFERENT", "Personne référente"
        AMBASSADE = "AMBASSADE", "Ambassade de quartier"

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="referent_de", null=True, blank=True)
    genre = models.CharField("genre", max_length=10, choices=Genre, default=Genre.REFERENT)
    quartier = models.ForeignKey(Quartier, models.CASCADE, null=True, blank=True, related_name="referents")
    instance = models.ForeignKey(Instance, models.CASCADE, null=True, blank=True, related_name="referents")
    prenom = models.CharField("prénom", max_length=80, blank=True)
    service = models.CharField("service", max_length=120, blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    horaires = models.CharField("horaires", max_length=120, blank=True)
    remplacement = models.CharField("en cas d'absence", max_length=120, blank=True)

    class Meta:
        verbose_name = "personne référente"
        verbose_name_plural = "personnes référentes"
        constraints = [
            models.CheckConstraint(
                name="referent_d_un_lieu",
                condition=Q(quartier__isnull=False) | Q(instance__isnull=False),
                violation_error_message="Une personne référente l'est d'un quartier ou d'une instance.",
            )
        ]

    def __str__(self) -> str:
        return self.prenom or "Prénom à compléter"

    @property
    def is_complete(self) -> bool:
        """Vrai quand le public peut la joindre : prénom, service et téléphone sont connus."""
        return bool(self.prenom and self.service and self.telephone)


class EssaisDeCode(models.Model):
    """Le compteur d'un code en cours : trois essais, même envoyés en parallèle, trois envois, un seul usage (S9)."""

    cle = models.CharField("empreinte du flux", max_length=64, primary_key=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    envois = models.PositiveSmallIntegerField("envois", default=1)
    is_utilise = models.BooleanField("déjà utilisé", default=False)
    expire_le = models.DateTimeField("expire le (heure réelle)", db_index=True)

    class Meta:
        verbose_name = "essais d'un code"
        verbose_name_plural = "essais des codes"

    def __str__(self) -> str:
        return f"essais : {self.essais}, envois : {self.envois}"

"""Le territoire : l'agglomération, ses communes, ses quartiers, ses instances, son contrat de ville.

Rien n'y est inventé : un fait inconnu est nul. Ce qui est fabriqué pour la démonstration porte `is_fictif`.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from participation.common.reference import uuid7
from participation.territoires import rules
from participation.territoires.validateurs import valider_logo


class Conformite(models.TextChoices):
    """Le niveau d'accessibilité déclaré (RGAA 4.1) : non conforme tant qu'aucun audit ne dit autre chose."""

    NON = "NON", "non conforme"
    PARTIELLE = "PARTIELLE", "partiellement conforme"
    TOTALE = "TOTALE", "totalement conforme"


class Decor(models.TextChoices):
    """Le dessin de l'accueil : celui d'un paysage, ou aucun. Un paysage ne se prête pas à une autre agglomération."""

    AUCUN = "aucun", "aucun"
    CORON = "coron", "rangée de maisons de briques"


class Epci(models.Model):
    """L'agglomération qui tient la plateforme, son identité et son vocabulaire : une seule ligne."""

    nom = models.CharField("nom", max_length=200)
    nom_court = models.CharField("nom court", max_length=80, help_text="Affiché sous le nom de la plateforme.")
    sigle = models.CharField("sigle", max_length=20, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    siege = models.CharField("siège", max_length=120, blank=True)
    tribunal_administratif = models.CharField("tribunal administratif", max_length=120, blank=True)
    nom_plateforme = models.CharField("nom de la plateforme", max_length=80, default="Voix des quartiers")
    presentation = models.CharField("phrase du pied de page", max_length=300, blank=True)
    logo = models.FileField("logo (SVG ou PNG)", upload_to="identite/", blank=True, validators=[valider_logo])
    courriel_contact = models.EmailField("courriel de contact", blank=True)
    telephone_contact = models.CharField("téléphone de contact", max_length=30, blank=True)
    adresse_contact = models.CharField("adresse postale", max_length=300, blank=True)
    service = models.CharField("service qui reçoit les avis", max_length=160, blank=True)
    courriel_dpo = models.EmailField("courriel du délégué à la protection des données", blank=True)
    couleur_action = models.CharField("couleur d'action", max_length=7, default="#a02f1a")
    couleur_fond_fort = models.CharField("couleur des blocs forts", max_length=7, default="#1e2a35")
    couleur_accent = models.CharField("couleur d'accent", max_length=7, default="#f7bd2b")
    decor = models.CharField("dessin de l'accueil", max_length=12, choices=Decor, default=Decor.AUCUN)
    vocabulaire = models.JSONField("vocabulaire", default=dict, blank=True)
    nb_quartiers = models.PositiveIntegerField("nombre de quartiers", null=True, blank=True)
    nb_qpv = models.PositiveIntegerField("nombre de QPV", null=True, blank=True)
    nb_qic = models.PositiveIntegerField("nombre de QIC", null=True, blank=True)
    nb_communes = models.PositiveIntegerField("communes concernées", null=True, blank=True)
    source_chiffres = models.TextField("source des chiffres", blank=True)
    reperes = models.JSONField("repères locaux", default=list, blank=True, help_text="Des phrases courtes et sourcées.")
    horaires_contact = models.CharField("horaires", max_length=160, blank=True)
    directeur_publication = models.CharField("direction de la publication", max_length=160, blank=True)
    hebergeur = models.CharField("hébergeur (nom, adresse, téléphone)", max_length=300, blank=True)
    conformite = models.CharField("accessibilité", max_length=12, choices=Conformite, default=Conformite.NON)
    audit_le = models.DateField("date de l'audit d'accessibilité", null=True, blank=True)
    audit_par = models.CharField("organisme de l'audit", max_length=160, blank=True)
    schema_accessibilite = models.URLField("adresse du schéma pluriannuel d'accessibilité", blank=True)
    importe_le = models.DateTimeField("territoire importé le", null=True, blank=True)
    source = models.TextField("source", blank=True)

    class Meta:
        verbose_name = "agglomération"
        verbose_name_plural = "agglomérations"
        constraints = [
            models.CheckConstraint(
                name="epci_conforme_apres_audit",
                condition=Q(conformite="NON") | Q(audit_le__isnull=False),
                violation_error_message="Une conformité d'accessibilité ne se dit qu'après un audit daté.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def mots(self) -> dict[str, str]:
        """Le vocabulaire à employer dans les pages."""
        return rules.mots(self.vocabulaire)

    def clean(self) -> None:
        """Refuse une couleur mal écrite, un mot inconnu, un repère qui n'est pas une phrase."""
        couleurs = ("couleur_action", "couleur_fond_fort", "couleur_accent")
        fautes: dict[str, str | list[str]] = {}
        fautes.update(rules.fautes_de_couleurs({champ: getattr(self, champ) for champ in couleurs}))
        if vocabulaire := rules.fautes_de_vocabulaire(self.vocabulaire):
            fautes["vocabulaire"] = vocabulaire
        if not (isinstance(self.reperes, list) and all(isinstance(r, str) for r in self.reperes)):
            fautes["reperes"] = "Les repères sont une liste de phrases."
        if fautes:
            raise ValidationError(fautes)


class Commune(models.Model):
    """Une commune de l'agglomération."""

    nom = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse", max_length=140, unique=True)
    code_insee = models.CharField("code INSEE", max_length=5, unique=True, null=True, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    is_concernee = models.BooleanField("concernée par le contrat de ville", null=True, blank=True, default=None)
    confiance = models.CharField("ce qui le prouve", max_length=300, blank=True)
    is_fictif = models.BooleanField("inventée pour la démonstration", default=False)
    source = models.TextField("source", blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Quartier(models.Model):
    """Un quartier prioritaire (QPV) ou d'intérêt communautaire (QIC). Le code officiel peut être inconnu."""

    class Type(models.TextChoices):
        QPV = "QPV", "Quartier prioritaire"
        QIC = "QIC", "Quartier d'intérêt communautaire"
        INCONNU = "INCONNU", "Type inconnu"

    nom = models.CharField("nom", max_length=160)
    slug = models.SlugField("adresse", max_length=180, unique=True)
    type = models.CharField("type", max_length=8, choices=Type, default=Type.INCONNU)
    code = models.CharField("code officiel", max_length=12, unique=True, null=True, blank=True)
    communes = models.ManyToManyField(Commune, verbose_name="communes", related_name="quartiers")
    is_npnru = models.BooleanField("en renouvellement urbain", default=False)
    is_fictif = models.BooleanField("inventé pour la démonstration", default=False)
    contour = models.JSONField("contour GeoJSON", null=True, blank=True)
    autres_noms = models.JSONField("autres graphies du nom", default=list, blank=True)
    confiance = models.CharField("ce qui le prouve", max_length=300, blank=True)
    source = models.TextField("source", blank=True)

    class Meta:
        verbose_name = "quartier"
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                name="quartier_type_connu",
                condition=Q(type__in=["QPV", "QIC", "INCONNU"]),
                violation_error_message="Un quartier est QPV, QIC ou de type inconnu.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        """La page publique du quartier."""
        return reverse("accueil:quartier", args=[self.slug])


class Instance(models.Model):
    """Une instance consultée : conseil municipal, conseil citoyen, autre (domaine.md §2). Le reste est facultatif."""

    class Type(models.TextChoices):
        CONSEIL_CITOYEN = "CONSEIL_CITOYEN", "Conseil citoyen"
        CONSEIL_MUNICIPAL = "CONSEIL_MUNICIPAL", "Commune"
        AUTRE = "AUTRE", "Instance de participation"

    class QuiDepose(models.TextChoices):
        MEMBRES = "MEMBRES", "Toute personne qui a un mandat"
        PRESIDENCE = "PRESIDENCE", "La présidence seule"
        DEUX = "DEUX", "Deux personnes : l’une propose, l’autre dépose"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    nom = models.CharField("nom", max_length=160)
    slug = models.SlugField("adresse", max_length=180, unique=True)
    type = models.CharField("type", max_length=20, choices=Type)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="instances")
    quartiers = models.ManyToManyField(Quartier, blank=True, related_name="instances")
    courriel = models.EmailField("courriel de l'instance", blank=True)
    is_installee = models.BooleanField("installée", default=True)
    is_dormante = models.BooleanField("dormante", default=False)
    is_partenaire = models.BooleanField("partenaire signataire du contrat", default=False)
    is_fictif = models.BooleanField("inventée pour la démonstration", default=False)
    qui_depose = models.CharField("qui dépose l'avis", max_length=12, choices=QuiDepose, default=QuiDepose.MEMBRES)
    mode_designation = models.CharField("mode de désignation", max_length=60, blank=True)
    acte_reconnaissance = models.CharField("acte de reconnaissance", max_length=200, blank=True)
    structure_porteuse = models.CharField("structure porteuse", max_length=200, blank=True)
    reglement_interieur = models.TextField("règlement intérieur", blank=True)
    duree_mandat = models.CharField("durée de mandat", max_length=60, blank=True)
    creee_le = models.DateTimeField("inscrite ici le", null=True, blank=True)
    source = models.TextField("source", blank=True)

    class Meta:
        verbose_name = "instance"
        ordering = ["type", "nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune"],
                condition=Q(type="CONSEIL_MUNICIPAL"),
                name="conseil_municipal_unique",
                violation_error_message="Cette commune a déjà son conseil municipal.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class ContratDeVille(models.Model):
    """Le contrat de ville en vigueur."""

    nom = models.CharField("nom", max_length=160)
    periode = models.CharField("période", max_length=20)
    signe_le = models.DateField("signé le", null=True, blank=True)
    lieu_signature = models.CharField("lieu de signature", max_length=120, blank=True)
    nb_objectifs = models.PositiveIntegerField("nombre d'objectifs", null=True, blank=True)
    nom_pilotage = models.CharField("intitulé du pilotage", max_length=200, blank=True)
    montant_pilotage_2024 = models.PositiveBigIntegerField("pilotage 2024 (euros)", null=True, blank=True)
    source = models.TextField("source", blank=True)

    class Meta:
        verbose_name = "contrat de ville"
        verbose_name_plural = "contrats de ville"

    def __str__(self) -> str:
        return f"{self.nom} ({self.periode})"


class Enjeu(models.Model):
    """Un enjeu du contrat : structurant (il porte des ambitions) ou transversal."""

    contrat = models.ForeignKey(ContratDeVille, models.CASCADE, related_name="enjeux")
    numero = models.PositiveSmallIntegerField("numéro")
    nom = models.CharField("nom", max_length=200)
    is_transversal = models.BooleanField("transversal", default=False)
    montant_2024 = models.PositiveBigIntegerField("montant 2024 (euros)", null=True, blank=True)

    class Meta:
        verbose_name = "enjeu"
        verbose_name_plural = "enjeux"
        ordering = ["is_transversal", "numero"]
        constraints = [
            models.UniqueConstraint("contrat", "is_transversal", "numero", name="enjeu_numero_unique"),
        ]

    def __str__(self) -> str:
        return self.nom


class Ambition(models.Model):
    """Une des ambitions du contrat, avec son montant 2024 en euros."""

    enjeu = models.ForeignKey(Enjeu, models.CASCADE, related_name="ambitions")
    numero = models.PositiveSmallIntegerField("numéro")
    nom = models.CharField("nom", max_length=200)
    montant_2024 = models.PositiveBigIntegerField("montant 2024 (euros)", null=True, blank=True)

    class Meta:
        verbose_name = "ambition"
        ordering = ["numero"]
        constraints = [models.UniqueConstraint("enjeu", "numero", name="ambition_numero_unique")]

    def __str__(self) -> str:
        return self.nom


class Terme(models.Model):
    """Un mot du territoire et sa définition, pour le glossaire public."""

    nom = models.CharField("mot", max_length=80, unique=True)
    definition = models.CharField("définition", max_length=400)
    source = models.TextField("source", blank=True)

    class Meta:
        verbose_name = "mot du glossaire"
        verbose_name_plural = "mots du glossaire"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

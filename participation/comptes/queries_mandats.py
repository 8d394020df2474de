"""Ce que les pages des mandats lisent. Aucune de ces lectures n'écrit ; leur nombre ne dépend pas des lignes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from participation.common.dates import jour_a_paris
from participation.comptes.imports import COLONNES
from participation.comptes.models import CodeRemis, Mandat, MandatQuerySet, Referent, Utilisateur
from participation.territoires.models import Instance

RANGS = {role: rang for rang, role in enumerate(Mandat.Role.values)}
BIENTOT = timedelta(days=60)


@dataclass(frozen=True)
class Ligne:
    """Un mandat à montrer, et comment la personne entre. `lettre` : la dernière lettre donnée."""

    mandat: Mandat
    now: datetime
    reel: datetime

    @property
    def etat(self) -> str:
        """« à venir », « en cours » ou « fini »."""
        if self.mandat.is_en_cours(self.now):
            return "en cours"
        return "à venir" if self.now < self.mandat.du else "fini"

    @property
    def is_fini(self) -> bool:
        """Vrai après la fin."""
        return self.etat == "fini"

    @property
    def is_a_renouveler(self) -> bool:
        """Vrai quand la fin est passée, ou dans moins de 60 jours."""
        return self.mandat.au is not None and self.mandat.au <= self.now + BIENTOT

    @property
    def codes(self) -> list[CodeRemis]:
        """Les codes donnés, du plus récent au plus ancien (lus avec le mandat)."""
        return list(self.mandat.codes.all())

    @property
    def lettre(self) -> CodeRemis | None:
        """La dernière lettre."""
        return next((c for c in self.codes if c.moyen == CodeRemis.Moyen.LETTRE), None)

    @property
    def is_lettre_a_faire(self) -> bool:
        """Vrai pour qui a été nommé ici sans courriel, et n'a pas de lettre utilisable ou déjà utilisée.

        Qui vient de l'installation ou de la démonstration n'attend rien ; sa fiche permet d'imprimer quand même.
        """
        if self.is_fini or self.mandat.utilisateur.email or self.mandat.nomme_par_id is None:
            return False
        lettre = self.lettre
        return lettre is None or lettre.is_annule or not (lettre.reclame_le or lettre.is_utilisable(self.reel))

    @property
    def entree(self) -> str:
        """Comment la personne entre, en une phrase."""
        if self.mandat.utilisateur.email:
            return "Est déjà entrée." if self.mandat.utilisateur.last_login else "Invitée par courriel."
        lettre = self.lettre
        if self.is_lettre_a_faire:
            return "Sans courriel : lettre à imprimer."
        if lettre is None:
            return "Sans courriel et sans lettre."
        if lettre.is_annule:
            return "Lettre annulée."
        return "Lettre utilisée, appareil gardé." if lettre.reclame_le else "Lettre donnée, pas encore utilisée."


def mandats_lus() -> MandatQuerySet:
    """Les mandats, leurs personnes et leurs codes."""
    codes = Prefetch("codes", CodeRemis.objects.select_related("emis_par").order_by("-emis_le", "-pk"))
    return Mandat.objects.select_related("utilisateur", "instance", "piece").prefetch_related(codes)


def lignes(mandats: Iterable[Mandat], now: datetime, reel: datetime) -> list[Ligne]:
    """Les mandats à montrer, la présidence d'abord, les finis à la fin."""
    toutes = [Ligne(m, now, reel) for m in mandats]
    return sorted(toutes, key=lambda li: (li.is_fini, RANGS[li.mandat.role], li.mandat.nom_lu.casefold()))


def lignes_de(instance: Instance, now: datetime, reel: datetime) -> list[Ligne]:
    """Les mandats d'une instance, finis compris."""
    return lignes(mandats_lus().filter(instance=instance), now, reel)


def lettres_a_faire(now: datetime, reel: datetime, instance: Instance | None = None) -> list[Mandat]:
    """Les mandats dont la personne, sans courriel, attend sa lettre ; rangés par instance, puis par nom."""
    mandats = mandats_lus().non_finis(now).filter(utilisateur__email__isnull=True, utilisateur__is_active=True)
    if instance is not None:
        mandats = mandats.filter(instance=instance)
    voulus = [m for m in mandats.order_by("instance__nom") if Ligne(m, now, reel).is_lettre_a_faire]
    return sorted(voulus, key=lambda m: (m.instance.nom, m.nom_lu.casefold()))


def instances_du_bureau(now: datetime) -> QuerySet[Instance]:
    """Chaque instance, avec `nb_mandats` en cours et `has_presidence`."""
    en_cours = Q(mandats__du__lte=now) & (Q(mandats__au__isnull=True) | Q(mandats__au__gt=now))
    presidences = Mandat.objects.en_cours(now).filter(instance=OuterRef("pk"), role=Mandat.Role.PRESIDENCE)
    return Instance.objects.annotate(
        nb_mandats=Count("mandats", filter=en_cours), has_presidence=Exists(presidences)
    ).order_by("type", "nom")


def ambassades() -> QuerySet[Referent]:
    """Les ambassadrices et ambassadeurs de quartier."""
    voulus = Referent.objects.filter(genre=Referent.Genre.AMBASSADE)
    return voulus.select_related("utilisateur", "quartier", "instance").order_by("quartier__nom", "pk")


def conseils_presides(personne: Utilisateur, now: datetime) -> QuerySet[Instance]:
    """Les conseils que cette personne préside à `now`."""
    siens = Mandat.objects.en_cours(now).filter(utilisateur=personne, role=Mandat.Role.PRESIDENCE)
    return Instance.objects.filter(pk__in=siens.values("instance")).order_by("nom")


def en_tableau(now: datetime) -> Iterator[dict[str, str]]:
    """Les mandats non finis, dans les colonnes de l'import : la liste se corrige dans un tableur, puis revient."""
    for m in Mandat.objects.non_finis(now).select_related("utilisateur", "instance").order_by("instance__nom", "du"):
        valeurs = (
            m.instance.nom, m.nom_lu, m.utilisateur.email or "", m.get_role_display(), m.college, m.designation,
            f"{jour_a_paris(m.du):%d/%m/%Y}", f"{m.dernier_jour:%d/%m/%Y}" if m.dernier_jour else "",
        )  # fmt: skip
        yield dict(zip(COLONNES, valeurs, strict=True))

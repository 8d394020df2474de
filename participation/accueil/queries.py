"""Ce que les pages publiques lisent, à un instant. Le nombre de requêtes ne dépend pas des données."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from consultations import queries as consultations
from consultations.etats import EXPRIMES, Etat
from consultations.models import Consultation, Saisine
from consultations.views import presentation
from participation.common.affichage import Compte, compter
from participation.common.graphiques import Barre, svg_barres
from participation.common.templatetags.maison import euros
from participation.comptes.models import Referent, Utilisateur
from participation.territoires.models import Instance, Quartier
from participation.territoires.queries import Contrat

Personne = Utilisateur | AnonymousUser


@dataclass(frozen=True)
class ConsultationMontree:
    """Une consultation prête à montrer : son délai, ses étapes, qui a parlé."""

    consultation: Consultation
    saisines: list[Saisine]
    bilan: consultations.Bilan
    compte: Compte | None
    etapes: list[presentation.Etape]
    now: datetime
    ma_saisine: Saisine | None = None

    @property
    def mur(self) -> list[str]:
        """Une brique par instance saisie, dans l'ordre de la légende."""
        return [etat.value for etat, nombre in self.bilan.par_etat.items() for _ in range(nombre)]

    @property
    def legende(self) -> list[tuple[Etat, int]]:
        """Les mêmes nombres, en mots."""
        return presentation.legende(self.bilan)

    @property
    def phrase(self) -> str:
        """« 7 réponses reçues sur 14 attendues. Il en manque 7. »"""
        return presentation.phrase_du_bilan(self.bilan)

    @property
    def reste(self) -> str:
        """« encore 12 jours » : la première phrase de la page."""
        if self.compte is None or self.compte.is_clos:
            return "délai terminé"
        nombre = "" if self.compte.nombre is None else f"{self.compte.nombre} "
        return f"encore {nombre}{self.compte.unite}".rstrip(",")

    @property
    def adresse_de_mon_avis(self) -> str:
        """Le projet d'avis de l'instance de cette personne."""
        if self.ma_saisine is None:
            return self.consultation.get_absolute_url()
        return reverse("consultations:projet", args=[self.consultation.slug, self.ma_saisine.pk])

    @property
    def is_repondu(self) -> bool:
        """Vrai si l'instance de cette personne a déjà répondu."""
        return self.ma_saisine is not None and Etat(self.ma_saisine.etat) in EXPRIMES  # type: ignore[attr-defined]


def montrer(consultation: Consultation, personne: Personne, now: datetime) -> ConsultationMontree:
    """Deux requêtes au plus : les saisines et leurs états ; les mandats de la personne connectée."""
    saisines = list(consultations.saisines_de(consultation, now))
    bilan = consultations.bilan(saisines)
    mienne = None
    if isinstance(personne, Utilisateur):
        miennes = consultations.mes_saisines(personne, now).ouvertes(now).filter(consultation=consultation)
        mienne = miennes.order_by("borne").first()
    is_ouverte = any(not s.is_sans_objet and s.transmise_le <= now < s.borne for s in saisines)
    etapes = presentation.frise(consultation, bilan, now, is_ouverte=is_ouverte)
    compte = compter(bilan.borne, now) if bilan.borne else None
    return ConsultationMontree(consultation, saisines, bilan, compte, etapes, now, mienne)


@dataclass(frozen=True)
class Accueil:
    """La page d'accueil : la consultation à montrer, si elle existe, et les autres qui sont ouvertes."""

    principale: ConsultationMontree | None
    autres: list[Consultation]

    @property
    def is_ouverte(self) -> bool:
        """Vrai si la consultation montrée attend encore des avis."""
        return self.principale is not None and bool(self.principale.consultation.is_ouverte)  # type: ignore[attr-defined]


def accueil(personne: Personne, now: datetime) -> Accueil:
    """La vraie consultation ouverte avant la démonstration ; sinon la dernière close."""
    ouvertes = sorted(
        consultations.consultations_ouvertes(now), key=lambda c: (c.is_demonstration, c.echeance or now.date())
    )
    principale = ouvertes[0] if ouvertes else consultations.consultations_visibles(None, now).first()
    montree = montrer(principale, personne, now) if principale else None
    return Accueil(montree, ouvertes[1:])


def is_slug(texte: str) -> bool:
    """Vrai pour un bout d'adresse : un témoin peut porter n'importe quoi, un NUL compris."""
    return re.fullmatch(r"[-\w]{1,180}", texte) is not None


def quartier_choisi(slug: str, personne: Personne) -> Quartier | None:
    """Le quartier du témoin, sinon celui du compte, sinon aucun."""
    quartiers = Quartier.objects.defer("contour", "source").prefetch_related("communes")
    if is_slug(slug) and (choisi := quartiers.filter(slug=slug).first()):
        return choisi
    if isinstance(personne, Utilisateur) and personne.quartier_id:
        return quartiers.filter(pk=personne.quartier_id).first()
    return None


@dataclass(frozen=True)
class QuartierMontre:
    """La page d'un quartier."""

    quartier: Quartier
    instances: list[Instance]
    referents: list[Referent]
    demandes: list[tuple[Saisine, presentation.Carte]]


def montrer_quartier(quartier: Quartier, personne: Personne, now: datetime) -> QuartierMontre:
    """Les instances du quartier et de ses communes, qui joindre, et ce qu'on leur demande. Trois requêtes."""
    instances = list(instances_de(quartier))
    visibles = consultations.consultations_visibles(personne if isinstance(personne, Utilisateur) else None, now)
    lignes = Saisine.objects.en_vigueur().filter(
        instance__in=instances, transmise_le__lte=now, consultation__in=visibles.order_by().values("pk")
    )
    saisines = consultations.etats(lignes.select_related("instance", "consultation"), now).order_by(
        "-borne", "instance"
    )
    demandes = [(saisine, presentation.carte(saisine, now)) for saisine in saisines]
    return QuartierMontre(quartier, instances, list(referents_de(quartier, instances)), demandes)


def instances_de(quartier: Quartier) -> QuerySet[Instance]:
    """Ses conseils, puis les conseils municipaux de ses communes."""
    communes = quartier.communes.values("pk")
    municipaux = Q(type=Instance.Type.CONSEIL_MUNICIPAL, commune__in=communes)
    return (
        Instance.objects.filter(Q(pk__in=quartier.instances.values("pk")) | municipaux)
        .select_related("commune")
        .order_by("type", "nom")
    )


def referents_de(quartier: Quartier, instances: list[Instance]) -> QuerySet[Referent]:
    """Les personnes référentes que le public peut joindre : prénom, service et téléphone connus."""
    complets = Referent.objects.exclude(prenom="").exclude(service="").exclude(telephone="")
    lieux = Q(quartier=quartier) | Q(instance__in=instances)
    return complets.filter(lieux, genre=Referent.Genre.REFERENT).select_related("quartier", "instance").order_by("pk")


def barres_des_ambitions(contrat: Contrat | None) -> SafeString | None:
    """Une barre par ambition dont le montant est connu, rangée sous son enjeu ; rien s'il y en a moins de deux."""
    barres = tuple(
        Barre(f"{a.numero}. {a.nom}", a.montant_2024, euros(a.montant_2024), f"Enjeu {enjeu.numero}")
        for enjeu in (contrat.structurants if contrat else [])
        for a in enjeu.ambitions.all()
        if a.montant_2024 is not None
    )
    return (
        svg_barres(barres, "Montant de chaque ambition ; les mêmes nombres sont dans le tableau")
        if len(barres) > 1
        else None
    )

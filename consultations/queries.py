"""Les lectures nommées. L'état d'une saisine s'annote ici, une fois ; tout le reste le lit (règle 3)."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from consultations.etats import ATTENDUS, EXPRIMES, Etat, Fondement, TypeActe, TypeContribution, Visibilite
from consultations.models import Acte, Avis, Consultation, Contribution, Saisine, SaisineQuerySet
from consultations.queries_remise import courriels_pas_murs, preuves_valables
from consultations.queries_reunion import avec_un_avis
from participation.common.reference import en_adresse
from participation.comptes.models import Utilisateur
from participation.comptes.permissions import mandats_en_cours
from participation.territoires.models import Instance

VERIFICATION = "Vérification du courrier en cours"
REMPLACEE = "Remplacée par une nouvelle transmission"
BIENTOT_PROUVEE = "Réception bientôt prouvée"
DORMANTE = "Dormante (constat signé)"
CODES_EXPRIMES = [e.value for e in EXPRIMES if e != Etat.REPONDU]


def etats(saisines: SaisineQuerySet, now: datetime) -> SaisineQuerySet:
    """Annote `etat`, `avis_en_vigueur_id`, `sens_en_vigueur`, `recu_le`, `version_avis`, `remis_le` à cet instant.

    Et ce que disent les étiquettes : `has_proces_verbal`, `has_tardif`, `has_courrier`, `has_remise_proche`.

    Jumeau SQL de `rules.etat_saisine` : `test_le_sql_dit_la_meme_chose_que_la_regle` tient les deux ensemble.
    """
    en_vigueur = Avis.objects.filter(saisine=OuterRef("pk")).en_vigueur()
    remises = preuves_valables().filter(saisine=OuterRef("pk"), remis_le__lte=now, remis_le__lt=OuterRef("borne"))
    return saisines.annotate(
        avis_en_vigueur_id=Subquery(en_vigueur.values("pk")[:1]),
        sens_en_vigueur=Subquery(en_vigueur.values("sens")[:1]),
        recu_le=Subquery(en_vigueur.values("recu_le")[:1]),
        version_avis=Subquery(en_vigueur.values("version")[:1]),
        remis_le=Subquery(remises.order_by("remis_le").values("remis_le")[:1]),
        moyen_remise=Subquery(remises.order_by("remis_le").values("moyen")[:1]),
        has_proces_verbal=Exists(_proces_verbaux(now).filter(consultation=OuterRef("consultation"))),
        has_tardif=Exists(_contributions(now).filter(type=TypeContribution.TARDIF)),
        has_courrier=Exists(_contributions(now).filter(type=TypeContribution.COURRIER)),
        has_remise_proche=Exists(courriels_pas_murs(now).filter(objet_id=OuterRef("pk"), envoye_le__lte=now)),
    ).annotate(etat=_etat(now))


def _proces_verbaux(now: datetime) -> QuerySet[Acte]:
    return Acte.objects.filter(type=TypeActe.PROCES_VERBAL, signe_le__lte=now)


def _contributions(now: datetime) -> QuerySet[Contribution]:
    return Contribution.objects.filter(saisine=OuterRef("pk"), inscrit_le__lte=now)


def etiquettes(saisine: Saisine, etat: Etat, now: datetime) -> tuple[str, ...]:
    """Ce qui se pose à côté de l'état, jamais à la place (règles 3 bis, 10, 11, 15). Saisine annotée par `etats`."""
    lu = vars(saisine)
    liste = []
    if etat in EXPRIMES and lu["version_avis"] and lu["version_avis"] > 1:
        liste.append(f"Version {lu['version_avis']}")
    if etat == Etat.REPUTE_FAVORABLE and now >= saisine.borne and not lu["has_proces_verbal"]:
        liste.append(VERIFICATION)
    if is_bientot_prouvee(saisine):
        liste.append(BIENTOT_PROUVEE)
    if saisine.remplacee_le is not None and saisine.remplacee_le <= now:
        liste.append(REMPLACEE)
    if saisine.dormante_le is not None and saisine.dormante_le <= now:
        liste.append(DORMANTE)
    liste += [TypeContribution.TARDIF.label] if lu["has_tardif"] else []
    liste += [TypeContribution.COURRIER.label] if lu["has_courrier"] else []
    return tuple(liste)


def is_bientot_prouvee(saisine: Saisine) -> bool:
    """Non saisie, mais son courriel est accepté depuis moins de 72 heures et rien n'est revenu (règle 6)."""
    lu = vars(saisine)
    return bool(lu["etat"] == Etat.NON_SAISIE and lu.get("has_remise_proche"))


def _etat(now: datetime) -> Case:
    exprime = Q(sens_en_vigueur__in=CODES_EXPRIMES)
    cache = Q(consultation__visibilite_avis=Visibilite.Avis.A_LA_CLOTURE, borne__gt=now)
    return Case(
        When(exprime & cache, then=Value(Etat.REPONDU.value)),
        When(exprime, then=F("sens_en_vigueur")),
        When(
            Q(is_sans_objet=True)
            | Q(retiree_le__lte=now)
            | Q(remplacee_le__lte=now)
            | Q(fondement=Fondement.PARTENAIRE),
            then=Value(Etat.SANS_OBJET.value),
        ),
        When(remis_le__isnull=True, then=Value(Etat.NON_SAISIE.value)),
        When(borne__lte=now, then=Value(Etat.REPUTE_FAVORABLE.value)),
        default=Value(Etat.EN_ATTENTE.value),
        output_field=CharField(),
    )


def silences(now: datetime) -> SaisineQuerySet:
    """Les saisines closes, remises et muettes dont le silence n'est pas encore inscrit (règles 3, 5, 6)."""
    closes = Saisine.objects.en_vigueur().closes(now)
    return etats(closes, now).filter(etat=Etat.REPUTE_FAVORABLE, avis_en_vigueur_id__isnull=True)  # type: ignore[misc]


def saisines_de(consultation: Consultation, now: datetime) -> SaisineQuerySet:
    """Les saisines en vigueur d'une consultation, avec leur état : une requête."""
    lignes = consultation.saisines.en_vigueur().select_related("instance", "instance__commune", "consultation")
    return etats(lignes, now).order_by("instance__type", "instance__is_fictif", "instance__nom")


@dataclass(frozen=True)
class Bilan:
    """Qui a répondu, à un instant. Les silences ne comptent jamais parmi les avis exprimés (règle 5)."""

    par_etat: dict[Etat, int]
    echeance: date | None
    borne: datetime | None
    echeances_differentes: int
    bientot: int = 0
    """Les non saisies dont la réception sera bientôt prouvée : elles devront un avis."""

    @property
    def attendus(self) -> int:
        """Les instances qui doivent un avis."""
        return sum(n for etat, n in self.par_etat.items() if etat in ATTENDUS)

    @property
    def exprimes(self) -> int:
        """Les avis exprimés."""
        return sum(n for etat, n in self.par_etat.items() if etat in EXPRIMES)

    @property
    def en_attente(self) -> int:
        """Celles qui peuvent encore répondre."""
        return self.par_etat.get(Etat.EN_ATTENTE, 0)

    @property
    def silences(self) -> int:
        """Les silences réputés favorables."""
        return self.par_etat.get(Etat.REPUTE_FAVORABLE, 0)


def bilan(saisines: list[Saisine]) -> Bilan:
    """Le bilan de saisines déjà annotées par `etats` : aucune requête."""
    par_etat = Counter(Etat(s.etat) for s in saisines)  # type: ignore[attr-defined]
    comptees = [s for s in saisines if s.etat != Etat.SANS_OBJET] or saisines  # type: ignore[attr-defined]
    echeances = Counter((s.echeance, s.borne) for s in comptees)
    commune = max(echeances, key=lambda couple: (echeances[couple], couple), default=None)
    ordre = {etat: par_etat[etat] for etat in Etat if par_etat[etat]}
    if commune is None:
        return Bilan(ordre, None, None, 0)
    bientot = sum(map(is_bientot_prouvee, saisines))
    return Bilan(ordre, commune[0], commune[1], len(comptees) - echeances[commune], bientot)


def consultations_visibles(utilisateur: Utilisateur | None, now: datetime) -> QuerySet[Consultation]:
    """Celles que cette personne peut lire : transmises et publiques, ou réservées à ses instances (règle 20)."""
    publiques = Q(visibilite_projet=Visibilite.Projet.PUBLIC)
    if utilisateur is not None and utilisateur.is_authenticated:
        instances = mandats_en_cours(utilisateur, now).values("instance")
        publiques |= Q(Exists(Saisine.objects.filter(consultation=OuterRef("pk"), instance__in=instances)))
    return (
        Consultation.objects.filter(publiques, transmise_le__lte=now)
        .select_related("version__rapport")
        .annotate(
            is_ouverte=Exists(
                Saisine.objects.filter(consultation=OuterRef("pk"), is_sans_objet=False, retiree_le=None)
                .en_vigueur()
                .ouvertes(now)
            )
        )
        .order_by("-is_ouverte", "-transmise_le")
    )


def consultations_ouvertes(now: datetime) -> QuerySet[Consultation]:
    """Les consultations publiques dont une saisine au moins est ouverte (règle 1)."""
    return consultations_visibles(None, now).filter(is_ouverte=True)  # type: ignore[misc]


def mes_saisines(utilisateur: Utilisateur, now: datetime) -> SaisineQuerySet:
    """Les saisines en vigueur des instances où cette personne a un mandat en cours."""
    instances = mandats_en_cours(utilisateur, now).values("instance")
    miennes = Saisine.objects.en_vigueur().filter(instance__in=instances, transmise_le__lte=now)
    return etats(miennes.select_related("instance", "consultation"), now).order_by("borne")


def avis_des(saisines: list[Saisine]) -> dict[UUID, Avis]:
    """Les avis en vigueur de saisines annotées, avec observations, pièces et compléments : neuf requêtes au plus."""
    identifiants = [s.avis_en_vigueur_id for s in saisines if s.avis_en_vigueur_id]  # type: ignore[attr-defined]
    avis = Avis.objects.filter(pk__in=identifiants).select_related(
        "saisine__instance", "saisine__consultation", "remplace"
    )
    return {a.pk: a for a in avis.prefetch_related(*avec_un_avis(), "complements__piece")}


def saisines_completes(consultation: Consultation, now: datetime) -> list[Saisine]:
    """Les saisines d'une consultation pour ses documents et ses données, dans l'ordre des pages : communes puis
    conseils, les vraies instances d'abord, puis par nom.
    """
    lignes = saisines_de(consultation, now).prefetch_related("instance__quartiers", "retours__constat__silence")
    return sorted(lignes, key=_rang)


def saisines_remplacees(consultation: Consultation, now: datetime) -> list[Saisine]:
    """Celles d'une transmission remplacée, avec leur état : l'avis qu'elles ont reçu reste à l'annexe (règle 1)."""
    lignes = consultation.saisines.filter(remplacee_le__lte=now).select_related("instance", "consultation")
    return sorted(etats(lignes, now).prefetch_related("instance__quartiers", "retours__constat__silence"), key=_rang)


def _rang(saisine: Saisine) -> tuple[bool, bool, list[tuple[int, str]]]:
    instance = saisine.instance
    return instance.type != Instance.Type.CONSEIL_MUNICIPAL, instance.is_fictif, naturel(instance.nom)


def naturel(nom: str) -> list[tuple[int, str]]:
    """L'ordre des gens : « démonstration 2 » avant « démonstration 10 », sans accent ni casse."""
    morceaux = re.split(r"(\d+)", en_adresse(nom))
    return [(int(m), "") if m.isdigit() else (-1, m) for m in morceaux]


def rang(instance: Instance) -> tuple[bool, bool, list[tuple[int, str]]]:
    """La place d'une instance dans une liste : les inventées en dernier ; les communes d'abord ; puis le nom."""
    return instance.is_fictif, instance.type != Instance.Type.CONSEIL_MUNICIPAL, naturel(instance.nom)


def avis_en_vigueur(saisine: Saisine) -> Avis | None:
    """L'avis que rien ne remplace, s'il existe."""
    return saisine.avis.en_vigueur().first()

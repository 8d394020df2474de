"""Les lectures du bureau : un nombre de requêtes constant, quel que soit le nombre d'instances."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from consultations import rules
from consultations.etats import Etat, Fondement, TypeActe
from consultations.models import Acte, ActePrepare, Consultation, Contact, DemandeDeTemps, PreuveRemise, Saisine
from consultations.queries import etats, etiquettes, rang
from consultations.queries_remise import courriels_pas_murs, retours_a_traiter
from consultations.seances import annonce, seances_attendues
from participation.agenda.models import Seance
from participation.comptes.models import Mandat, Referent
from participation.notifications.models import Envoi
from participation.territoires.models import Instance, Quartier


@dataclass(frozen=True)
class Ligne:
    """Une saisine telle que le bureau la montre."""

    saisine: Saisine
    etat: Etat
    remis_le: datetime | None
    moyen: str
    envoi: str
    envoi_le: datetime | None
    etiquettes: tuple[str, ...] = ()
    is_revenu: bool = False
    vaudra_le: datetime | None = None
    is_annonce: bool = False

    @property
    def has_alerte_de_remise(self) -> bool:
        """Vrai si rien ne prouvera la remise de soi-même : ni courriel de moins de 72 heures, ni retour déjà dit."""
        return self.etat == Etat.NON_SAISIE and not self.is_revenu and self.vaudra_le is None

    @property
    def is_a_suivre(self) -> bool:
        """Vrai si l'instance n'a pas répondu et peut encore le faire, ou n'est pas saisie."""
        return self.etat in {Etat.EN_ATTENTE, Etat.NON_SAISIE}

    @property
    def is_muette(self) -> bool:
        """Vrai si rien n'est arrivé d'elle : ce que le courrier peut encore démentir (règle 3 bis)."""
        return self.is_a_suivre or self.etat == Etat.REPUTE_FAVORABLE


def lignes(consultations: QuerySet[Consultation] | list[Consultation], now: datetime) -> list[Ligne]:
    """Les saisines en vigueur de ces consultations : état, remise, dernier envoi, séance annoncée. Deux requêtes."""
    envois = Envoi.objects.filter(objet="consultations.Saisine", objet_id=OuterRef("pk")).order_by("-cree_le", "-pk")
    saisines = Saisine.objects.en_vigueur().filter(consultation__in=consultations)
    saisines = etats(saisines.select_related("instance", "instance__commune", "consultation"), now).annotate(
        envoi_etat=Subquery(envois.values("etat")[:1]),
        envoi_le=Subquery(envois.values("cree_le")[:1]),
        is_revenu=Exists(retours_a_traiter().filter(saisine=OuterRef("pk"))),
        accepte_le=Subquery(courriels_pas_murs(now).filter(objet_id=OuterRef("pk")).values("envoye_le")[:1]),
    )
    rangees = sorted(saisines, key=lambda s: rang(s.instance))
    seances = seances_attendues(rangees, now)
    return [_ligne(s, now, seances) for s in rangees]


def _ligne(saisine: Saisine, now: datetime, seances: dict[UUID, Seance]) -> Ligne:
    lu, annoncee = vars(saisine), annonce(saisine, seances)
    return Ligne(
        saisine=saisine,
        etat=Etat(lu["etat"]),
        remis_le=lu["remis_le"],
        moyen=PreuveRemise.Moyen(lu["moyen_remise"]).label if lu["moyen_remise"] else "",
        envoi=Envoi.Etat(lu["envoi_etat"]).label if lu["envoi_etat"] else "",
        envoi_le=lu["envoi_le"],
        etiquettes=(*etiquettes(saisine, Etat(lu["etat"]), now), *([annoncee] if annoncee else [])),
        is_revenu=lu["is_revenu"],
        is_annonce=bool(annoncee),
        vaudra_le=lu["accepte_le"] + rules.DELAI_DE_RETOUR if lu["accepte_le"] else None,
    )


def consultations_du_bureau(now: datetime) -> QuerySet[Consultation]:
    """Toutes, les ouvertes d'abord, avec `is_ouverte` et `nb_instances`."""
    ouvertes = (
        Saisine.objects.en_vigueur()
        .ouvertes(now)
        .filter(consultation=OuterRef("pk"), is_sans_objet=False, retiree_le=None)
    )
    return (
        Consultation.objects.select_related("version__rapport", "creee_par")
        .annotate(is_ouverte=Exists(ouvertes), nb_instances=Count("instances", distinct=True))
        .order_by("-is_ouverte", "echeance", "-creee_le")
    )


def saisine_du_bureau(now: datetime) -> QuerySet[Saisine]:
    """Les saisines transmises, pour la fiche de remise."""
    return Saisine.objects.filter(transmise_le__lte=now).select_related("instance", "consultation")


@dataclass(frozen=True)
class Destinataire:
    """Une instance à saisir : ce que fera son silence, et si un courriel peut l'atteindre."""

    instance: Instance
    fondement: Fondement
    has_courriel: bool


def destinataires(consultation: Consultation, now: datetime) -> list[Destinataire]:
    """Les instances cochées : une requête. Jumeau SQL de `transmission.has_qpv`, tenu par un test."""
    qpv = Quartier.objects.filter(type=Quartier.Type.QPV)
    joignables = Mandat.objects.en_cours(now).filter(instance=OuterRef("pk"), utilisateur__email__isnull=False)
    instances = consultation.instances.select_related("commune").annotate(
        qpv_de_la_commune=Exists(qpv.filter(communes=OuterRef("commune"))),
        qpv_du_ressort=Exists(qpv.filter(instances=OuterRef("pk"))),
        is_joignable=Exists(joignables),
    )
    return [_destinataire(i) for i in sorted(instances, key=rang)]


def _destinataire(instance: Instance) -> Destinataire:
    lu = vars(instance)
    is_communal = instance.type == Instance.Type.CONSEIL_MUNICIPAL and instance.commune_id
    has_qpv = lu["qpv_de_la_commune"] if is_communal else lu["qpv_du_ressort"]
    return Destinataire(
        instance=instance,
        fondement=rules.fondement(is_partenaire=instance.is_partenaire, has_qpv=has_qpv),
        has_courriel=bool(instance.courriel) or lu["is_joignable"],
    )


def instances_a_cocher() -> QuerySet[Instance]:
    """Toutes les instances."""
    return Instance.objects.select_related("commune")


def actes_prepares() -> QuerySet[ActePrepare]:
    """Les actes préparés, signés ou non, avec ce que leur page montre."""
    return ActePrepare.objects.select_related("consultation__version__rapport", "prepare_par", "acte")


def actes_en_attente() -> QuerySet[ActePrepare]:
    """Ceux qui attendent une signature, le plus ancien d'abord."""
    return actes_prepares().filter(acte__isnull=True, abandonne_le__isnull=True).order_by("prepare_le")


def derniers_actes(combien: int = 10) -> QuerySet[Acte]:
    """Les derniers actes signés."""
    return Acte.objects.select_related("consultation").order_by("-signe_le")[:combien]


def saisines_a_viser(consultation: Consultation) -> list[Saisine]:
    """Les saisines qu'un acte peut viser : en vigueur, ni retirées, ni sans objet."""
    lignes = consultation.saisines.en_vigueur().filter(retiree_le__isnull=True, is_sans_objet=False)
    return list(lignes.select_related("instance").order_by("instance__type", "instance__nom"))


def saisine_de_l_instance(consultation: Consultation, slug: str, now: datetime) -> Saisine | None:
    """La saisine en vigueur de cette instance, annotée, telle que la nomme une adresse ; None si elle est fausse."""
    lignes = consultation.saisines.en_vigueur().filter(instance__slug=slug).select_related("instance", "consultation")
    return etats(lignes, now).first()


def closes_sans_proces_verbal(now: datetime) -> QuerySet[Consultation]:
    """Celles dont tous les délais sont clos, sans procès-verbal signé (3 bis).

    Annote `derniere_borne` et `is_pv_prepare` : le procès-verbal attend déjà une signature.
    """
    attendues = Q(saisines__remplacee_le=None, saisines__retiree_le=None, saisines__is_sans_objet=False)
    faits = Acte.objects.filter(consultation=OuterRef("pk"), type__in=[TypeActe.PROCES_VERBAL, TypeActe.ANNULATION])
    prepares = actes_en_attente().filter(consultation=OuterRef("pk"), type=TypeActe.PROCES_VERBAL)
    return (
        Consultation.objects.filter(~Exists(faits), transmise_le__lte=now, approuve_le=None)
        .annotate(derniere_borne=Max("saisines__borne", filter=attendues), is_pv_prepare=Exists(prepares))
        .filter(derniere_borne__lte=now)
        .order_by("derniere_borne")
    )


def derniers_contacts(saisines: Iterable[Saisine]) -> dict[UUID, Contact]:
    """Le dernier contact de chacune de ces saisines, avec qui a appelé : une requête."""
    lus = Contact.objects.filter(saisine__in=list(saisines), suivant=None).select_related("par")
    return {c.saisine_id: c for c in lus}


def telephones(instances: Iterable[UUID]) -> dict[UUID, str]:
    """Le téléphone connu de ces instances : celui de leur personne référente. Une requête."""
    lus = Referent.objects.filter(instance__in=list(instances)).exclude(telephone="").order_by("-pk")
    return {pk: numero for pk, numero in lus.values_list("instance", "telephone") if pk}


def demandes_de_temps(now: datetime) -> QuerySet[DemandeDeTemps]:
    """Les demandes de temps encore sans réponse : la saisine est ouverte et son échéance n'a pas bougé."""
    lignes = DemandeDeTemps.objects.filter(
        echeance_vue=F("saisine__echeance"),
        saisine__borne__gt=now,
        saisine__retiree_le__isnull=True,
        saisine__remplacee_le__isnull=True,
    )
    return lignes.select_related("saisine__instance", "saisine__consultation")


def demande_de(identifiant: str) -> DemandeDeTemps | None:
    """La demande de cet identifiant, tel qu'il arrive d'une adresse ; None s'il est faux."""
    try:
        cle = UUID(identifiant)
    except ValueError:
        return None
    return DemandeDeTemps.objects.select_related("saisine__instance").filter(pk=cle).first()

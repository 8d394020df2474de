"""Lire ce qui prouve la remise, ce qui la défait, et ce qu'un retour demande (règle 6)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from consultations.etats import Sens, TypeActe
from consultations.models import Acte, Avis, PreuveRemise, RetourCourriel, Saisine
from consultations.rules import DELAI_DE_RETOUR
from participation.notifications.models import Envoi

EVENEMENT = "saisine"
"""Le courriel qui transmet : le seul dont l'acceptation prouve une remise."""


def preuves_valables() -> QuerySet[PreuveRemise]:
    """Les preuves qu'aucun retour ne défait : un courriel revenu ne prouve plus rien ; les autres moyens tiennent."""
    defait = RetourCourriel.objects.filter(envoi=OuterRef("envoi")).defaisants()
    return PreuveRemise.objects.filter(~Exists(defait))


def has_remise_valable(saisine: Saisine) -> bool:
    """Vrai si une remise d'avant la borne tient toujours."""
    return preuves_valables().filter(saisine=saisine, remis_le__lt=saisine.borne).exists()


def courriels_de_saisine() -> QuerySet[Envoi]:
    """Les courriels de transmission que le serveur a acceptés (250)."""
    return Envoi.objects.filter(
        evenement=EVENEMENT, objet="consultations.Saisine", etat=Envoi.Etat.ENVOYE, envoye_le__isnull=False
    )


def courriels_qui_prouvent(now: datetime) -> QuerySet[Envoi]:
    """Ceux acceptés depuis 72 heures, sans retour dans ce temps, et dont la preuve n'est pas encore inscrite."""
    inscrits = PreuveRemise.objects.filter(envoi=OuterRef("pk"))
    revenus = RetourCourriel.objects.filter(envoi=OuterRef("pk")).defaisants()
    murs = courriels_de_saisine().filter(envoye_le__lte=now - DELAI_DE_RETOUR)
    return murs.filter(~Exists(inscrits), ~Exists(revenus), objet_id__in=Saisine.objects.values("pk"))


def courriels_pas_murs(now: datetime) -> QuerySet[Envoi]:
    """Ceux acceptés depuis moins de 72 heures, et pas revenus : ils prouveront bientôt."""
    revenus = RetourCourriel.objects.filter(envoi=OuterRef("pk")).defaisants()
    return courriels_de_saisine().filter(~Exists(revenus), envoye_le__gt=now - DELAI_DE_RETOUR)


def courriels_acceptes(saisine: Saisine) -> list[Envoi]:
    """Les courriels de transmission acceptés pour cette saisine, du premier au dernier."""
    return list(courriels_de_saisine().filter(objet_id=saisine.pk).order_by("envoye_le", "pk"))


def retours_de(saisine: Saisine) -> list[RetourCourriel]:
    """Les retours d'une saisine et leurs constats : une requête."""
    return list(saisine.retours.select_related("constat__silence", "piece").order_by("retourne_le"))


def retours_lus() -> QuerySet[RetourCourriel]:
    """Les retours, avec ce que montre leur page."""
    return RetourCourriel.objects.select_related(
        "saisine__instance", "saisine__consultation", "constat__silence", "piece"
    )


def retour_valable_de(envoi: UUID) -> RetourCourriel | None:
    """Le retour de cet envoi qui n'a pas été saisi par erreur, s'il existe."""
    return RetourCourriel.objects.filter(envoi=envoi).exclude(constat__decision="ERREUR").first()


def retours_a_traiter() -> QuerySet[RetourCourriel]:
    """Ceux qui attendent un geste avant le procès-verbal.

    Un retour tardif se constate. Un retour sous 72 h demande une autre preuve, tant qu'aucune ne vaut. Une instance
    qui a répondu, une saisine retirée ou remplacée n'attendent rien. Annote `is_precoce`.
    """
    de_la_saisine = {"saisine": OuterRef("saisine")}
    exprimes = Avis.objects.filter(**de_la_saisine).exclude(sens=Sens.REPUTE_FAVORABLE)
    clos = Acte.objects.filter(consultation=OuterRef("saisine__consultation"), type=TypeActe.PROCES_VERBAL)
    prouves = preuves_valables().filter(**de_la_saisine, remis_le__lt=OuterRef("saisine__borne"))
    precoce = Q(retourne_le__lt=F("accepte_le") + DELAI_DE_RETOUR)
    attendues = Q(saisine__remplacee_le__isnull=True, saisine__retiree_le__isnull=True, saisine__is_sans_objet=False)
    return (
        retours_lus()
        .filter(attendues, ~Exists(exprimes), ~Exists(clos), constat__isnull=True)
        .filter(~precoce | ~Exists(prouves))
        .order_by("retourne_le")
    )

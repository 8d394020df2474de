"""Inscrire les étapes du circuit : visée, commission, arrêtée (docs/domaine.md §1). La transmission les ferme."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from consultations.etats import EtapeCircuit
from consultations.models import Consultation, Etape
from consultations.permissions import can_preparer
from consultations.saisies import SaisieEtape
from participation.common.dates import jour_a_paris, jour_long
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.registre.actions import inscrire

AVANT: dict[str, tuple[str, ...]] = {
    EtapeCircuit.VISEE: (),
    EtapeCircuit.COMMISSION: (EtapeCircuit.VISEE,),
    EtapeCircuit.ARRETEE: (EtapeCircuit.VISEE, EtapeCircuit.COMMISSION),
}
"""La table des transitions : ce qui précède chaque étape. Une étape sautée reste dite absente, elle ne bloque rien."""


@transaction.atomic
def inscrire_etape(
    *,
    consultation: Consultation,
    etape: str,
    saisie: SaisieEtape,
    par: Utilisateur,
    now: datetime,
    remplace: UUID | None = None,
) -> Etape:
    """Inscrit une étape datée, ou corrige celle dite par `remplace`. Rejouable : la même saisie rend la même ligne.

    Lève RefusMetier : "interdit" sans la qualité d'agent, "conflit" après la transmission ou si l'étape en vigueur
    n'est pas celle que l'on corrige, "forme" si une date est à venir ou contredit une autre étape.
    """
    if not can_preparer(par):
        raise RefusMetier("interdit", "Seul un agent inscrit une étape du circuit.")
    if etape not in AVANT:
        raise RefusMetier("forme", "Choisissez une étape du circuit.")
    _tenir_la_preparation(consultation)
    neuve = _composer(consultation, etape, saisie, par, now)
    _exiger_des_dates_possibles(neuve, jour_a_paris(now))
    en_vigueur = {e.code: e for e in consultation.etapes.en_vigueur()}
    _exiger_l_ordre(neuve, en_vigueur)
    ancienne = en_vigueur.get(etape)
    if ancienne is not None and _dit(ancienne) == _dit(neuve):
        return ancienne
    if (ancienne.pk if ancienne else None) != remplace:
        raise RefusMetier("conflit", "Cette étape est déjà inscrite. Relisez-la, puis corrigez-la.")
    neuve.remplace = ancienne
    return _ecrire(neuve)


def _tenir_la_preparation(consultation: Consultation) -> None:
    """Prend la ligne jusqu'au commit : la transmission et une étape ne se croisent pas."""
    en_preparation = Consultation.objects.filter(pk=consultation.pk, transmise_le__isnull=True)
    if not en_preparation.update(creee_le=F("creee_le")):
        raise RefusMetier("conflit", "Ce projet est transmis : son circuit ne change plus.")


def _composer(consultation: Consultation, etape: str, saisie: SaisieEtape, par: Utilisateur, now: datetime) -> Etape:
    """Seule la commission donne un avis ; seule la délibération est transmise et publiée."""
    is_arretee = etape == EtapeCircuit.ARRETEE
    return Etape(
        consultation=consultation,
        code=etape,
        date=saisie.date,
        reference=saisie.reference.strip(),
        avis=saisie.avis.strip() if etape == EtapeCircuit.COMMISSION else "",
        sous_prefecture_le=saisie.sous_prefecture_le if is_arretee else None,
        publie_le=saisie.publie_le if is_arretee else None,
        par=par,
        inscrite_le=now,
    )


def _exiger_des_dates_possibles(etape: Etape, jour: date) -> None:
    if max(_dates(etape)) > jour:
        raise RefusMetier("forme", "Cette date est à venir : une étape s'inscrit quand elle a eu lieu.")
    if min(_dates(etape)) < etape.date:
        raise RefusMetier("forme", "La sous-préfecture et la publication viennent après la délibération.")


def _dates(etape: Etape) -> list[date]:
    return [d for d in (etape.date, etape.sous_prefecture_le, etape.publie_le) if d]


def _exiger_l_ordre(neuve: Etape, en_vigueur: dict[str, Etape]) -> None:
    for autre in en_vigueur.values():
        if autre.code in AVANT[neuve.code] and neuve.date < autre.date:
            raise RefusMetier("forme", f"Cette date vient avant l'étape précédente : {_dite(autre)}.")
        if neuve.code in AVANT[autre.code] and neuve.date > autre.date:
            raise RefusMetier("forme", f"Cette date vient après l'étape suivante : {_dite(autre)}.")


def _dite(etape: Etape) -> str:
    return f"{etape.get_code_display().lower()}, {jour_long(etape.date)}"


def _dit(etape: Etape) -> dict[str, object]:
    hors = {"remplace", "inscrite_le"}
    return {nom: valeur for nom, valeur in etape.contenu_canonique().items() if nom not in hors}


def _ecrire(etape: Etape) -> Etape:
    try:
        with transaction.atomic():
            etape.save(force_insert=True)
    except IntegrityError as course:
        raise RefusMetier("conflit", "Une autre personne vient d'inscrire cette étape. Relisez-la.") from course
    if etape.code == EtapeCircuit.ARRETEE:
        _reporter_la_deliberation(etape)
    inscrire(acte="etape_inscrite", objet=etape, dossier=etape.consultation_id, now=etape.inscrite_le)
    return etape


def _reporter_la_deliberation(etape: Etape) -> None:
    """La préparation cite la délibération : une seule vérité. Exécutoire : les deux formalités sont faites."""
    sous_prefecture_le, publie_le = etape.sous_prefecture_le, etape.publie_le
    executoire_le = max(sous_prefecture_le, publie_le) if sous_prefecture_le and publie_le else None
    Consultation.objects.filter(pk=etape.consultation_id).update(
        arrete_le=etape.date, deliberation=etape.reference, publie_le=executoire_le
    )
    etape.consultation.refresh_from_db()

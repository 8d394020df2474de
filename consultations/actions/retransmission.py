"""Transmettre de nouveau : le fond change pendant le délai, tout repart avec un nouveau délai (règles 1, 8)."""

from datetime import date, datetime
from typing import Any

from consultations import delais
from consultations.actions.annonces import annoncer
from consultations.actions.preparation import exiger_echeance_legale
from consultations.actions.transmission import saisir
from consultations.courriels import courriel_de_nouvelle_saisine
from consultations.etats import TypeActe
from consultations.models import ActePrepare, Consultation, Saisine
from participation.common.errors import RefusMetier
from participation.comptes.models import Utilisateur
from participation.rapports.actions.figer import figer
from participation.rapports.models import Version


def retransmettre(prepare: ActePrepare, par: Utilisateur, now: datetime) -> dict[str, Any]:
    """`parametres` : `version`, `v` (ses corrections, telles que relues) et `echeance` (ISO).

    Fige la nouvelle version, remplace chaque saisine encore due par une saisine de rang suivant, prévient chaque
    instance. L'ancienne saisine et son avis restent, à leur rang. Lève RefusMetier : "delai_clos" si une réponse n'est
    plus possible, "conflit" si le texte a changé depuis la relecture, "forme" sous le plancher ou si le texte est le
    même.
    """
    consultation = prepare.consultation
    version = _version_relue(prepare)
    simulation = delais.simuler(now, date.fromisoformat(prepare.parametres["echeance"]))
    exiger_echeance_legale(simulation)
    anciennes = a_remplacer(consultation)
    _exiger_le_temps(consultation, anciennes, now)
    empreinte = figer(version=version, now=now)
    nouvelles = [_remplacer(s, version, simulation, now) for s in anciennes]
    Consultation.objects.filter(pk=consultation.pk).update(version=version, echeance=simulation.echeance)
    return {
        "version": str(version.pk),
        "empreinte": empreinte,
        "echeance": simulation.echeance.isoformat(),
        "remplacees": [str(s.pk) for s in anciennes],
        "saisines": [str(s.pk) for s in nouvelles],
    }


def a_remplacer(consultation: Consultation) -> list[Saisine]:
    """Les saisines en vigueur encore dues : ni retirées, ni sans objet. Une requête et celles des quartiers."""
    lignes = consultation.saisines.en_vigueur().filter(retiree_le__isnull=True, is_sans_objet=False)
    lignes = lignes.select_related("consultation", "instance__commune").prefetch_related("instance__quartiers")
    return list(lignes.order_by("instance__type", "instance__nom"))


def _version_relue(prepare: ActePrepare) -> Version:
    de = prepare.consultation.version
    version = Version.objects.select_related("rapport").filter(pk=prepare.parametres["version"]).first()
    if version is None or version.rapport_id != de.rapport_id or version.pk == de.pk:
        raise RefusMetier("forme", "Choisissez une autre version du même rapport.")
    if version.v != prepare.parametres["v"]:
        raise RefusMetier("conflit", "Ce texte a changé depuis sa préparation. Préparez l'acte de nouveau.")
    return version


def _exiger_le_temps(consultation: Consultation, anciennes: list[Saisine], now: datetime) -> None:
    if not any(now < s.borne for s in anciennes):
        raise RefusMetier("delai_clos", "Le délai est clos : le projet ne se transmet plus de nouveau.")
    if consultation.actes.filter(type=TypeActe.PROCES_VERBAL).exists():
        raise RefusMetier("delai_clos", "Le procès-verbal de clôture est signé.")


def _remplacer(ancienne: Saisine, version: Version, simulation: delais.Simulation, now: datetime) -> Saisine:
    """L'ancienne d'abord, par comparaison-échange : une instance n'a qu'une saisine en vigueur."""
    en_vigueur = Saisine.objects.filter(pk=ancienne.pk, remplacee_le__isnull=True, retiree_le__isnull=True)
    if not en_vigueur.update(remplacee_le=now):
        raise RefusMetier("conflit", "Une saisine vient de changer. Relisez, puis recommencez.")
    neuve = saisir(
        consultation=ancienne.consultation,
        instance=ancienne.instance,
        version=version,
        simulation=simulation,
        now=now,
        rang=ancienne.rang + 1,
    )
    if neuve.is_sans_objet:
        return neuve
    if ancienne.dormante_le:
        Saisine.objects.filter(pk=neuve.pk).update(dormante_le=ancienne.dormante_le)
    annoncer(
        instance=ancienne.instance,
        evenement="saisine",
        occurrence=str(neuve.pk),
        message=courriel_de_nouvelle_saisine(neuve),
        objet=neuve,
        now=now,
    )
    return neuve

"""Transmettre de nouveau : le fond change, nouvelle version, rang suivant, nouveau délai (règles 1, 8)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from consultations import delais
from consultations.actions.actes import preparer_acte, signer_acte
from consultations.actions.remise import accuser_reception
from consultations.actions.silence import acter_silences
from consultations.etats import Etat, TypeActe
from consultations.models import Acte, Consultation, Saisine
from consultations.queries import etats, saisines_de
from participation.common.errors import RefusMetier
from participation.comptes.models import Groupe
from participation.gestion import a_signer
from participation.gestion.actions import preparer
from participation.gestion.saisies import SaisieActe
from participation.notifications.models import Envoi
from participation.rapports.models import Version
from participation.registre.actions import inscrire, verifier
from participation.registre.models import Entree
from tests import fabriques, fabriques_actes
from tests.fabriques import ECHEANCE, TRANSMISE_LE, UN_JOUR

pytestmark = pytest.mark.django_db
LE = TRANSMISE_LE + 60 * UN_JOUR
NOUVELLE = date(2025, 11, 28)


@pytest.fixture
def monde() -> dict[str, Any]:
    """Trois instances saisies : l'une a répondu, l'autre non, la troisième est retirée ; un texte corrigé attend."""
    de = fabriques.consultation(visibilite_avis="depot")
    repondue, muette, retiree = (fabriques.saisine(consultation_=de) for _ in range(3))
    for saisine in (repondue, muette, retiree):
        inscrire(acte="saisine_transmise", objet=saisine, dossier=de.pk, now=saisine.transmise_le)
    acte_de_retrait(retiree)
    avis = fabriques.avis(repondue, recu_le=LE - UN_JOUR)
    inscrire(acte="avis_depose", objet=avis, dossier=de.pk, now=avis.inscrit_le)
    version = fabriques.version(rapport_=de.version.rapport)
    return {"de": de, "repondue": repondue, "muette": muette, "avis": avis, "version": version}


def acte_de_retrait(saisine: Saisine) -> None:
    de, avant = saisine.consultation, LE - 5 * UN_JOUR
    prepare = fabriques_actes.acte_prepare(de, TypeActe.RETRAIT, parametres={"saisines": [str(saisine.pk)]})
    signer_acte(prepare=prepare, par=fabriques.signataire(), now=avant)


def parametres(version: Version, echeance: date = NOUVELLE) -> dict[str, Any]:
    return {"version": str(version.pk), "v": version.v, "echeance": echeance.isoformat()}


def signer(de: Consultation, version: Version, echeance: date = NOUVELLE, now: Any = LE) -> Acte:
    prepare = preparer_acte(
        consultation=de, type=TypeActe.RETRANSMISSION, parametres=parametres(version, echeance), now=now,
        par=fabriques.agent(), motif="La partie 2 a changé de sens.", fondement="Délibération 2025/099",
    )  # fmt: skip
    return signer_acte(prepare=prepare, par=fabriques.signataire(), now=now)


def test_chaque_instance_due_recoit_une_saisine_de_rang_deux_et_un_courriel(monde: dict[str, Any]) -> None:
    de, version = monde["de"], monde["version"]
    acte = signer(de, version)
    version.refresh_from_db()
    de.refresh_from_db()
    neuves = list(de.saisines.en_vigueur().filter(retiree_le=None))
    assert {s.instance_id for s in neuves} == {monde["repondue"].instance_id, monde["muette"].instance_id}
    assert {(s.rang, s.version_id, s.echeance, s.borne) for s in neuves} == {
        (2, version.pk, NOUVELLE, delais.borne(NOUVELLE))
    }
    assert version.is_figee
    assert (de.version, de.echeance, de.transmise_le) == (version, NOUVELLE, TRANSMISE_LE)
    assert Envoi.objects.filter(evenement="saisine", objet_id__in=[s.pk for s in neuves]).count() == 2
    assert "remplace la précédente" in Envoi.objects.filter(evenement="saisine")[0].texte
    assert set(acte.effets["saisines"]) == {str(s.pk) for s in neuves}
    assert set(acte.effets["remplacees"]) == {str(monde[n].pk) for n in ("repondue", "muette")}
    assert acte.effets["empreinte"] == version.empreinte
    assert Entree.objects.filter(acte="saisine_transmise", objet_id__in=[s.pk for s in neuves]).count() == 2
    assert verifier().is_intact


def test_l_avis_deja_depose_reste_a_son_rang_et_l_instance_en_doit_un_nouveau(monde: dict[str, Any]) -> None:
    signer(monde["de"], monde["version"])
    monde["avis"].refresh_from_db()
    assert monde["avis"].saisine == monde["repondue"]
    calcules = dict(etats(Saisine.objects.all(), LE + UN_JOUR).values_list("pk", "etat"))
    assert calcules[monde["repondue"].pk] == Etat.FAVORABLE
    assert calcules[monde["muette"].pk] == Etat.SANS_OBJET, "remplacée, elle n'attend plus rien"
    assert {s.etat for s in saisines_de(monde["de"], LE + UN_JOUR) if not s.retiree_le} == {Etat.NON_SAISIE}  # type: ignore[attr-defined]


def test_le_silence_ne_vaut_que_sur_la_saisine_en_vigueur(monde: dict[str, Any]) -> None:
    signer(monde["de"], monde["version"])
    neuve = monde["de"].saisines.get(instance=monde["muette"].instance, rang=2)
    accuser_reception(saisine=neuve, par=fabriques.mandat(neuve.instance).utilisateur, now=LE + UN_JOUR)
    assert acter_silences(now=delais.borne(ECHEANCE) + UN_JOUR) == 0, "l'ancienne borne ne compte plus"
    assert acter_silences(now=delais.borne(NOUVELLE)) == 1
    assert neuve.avis.get().date_legale == NOUVELLE
    assert not monde["muette"].avis.exists()


def test_les_donnees_et_l_annexe_disent_une_ligne_par_saisine_en_vigueur_et_gardent_l_ancien_avis(
    monde: dict[str, Any], client: Client
) -> None:
    fabriques.epci()
    signer(monde["de"], monde["version"])
    monde["version"].refresh_from_db()
    base = f"/consultations/{monde['de'].slug}/"
    lignes = client.get(f"{base}avis.json").json()
    assert len(lignes) == 3
    retiree = monde["repondue"].version.empreinte  # la saisine retirée garde le texte qu'elle a reçu
    assert sorted(ligne["RAPPORT_VERSION_SHA256"] for ligne in lignes) == sorted(
        [monde["version"].empreinte] * 2 + [retiree]
    )
    annexe = client.get(f"{base}annexe.odt").content
    assert odt_dit(annexe, "Avis donnés avant une nouvelle transmission")
    assert odt_dit(annexe, monde["avis"].numero)
    assert odt_dit(annexe, "Projet transmis de nouveau")
    page = client.get(base).content.decode()
    assert "Projet transmis de nouveau" in page
    ancienne = client.get(monde["muette"].get_absolute_url()).content.decode()
    assert "Remplacée par une nouvelle transmission" in ancienne
    neuve = monde["de"].saisines.get(instance=monde["muette"].instance, rang=2)
    assert f'data-principal href="{neuve.get_absolute_url()}"' in ancienne


def odt_dit(octets: bytes, texte: str) -> bool:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return texte in archive.read("content.xml").decode()


@pytest.mark.parametrize(
    ("echeance", "now", "code"),
    [
        (LE.date() + timedelta(days=20), LE, "forme"),
        (date(2025, 12, 15), delais.borne(ECHEANCE), "delai_clos"),
    ],
    ids=["sous le plancher", "délai clos"],
)
def test_un_delai_trop_court_ou_clos_est_refuse(monde: dict[str, Any], echeance: date, now: Any, code: str) -> None:
    with pytest.raises(RefusMetier) as refus:
        signer(monde["de"], monde["version"], echeance, now)
    assert refus.value.code == code
    assert not Saisine.objects.filter(rang=2).exists()
    monde["version"].refresh_from_db()
    assert not monde["version"].is_figee


def test_le_meme_texte_ou_un_texte_d_un_autre_rapport_est_refuse(monde: dict[str, Any]) -> None:
    for version in (monde["de"].version, fabriques.version()):
        with pytest.raises(RefusMetier, match="autre version"):
            signer(monde["de"], version)


def test_on_ne_signe_que_le_texte_relu(monde: dict[str, Any]) -> None:
    par = fabriques.agent()
    prepare = preparer(
        consultation=monde["de"], type=TypeActe.RETRANSMISSION, par=par, now=LE,
        saisie=SaisieActe(parametres(monde["version"]), "La partie 2 a changé.", "Délibération 2025/099"),
    )  # fmt: skip
    assert not Saisine.objects.filter(rang=2).exists(), "l'essai à blanc est défait"
    Version.objects.filter(pk=monde["version"].pk).update(v=1)
    assert "a changé" in " ".join(a_signer.fiche(prepare, LE).manque)
    with pytest.raises(RefusMetier) as refus:
        signer_acte(prepare=prepare, par=fabriques.signataire(), now=LE)
    assert refus.value.code == "conflit"


def test_la_fiche_a_signer_montre_chaque_courriel_tel_qu_il_partira(monde: dict[str, Any]) -> None:
    prepare = preparer_acte(
        consultation=monde["de"], type=TypeActe.RETRANSMISSION, parametres=parametres(monde["version"]), now=LE,
        par=fabriques.agent(), motif="La partie 2 a changé.", fondement="Délibération 2025/099",
    )  # fmt: skip
    fiche = a_signer.fiche(prepare, LE)
    assert len(fiche.destinataires) == len(fiche.courriels) == 2
    assert "Cette transmission remplace la précédente." in fiche.courriels[0].texte
    assert "vendredi 28 novembre 2025" in fiche.jusqu_a


@pytest.mark.parametrize("groupes", [(), (Groupe.ADMIN,), (Groupe.AGENT,)])
def test_seule_une_personne_signataire_transmet_de_nouveau(monde: dict[str, Any], groupes: tuple[Groupe, ...]) -> None:
    prepare = preparer_acte(
        consultation=monde["de"], type=TypeActe.RETRANSMISSION, parametres=parametres(monde["version"]), now=LE,
        par=fabriques.agent(), motif="La partie 2 a changé.", fondement="Délibération 2025/099",
    )  # fmt: skip
    with pytest.raises(RefusMetier) as refus:
        signer_acte(prepare=prepare, par=fabriques.utilisateur(*groupes), now=LE)
    assert refus.value.code == "interdit"


def test_sans_deliberation_l_acte_ne_se_prepare_pas(monde: dict[str, Any]) -> None:
    with pytest.raises(RefusMetier, match="délibération"):
        preparer_acte(
            consultation=monde["de"], type=TypeActe.RETRANSMISSION, parametres=parametres(monde["version"]), now=LE,
            par=fabriques.agent(), motif="La partie 2 a changé.",
        )  # fmt: skip


def test_la_base_refuse_un_autre_texte_que_celui_d_une_nouvelle_transmission(monde: dict[str, Any]) -> None:
    autre = fabriques.version_figee(rapport_=monde["de"].version.rapport)
    with pytest.raises(IntegrityError, match="transmise"), transaction.atomic():
        Consultation.objects.filter(pk=monde["de"].pk).update(version=autre)
    signer(monde["de"], monde["version"])
    with pytest.raises(IntegrityError, match="transmise"), transaction.atomic():
        Consultation.objects.filter(pk=monde["de"].pk).update(version=autre)


def test_le_projet_de_l_ancienne_saisine_reste_lisible_mais_ne_se_depose_plus(
    monde: dict[str, Any], client: Client
) -> None:
    signer(monde["de"], monde["version"])
    fabriques.projet_pret(monde["muette"])
    client.force_login(fabriques.mandat(monde["muette"].instance).utilisateur)
    adresse = monde["muette"].get_absolute_url()
    assert client.get(f"{adresse}projet/").status_code in {200, 409}

"""« À signer », pour chaque type d'acte : 250 mots au plus, deux gestes, chaque courriel lu avant (règle 22)."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from consultations import delais
from consultations.etats import TypeActe
from consultations.models import Acte, ActePrepare, Consultation
from participation.notifications.models import Envoi
from participation.territoires.models import Instance
from tests import fabriques, fabriques_actes

pytestmark = pytest.mark.une_base  # ce qui se prouve ici ne dépend pas de la base

INSTANCES = 20
MOTIF = "Le conseil municipal se réunit en novembre, et deux conseils citoyens ont demandé plus de temps. " * 3
COQUILLE = "Lire « aménagement » au lieu de « amégement ». " * 60 + "Fin."
FONDEMENT = "Délibération du conseil communautaire n° 2025/057 du 24 juin 2025, article 4"


def tous(de: Consultation) -> dict[str, Any]:
    return {"saisines": [str(pk) for pk in de.saisines.values_list("pk", flat=True)]}


def neuf(de: Consultation) -> dict[str, Any]:
    version = fabriques.version(rapport_=de.version.rapport)
    return {"version": str(version.pk), "v": version.v, "echeance": "2025-12-15"}


PARAMETRES: dict[str, Callable[[Consultation], dict[str, Any]]] = {
    TypeActe.TRANSMISSION: lambda de: {},
    TypeActe.REPORT: lambda de: {"echeance": "2025-12-15", "saisines": []},
    TypeActe.RECTIFICATIF: lambda de: {"texte": COQUILLE, "section": "2"},
    TypeActe.RETRAIT: tous,
    TypeActe.ANNULATION: lambda de: {},
    TypeActe.PROCES_VERBAL: lambda de: {},
    TypeActe.RETRANSMISSION: neuf,
    TypeActe.DORMANCE: tous,
    TypeActe.SANS_OBJET: tous,
}


def acte_prepare(type_acte: str, *, remise: bool = True) -> ActePrepare:
    """L'acte du type dit, pour vingt instances joignables."""
    is_neuve = type_acte == TypeActe.TRANSMISSION
    instances = [
        fabriques.instance(courriel=f"i{n}@exemple.invalid", is_installee=type_acte != TypeActe.SANS_OBJET)
        for n in range(INSTANCES)
    ]
    de = fabriques.consultation(slug="essai", transmise=not is_neuve, echeance=date(2025, 11, 28), instances=instances)
    if not is_neuve:
        for instance in instances:
            fabriques.saisine(consultation_=de, instance_=instance, remise=remise)
    is_cite = type_acte in {TypeActe.REPORT, TypeActe.RETRANSMISSION}
    sans_motif = type_acte in {TypeActe.TRANSMISSION, TypeActe.PROCES_VERBAL}
    return fabriques_actes.acte_prepare(
        de, type_acte, parametres=PARAMETRES[type_acte](de), motif="" if sans_motif else MOTIF.strip(),
        fondement=FONDEMENT if is_cite else "",
    )  # fmt: skip


def mots(page: str) -> int:
    """Les mots qui se lisent dans la page, hors replis."""
    contenu = re.search(r"<main.*?</main>", page, re.S)
    assert contenu
    nu = re.sub(r"<details.*?</details>", " ", contenu[0], flags=re.S)
    return len(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", nu)))


def quand(type_acte: str, settings: Settings) -> datetime:
    """Un procès-verbal vient après la dernière échéance."""
    if type_acte == TypeActe.PROCES_VERBAL:
        settings.MAINTENANT = delais.borne(date(2025, 11, 28))
    moment: datetime = settings.MAINTENANT
    return moment


@pytest.mark.parametrize("type_acte", TypeActe.values)
def test_chaque_acte_se_lit_en_250_mots_et_se_signe_en_deux_gestes(
    signataire: Client, settings: Settings, type_acte: str
) -> None:
    quand(type_acte, settings)
    prepare = acte_prepare(type_acte)
    adresse = f"/gestion/a-signer/{prepare.pk}/"
    lu = signataire.get(adresse)
    assert mots(lu.text) <= 250
    montres = lu.context["fiche"].courriels
    assert len(montres) == len(lu.context["fiche"].destinataires) == INSTANCES
    assert len(re.findall(r"<input[^>]+type=\"checkbox\"", lu.text.partition("<main")[2])) == 1, "geste 1 : avoir relu"
    assert lu.text.count("data-principal") == 1, "geste 2 : signer"
    assert signataire.post(adresse).status_code == 422, "sans relire, rien"
    assert not Acte.objects.exists()
    assert signataire.post(adresse, {"relu": "on"}).status_code == 303
    partis = Envoi.objects.filter(adresse__startswith="i").order_by("pk")
    assert partis.count() == INSTANCES
    assert sorted((e.sujet, sans_ce_qui_nait(e.texte)) for e in partis) == sorted(
        (c.sujet, sans_ce_qui_nait(c.texte)) for c in montres
    )
    assert Acte.objects.get().type == type_acte


def sans_ce_qui_nait(texte: str) -> str:
    """Sans l'adresse de la page et l'empreinte : elles n'existent qu'à la signature, et l'aperçu le dit."""
    nu = re.sub(r"http\S+/saisines/\S+|\[adresse de la page, donnée à la signature\]", "[adresse]", texte)
    return re.sub(r"\b[0-9a-f]{64}\b|\[calculée à la signature\]", "[empreinte]", nu)


@pytest.mark.parametrize("type_acte", [TypeActe.TRANSMISSION, TypeActe.PROCES_VERBAL, TypeActe.REPORT])
def test_ce_qui_manque_a_beaucoup_tient_aussi_en_250_mots(
    signataire: Client, settings: Settings, type_acte: str
) -> None:
    """Vingt instances injoignables, sans preuve de remise, ou au délai clos : quatre noms, puis un compte."""
    quand(TypeActe.PROCES_VERBAL if type_acte != TypeActe.TRANSMISSION else type_acte, settings)
    prepare = acte_prepare(type_acte, remise=False)
    Instance.objects.update(courriel="")
    lu = signataire.get(f"/gestion/a-signer/{prepare.pk}/")
    assert "et 16 autres" in lu.text
    assert mots(lu.text) <= 250


def test_la_signature_simultanee_n_engage_qu_une_fois(signataire: Client, settings: Settings) -> None:
    """Deux personnes signataires ont la page ouverte ; la seconde apprend que c'est fait."""
    prepare = acte_prepare(TypeActe.REPORT)
    seconde = Client()
    seconde.force_login(fabriques.signataire())
    adresse = f"/gestion/a-signer/{prepare.pk}/"
    assert [c.post(adresse, {"relu": "on"}).status_code for c in (signataire, seconde)] == [303, 409]
    assert Acte.objects.count() == 1
    assert Envoi.objects.filter(evenement="report").count() == INSTANCES


def test_un_agent_et_un_membre_ne_signent_jamais(agent: Client) -> None:
    prepare = acte_prepare(TypeActe.ANNULATION)
    membre = Client()
    membre.force_login(fabriques.mandat(prepare.consultation.saisines.all()[0].instance).utilisateur)
    for qui in (agent, membre, Client()):
        assert qui.post(f"/gestion/a-signer/{prepare.pk}/", {"relu": "on"}).status_code in {302, 303, 403, 404}
    assert not Acte.objects.exists()

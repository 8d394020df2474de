"""Relire et déposer par HTTP : les codes du contrat, la borne, les conflits, la version 2 (règles 4, 10, 12, 15)."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from consultations.actions.silence import acter_silences
from consultations.etats import Sens
from consultations.models import Avis, Saisine
from tests import fabriques

pytestmark = pytest.mark.django_db
DIXIEME = timedelta(milliseconds=100)


@pytest.fixture(autouse=True)
def heure(settings: Settings, now: datetime) -> None:
    settings.MAINTENANT = now


@pytest.fixture
def saisine() -> Saisine:
    saisine = fabriques.saisine()
    fabriques.projet_pret(saisine, texte="Le texte relu.", observations=["Et l'axe 4 ?"])
    return saisine


@pytest.fixture
def membre(client: Client, saisine: Saisine) -> Client:
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    return client


def adresse(saisine: Saisine, nom: str = "avis_deposer") -> str:
    return reverse(f"consultations:{nom}", args=[saisine.consultation.slug, saisine.pk])


def champs_de(page: str) -> dict[str, str]:
    """Les champs cachés de la relecture, tels que le navigateur les renverrait."""
    caches = dict(re.findall(r'<input type="hidden" name="(cle|projet_v|remplace)" value="([^"]*)"', page))
    assert set(caches) == {"cle", "projet_v", "remplace"}
    return caches | {"au_nom_de": "1"}


def relire(client: Client, saisine: Saisine) -> tuple[str, dict[str, str]]:
    reponse = client.get(adresse(saisine))
    assert reponse.status_code == 200
    page = reponse.content.decode()
    return page, champs_de(page)


def deposer(client: Client, saisine: Saisine, **champs: str) -> Any:
    _, caches = relire(client, saisine)
    return client.post(adresse(saisine), caches | champs)


def contenu(page: str) -> str:
    """Ce qui se publie : du sens à la dernière demande."""
    morceau = re.search(r'<p class="reponse-dite">.*?Et l&#x27;axe 4 \?</p></div>', page, flags=re.S)
    assert morceau
    return morceau[0]


def test_le_depot_publie_exactement_ce_qui_etait_relu(membre: Client, saisine: Saisine) -> None:
    page, caches = relire(membre, saisine)
    assert "Tout ceci sera publié, mot pour mot." in page
    reponse = membre.post(adresse(saisine), caches)
    avis = Avis.objects.get()
    assert (reponse.status_code, reponse["Location"]) == (303, avis.get_absolute_url())
    recu = membre.get(avis.get_absolute_url()).content.decode()
    assert "Votre avis est bien reçu. Merci" in recu
    assert avis.numero in recu
    public = Client().get(avis.get_absolute_url()).content.decode()
    titre = re.compile(r"</?h[23]\b")
    assert {titre.sub("<h", contenu(p)) for p in (page, recu, public)} == {titre.sub("<h", contenu(page))}
    assert "Votre avis est bien reçu" not in public


def test_la_requete_de_depot_tient_dans_quatre_kilo_octets(membre: Client, saisine: Saisine) -> None:
    fabriques.projet_pret(saisine, texte="é" * 19_000)
    _, caches = relire(membre, saisine)
    assert len("&".join(f"{nom}={valeur}" for nom, valeur in caches.items())) < 300
    lourde = membre.post(adresse(saisine), caches | {"texte": "x" * 5000})
    assert lourde.status_code == 422
    assert not Avis.objects.exists()


@pytest.mark.parametrize("champs", [{"au_nom_de": ""}, {"cle": ""}, {"cle": "1"}, {"projet_v": ""}, {"remplace": "x"}])
def test_une_forme_fausse_est_refusee_422_sans_rien_ecrire(
    membre: Client, saisine: Saisine, champs: dict[str, str]
) -> None:
    reponse = deposer(membre, saisine, **champs)
    assert reponse.status_code == 422
    assert "Le texte relu." in reponse.content.decode()
    assert not Avis.objects.exists()


def test_deux_appuis_un_seul_avis_et_la_meme_reponse(membre: Client, saisine: Saisine) -> None:
    _, caches = relire(membre, saisine)
    reponses = [membre.post(adresse(saisine), caches) for _ in range(2)]
    assert [r.status_code for r in reponses] == [303, 303]
    assert reponses[0]["Location"] == reponses[1]["Location"]
    assert Avis.objects.count() == 1


@pytest.mark.parametrize(("ecart", "statut"), [(-DIXIEME, 303), (timedelta(0), 409), (DIXIEME, 409)])
def test_a_minuit_un_dixieme_de_seconde_decide(
    membre: Client, saisine: Saisine, settings: Settings, ecart: timedelta, statut: int
) -> None:
    _, caches = relire(membre, saisine)
    settings.MAINTENANT = saisine.borne + ecart
    reponse = membre.post(adresse(saisine), caches)
    assert reponse.status_code == statut
    assert Avis.objects.exists() is (statut == 303)
    if statut == 409:
        page = reponse.content.decode()
        assert "trop tard" in page
        assert "Le texte relu." in page
        assert "Et l&#x27;axe 4 ?" in page


def test_trop_tard_meme_avec_une_forme_fausse_et_jamais_un_formulaire_mort(
    membre: Client, saisine: Saisine, settings: Settings
) -> None:
    settings.MAINTENANT = saisine.borne
    reponse = membre.post(adresse(saisine), {})
    assert reponse.status_code == 409
    assert 'name="projet_v"' not in reponse.content.decode()


def test_trop_tard_avec_le_silence_deja_inscrit(membre: Client, saisine: Saisine, settings: Settings) -> None:
    _, caches = relire(membre, saisine)
    settings.MAINTENANT = saisine.borne + DIXIEME
    assert acter_silences(now=saisine.borne + DIXIEME) == 1
    assert membre.post(adresse(saisine), caches).status_code == 409
    assert Avis.objects.get().is_silence


def test_a_temps_le_depot_l_emporte_sur_un_silence_inscrit_trop_tot(membre: Client, saisine: Saisine) -> None:
    """Un ouvrier en avance de deux heures a déjà écrit le silence : il n'est pas encore la loi (règle 4)."""
    silence = fabriques.avis_repute(saisine)
    assert membre.get(silence.get_absolute_url()).status_code == 404
    reponse = deposer(membre, saisine)
    assert reponse.status_code == 303
    assert Avis.objects.get(remplace=silence).sens == Sens.FAVORABLE


def test_la_version_2_montre_l_ancien_et_le_nouveau_et_dit_ce_qu_elle_remplace(
    membre: Client, saisine: Saisine
) -> None:
    deposer(membre, saisine)
    premier = Avis.objects.get()
    fabriques.projet_avis(saisine, v=2, texte="Le texte corrigé.", sens=Sens.DEFAVORABLE)
    page, caches = relire(membre, saisine)
    assert caches["remplace"] == str(premier.pk)
    assert all(mot in page for mot in ("Le texte relu.", "Le texte corrigé.", "Version 1", "Version 2"))
    reponse = membre.post(adresse(saisine), caches)
    second = Avis.objects.get(remplace=premier)
    assert reponse["Location"] == second.get_absolute_url()
    ancienne = Client().get(premier.get_absolute_url()).content.decode()
    assert second.get_absolute_url() in ancienne
    assert "Le texte relu." in ancienne
    assert (
        "Version 2"
        in Client().get(reverse("consultations:instances", args=[saisine.consultation.slug])).content.decode()
    )


def test_un_avis_depose_entre_temps_409_et_les_deux_textes(membre: Client, saisine: Saisine) -> None:
    _, caches = relire(membre, saisine)
    deja = fabriques.avis(saisine, texte="L'avis de l'autre membre.", sens=Sens.DEFAVORABLE)
    reponse = membre.post(adresse(saisine), caches)
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "L&#x27;avis de l&#x27;autre membre." in page
    assert "Le texte relu." in page
    assert Avis.objects.count() == 1
    neufs = champs_de(page)
    assert neufs["remplace"] == str(deja.pk)
    assert membre.post(adresse(saisine), neufs).status_code == 303


def test_un_projet_change_apres_la_relecture_409_et_le_texte_d_aujourd_hui(membre: Client, saisine: Saisine) -> None:
    _, caches = relire(membre, saisine)
    fabriques.projet_avis(saisine, v=5, texte="Changé par une autre main.")
    reponse = membre.post(adresse(saisine), caches)
    assert reponse.status_code == 409
    assert "Changé par une autre main." in reponse.content.decode()
    assert champs_de(reponse.content.decode())["projet_v"] == "5"
    assert not Avis.objects.exists()


def test_ce_qui_manque_est_dit_avec_un_lien_et_refuse_au_depot(client: Client) -> None:
    saisine = fabriques.saisine(instance_=fabriques.conseil_municipal())
    fabriques.projet_avis(saisine, v=1, sens=Sens.FAVORABLE)
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    page = client.get(adresse(saisine)).content.decode()
    assert "Indiquez la date du vote du conseil municipal." in page
    assert adresse(saisine, "projet") + "?etape=sens#id_date_seance" in page
    assert "Déposer l’avis" not in page
    corps = {"cle": str(uuid4()), "projet_v": "1", "remplace": "", "au_nom_de": "1"}
    assert client.post(adresse(saisine), corps).status_code == 422
    assert not Avis.objects.exists()


def test_un_mandat_fini_ne_depose_plus(membre: Client, saisine: Saisine, now: datetime) -> None:
    _, caches = relire(membre, saisine)
    saisine.instance.mandats.update(au=now)
    assert membre.post(adresse(saisine), caches).status_code == 404
    assert not Avis.objects.exists()

"""Les pages des mandats : l'agent partout, la présidence chez elle, personne d'autre."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pikepdf import Pdf

from participation.common.dates import fin_de, jour_a_paris, maintenant
from participation.common.errors import RefusMetier
from participation.comptes import actions
from participation.comptes.models import CodeRemis, Mandat, Utilisateur
from participation.comptes.permissions import has_mandat
from participation.comptes.queries_mandats import lettres_a_faire
from participation.notifications.models import Envoi
from participation.territoires.models import Instance
from tests.fabriques import agent, conseil_municipal, instance, mandat, utilisateur
from tests.outillage.documents import texte_du_pdf

pytestmark = pytest.mark.django_db
BUREAU, CHEZ_SOI = "/gestion/mandats/instances/", "/mon-conseil/"
VOISIN = {"nom": "Un voisin", "role": "MEMBRE"}


@pytest.fixture
def conseil() -> Instance:
    """Un conseil citoyen."""
    return instance(nom="Conseil du Centre", slug="centre")


@pytest.fixture
def au_bureau(client: Client) -> Client:
    """Un navigateur où un agent est entré."""
    client.force_login(agent())
    return client


def chez(conseil: Instance, client: Client) -> Utilisateur:
    """La présidence du conseil, entrée dans ce navigateur."""
    presidente = mandat(conseil).utilisateur
    client.force_login(presidente)
    return presidente


# --- nommer
def test_un_agent_nomme_et_l_invitation_part(au_bureau: Client, conseil: Instance) -> None:
    corps = VOISIN | {"courriel": "Voisin@Exemple.invalid", "college": "Habitants", "au": "2099-06-30"}
    assert au_bureau.post(f"{BUREAU}centre/nommer/", corps).status_code == 303
    donne = Mandat.objects.get()
    assert (donne.utilisateur.email, donne.college, donne.nom) == ("voisin@exemple.invalid", "Habitants", "Un voisin")
    assert str(donne.dernier_jour) == "2099-06-30"
    assert Envoi.objects.get().adresse == "voisin@exemple.invalid"
    assert au_bureau.post(f"{BUREAU}centre/nommer/", corps).status_code == 409
    assert Envoi.objects.count() == 1


def test_sans_courriel_la_lettre_est_a_imprimer(au_bureau: Client, conseil: Instance) -> None:
    au_bureau.post(f"{BUREAU}centre/nommer/", VOISIN)
    assert Mandat.objects.get().utilisateur.email is None
    page = au_bureau.get(f"{BUREAU}centre/").content.decode()
    assert "Sans courriel" in page
    assert "Imprimer 1" in page
    assert not Envoi.objects.exists()


def test_le_premier_mandat_d_un_secretariat_exige_la_ligne_signee_du_maire(au_bureau: Client) -> None:
    commune = conseil_municipal(nom="Commune", slug="commune")
    corps = {"nom": "Secrétaire", "courriel": "secretariat@exemple.invalid", "role": "SECRETARIAT"}
    reponse = au_bureau.post(f"{BUREAU}commune/nommer/", corps)
    assert reponse.status_code == 422
    assert "ligne signée du maire" in reponse.content.decode()
    assert not Mandat.objects.exists()
    assert not Utilisateur.objects.filter(email="secretariat@exemple.invalid").exists()
    ligne = SimpleUploadedFile("ligne.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    assert au_bureau.post(f"{BUREAU}commune/nommer/", corps | {"piece": ligne}).status_code == 303
    donne = Mandat.objects.get()
    piece = au_bureau.get(f"{BUREAU}commune/{donne.pk}/piece/")
    assert piece["Content-Disposition"].startswith("attachment")
    assert donne.instance == commune


def test_le_secretariat_tient_plusieurs_communes_une_ligne_par_commune(now: datetime) -> None:
    premiere, seconde, personne = conseil_municipal(), conseil_municipal(), utilisateur()
    mandat(premiere, par=personne, role=Mandat.Role.SECRETARIAT)
    with pytest.raises(RefusMetier, match="ligne signée"):
        actions.nommer_mandat(utilisateur=personne, instance=seconde, role="SECRETARIAT", par=agent(), now=now)


def test_on_ne_se_nomme_pas_soi_meme(now: datetime) -> None:
    par = agent()
    with pytest.raises(RefusMetier, match="soi-même"):
        actions.nommer_mandat(utilisateur=par, instance=instance(), role="PRESIDENCE", par=par, now=now)


# --- finir, renouveler
def test_finir_puis_renouveler(au_bureau: Client, conseil: Instance) -> None:
    donne = mandat(conseil, role=Mandat.Role.MEMBRE)
    fiche = f"{BUREAU}centre/{donne.pk}/"
    assert au_bureau.post(f"{fiche}renouveler/", {"au": "2099-01-01"}).status_code == 409  # sans fin
    assert au_bureau.post(f"{fiche}finir/").status_code == 303
    assert not has_mandat(donne.utilisateur, conseil, maintenant())
    assert au_bureau.post(f"{fiche}finir/").status_code == 409
    assert au_bureau.post(f"{fiche}renouveler/", {"au": "2000-01-01"}).status_code == 422
    assert au_bureau.post(f"{fiche}renouveler/", {"au": "2099-01-01"}).status_code == 303
    assert has_mandat(donne.utilisateur, conseil, maintenant())
    assert au_bureau.post(f"{fiche}renouveler/", {"au": "2099-01-01"}).status_code == 409


def test_un_renouvellement_commence_ou_l_ancien_finit_sans_trou_ni_recouvrement(conseil: Instance) -> None:
    now = maintenant()
    fin = fin_de(jour_a_paris(now) + timedelta(days=10))
    ancien = mandat(conseil, au=fin)
    neuf = actions.renouveler_mandat(mandat=ancien, au=None, par=agent(), now=now)
    assert neuf.du == fin
    assert [has_mandat(ancien.utilisateur, conseil, i) for i in (fin - timedelta(seconds=1), fin)] == [True, True]


# --- la présidence, chez elle et nulle part ailleurs
def test_la_presidence_nomme_des_membres_dans_son_conseil(client: Client, conseil: Instance) -> None:
    par = chez(conseil, client)
    assert client.post(f"{CHEZ_SOI}centre/nommer/", VOISIN).status_code == 303
    assert Mandat.objects.get(role="MEMBRE").nomme_par == par
    for role in ("PRESIDENCE", "SECRETARIAT"):
        assert client.post(f"{CHEZ_SOI}centre/nommer/", VOISIN | {"role": role}).status_code == 422


def test_la_presidence_finit_un_membre_mais_pas_une_presidence_et_ne_dicte_pas_de_code(
    client: Client, conseil: Instance
) -> None:
    chez(conseil, client)
    membre, autre = mandat(conseil, role=Mandat.Role.MEMBRE), mandat(conseil)
    assert client.post(f"{CHEZ_SOI}centre/{membre.pk}/secours/").status_code == 403
    assert client.post(f"{CHEZ_SOI}centre/{membre.pk}/finir/").status_code == 303
    assert client.post(f"{CHEZ_SOI}centre/{autre.pk}/finir/").status_code == 403


def test_chez_un_autre_conseil_rien_n_existe(client: Client, conseil: Instance) -> None:
    presidente = mandat(conseil).utilisateur
    ailleurs = mandat(instance(slug="ailleurs"), role=Mandat.Role.MEMBRE, par=utilisateur(email=None))
    client.force_login(presidente)
    for adresse in ("ailleurs/", f"ailleurs/{ailleurs.pk}/", f"centre/{ailleurs.pk}/", "ailleurs/nommer/"):
        assert client.get(f"{CHEZ_SOI}{adresse}").status_code == 404, adresse
    for adresse in (f"ailleurs/{ailleurs.pk}/finir/", f"centre/{ailleurs.pk}/finir/", "ailleurs/lettres/"):
        assert client.post(f"{CHEZ_SOI}{adresse}").status_code == 404, adresse
    assert client.post(f"{CHEZ_SOI}centre/lettres/", {"mandat": str(ailleurs.pk)}).status_code == 422
    assert client.get(f"{BUREAU}centre/").status_code == 404  # le bureau n'est pas à elle
    assert not CodeRemis.objects.exists()


def test_une_presidence_finie_perd_sa_page_a_la_requete_suivante(client: Client, conseil: Instance) -> None:
    chez(conseil, client)
    assert client.get(f"{CHEZ_SOI}centre/").status_code == 200
    Mandat.objects.update(au=maintenant())
    assert client.get(f"{CHEZ_SOI}centre/").status_code == 404


def test_la_presidence_ne_voit_pas_les_courriels(client: Client, conseil: Instance) -> None:
    chez(conseil, client)
    membre = mandat(conseil, role=Mandat.Role.MEMBRE, par=utilisateur(email="secret@exemple.invalid"))
    for page in ("", f"{membre.pk}/"):
        assert "secret@" not in client.get(f"{CHEZ_SOI}centre/{page}").content.decode()


# --- les lettres
def test_les_lettres_sortent_en_un_pdf_une_par_page_et_rien_ne_reste_sur_le_disque(
    au_bureau: Client, conseil: Instance, tmp_path: Path
) -> None:
    par = agent()
    for _ in range(3):
        mandat(conseil, par=utilisateur(email=None), role=Mandat.Role.MEMBRE, nomme_par=par)
    avant = set((settings.VAR_DIR / "pdf").glob("*.pdf"))
    reponse = au_bureau.post("/gestion/mandats/lettres/")
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in reponse["Cache-Control"]
    (tmp_path / "lettres.pdf").write_bytes(reponse.content)
    with Pdf.open(tmp_path / "lettres.pdf") as document:
        assert len(document.pages) == 3
    codes = re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", texte_du_pdf(reponse.content))
    assert len(set(codes)) == CodeRemis.objects.count() == 3
    assert set((settings.VAR_DIR / "pdf").glob("*.pdf")) == avant
    assert [Client().post("/lettre/", {"code": c}).status_code for c in codes] == [303] * 3
    assert au_bureau.post("/gestion/mandats/lettres/").status_code == 422  # plus aucune ne manque


def test_sans_document_les_anciennes_lettres_marchent_encore(
    au_bureau: Client, conseil: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from participation.common.pdf import PdfIndisponible
    from participation.comptes.views import conseil as vues

    def en_panne(*_: object) -> None:
        raise PdfIndisponible("Ce serveur ne sait pas faire de PDF.")

    donne = mandat(conseil, par=utilisateur(email=None), nomme_par=agent())
    monkeypatch.setattr(vues, "lettres_en_pdf", en_panne)
    assert au_bureau.post(f"{BUREAU}centre/lettres/", {"mandat": str(donne.pk)}).status_code == 503
    assert not CodeRemis.objects.exists()
    assert lettres_a_faire(maintenant(), datetime.now(UTC)) == [donne]


# --- qui dépose
def test_qui_depose_se_regle_par_un_agent_ou_par_la_presidence(client: Client, conseil: Instance) -> None:
    chez(conseil, client)
    assert client.post(f"{CHEZ_SOI}centre/depot/", {"qui_depose": "PRESIDENCE"}).status_code == 303
    conseil.refresh_from_db()
    assert conseil.qui_depose == Instance.QuiDepose.PRESIDENCE
    assert client.post(f"{CHEZ_SOI}centre/depot/", {"qui_depose": "PERSONNE"}).status_code == 422
    membre = mandat(conseil, role=Mandat.Role.MEMBRE).utilisateur
    with pytest.raises(RefusMetier):
        actions.regler_le_depot(instance=conseil, qui="MEMBRES", par=membre, now=maintenant())

"""La page d'un avis et la fiche de preuve : publiques, permanentes, sans personne ; « J'ai bien reçu »."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from consultations.actions.depot import deposer_avis
from consultations.actions.silence import acter_silences
from consultations.models import PieceAvis, PreuveRemise
from participation.registre.models import Entree
from tests import fabriques

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def heure(settings: Settings, now: datetime) -> None:
    settings.MAINTENANT = now


def fiche(saisine: object, nom: str = "saisine") -> str:
    return reverse(f"consultations:{nom}", args=[saisine.consultation.slug, saisine.pk])  # type: ignore[attr-defined]


def test_la_fiche_dit_la_transmission_la_remise_le_fondement_et_le_registre(client: Client, now: datetime) -> None:
    mandat = fabriques.mandat()
    saisine = fabriques.saisine(instance_=mandat.instance)
    fabriques.projet_pret(saisine)
    avis = deposer_avis(
        saisine=saisine, cle=saisine.pk, projet_v=1, remplace=None, par=mandat.utilisateur, recu_le=now, now=now
    )
    page = client.get(fiche(saisine)).content.decode().replace("\u00a0", " ")
    for attendu in (
        "lundi 30 juin 2025 à 16 h 00 min 00 s",
        "Récépissé signé",
        "mardi 1er juillet 2025",
        "jeudi 30 octobre 2025",
        "vendredi 31 octobre 2025 à 00 h 00 min 00 s, heure de Paris, exclu",
        "décret n° 2015-1118",
        avis.numero,
        "Avis déposé",
        Entree.objects.get(objet_id=avis.pk).empreinte,
        saisine.version.empreinte[:8],
    ):
        assert attendu in page, attendu
    for personne in (mandat.utilisateur.nom_usage, mandat.utilisateur.email or "", saisine.instance.courriel):
        assert personne.replace("'", "&#x27;") not in page


def test_le_detail_d_une_preuve_n_est_lu_que_des_agents_et_de_l_instance(client: Client) -> None:
    saisine = fabriques.saisine(remise=False)
    fabriques.preuve_remise(saisine, note="Remis en main propre à la gardienne.")
    lecteurs = {None: False, fabriques.utilisateur(): False, fabriques.agent(): True}
    lecteurs[fabriques.mandat(saisine.instance).utilisateur] = True
    for personne, voit in lecteurs.items():
        if personne:
            client.force_login(personne)
        assert ("gardienne" in client.get(fiche(saisine)).content.decode()) is voit


def test_j_ai_bien_recu_prouve_la_remise_une_seule_fois(client: Client, now: datetime) -> None:
    saisine = fabriques.saisine(remise=False)
    client.force_login(fabriques.mandat(saisine.instance).utilisateur)
    assert "J’ai bien reçu" in client.get(fiche(saisine)).content.decode()
    for _ in range(2):
        reponse = client.post(fiche(saisine, "recu"))
        assert (reponse.status_code, reponse["Location"]) == (303, fiche(saisine))
    preuve = PreuveRemise.objects.get(saisine=saisine)
    assert (preuve.moyen, preuve.remis_le) == (PreuveRemise.Moyen.JAI_RECU, now)
    page = client.get(fiche(saisine)).content.decode()
    assert 'data-etat="attente"' in page
    assert "Donner l’avis du conseil" in page


def test_une_instance_qui_a_repondu_n_a_plus_a_confirmer_ni_a_craindre_le_silence(client: Client) -> None:
    saisine = fabriques.saisine(remise=False)
    mandat = fabriques.mandat(saisine.instance)
    fabriques.avis(saisine)
    client.force_login(mandat.utilisateur)
    page = client.get(fiche(saisine)).content.decode()
    assert "Remplacer l’avis du conseil" in page
    assert "J’ai bien reçu" not in page
    assert "la loi fait comme" not in page


def test_plusieurs_preuves_du_meme_genre_ne_font_qu_une_ligne_pour_le_public(client: Client) -> None:
    saisine = fabriques.saisine()
    for heures in (1, 2):
        fabriques.preuve_remise(saisine, remis_le=saisine.transmise_le + timedelta(hours=heures))
    page = client.get(fiche(saisine)).content.decode().replace("\u00a0", " ")
    assert "Et 2 autres preuves du même genre." in page


def test_j_ai_bien_recu_est_reserve_aux_mandats(client: Client) -> None:
    saisine = fabriques.saisine(remise=False)
    assert client.post(fiche(saisine, "recu")).status_code == 302
    for personne in (fabriques.agent(), fabriques.mandat().utilisateur):
        client.force_login(personne)
        assert "J’ai bien reçu" not in client.get(fiche(saisine)).content.decode()
        assert client.post(fiche(saisine, "recu")).status_code == 403
    assert not saisine.preuves.exists()


def test_un_silence_se_lit_a_la_borne_sans_auteur_ni_texte(client: Client, settings: Settings) -> None:
    saisine = fabriques.saisine()
    silence = fabriques.avis_repute(saisine)
    assert client.get(silence.get_absolute_url()).status_code == 404
    settings.MAINTENANT = saisine.borne
    page = client.get(silence.get_absolute_url()).content.decode()
    assert 'data-etat="repute"' in page
    assert "Vérification du courrier en cours" in page
    assert "jeudi 30 octobre 2025" in page


def test_une_fiche_sans_preuve_dit_que_le_silence_ne_vaut_rien(client: Client, settings: Settings) -> None:
    saisine = fabriques.saisine(remise=False)
    settings.MAINTENANT = saisine.borne + timedelta(days=1)
    assert acter_silences(now=settings.MAINTENANT) == 0
    page = client.get(fiche(saisine)).content.decode()
    assert 'data-etat="nonsaisie"' in page
    assert "Sans preuve, un silence ne vaut rien." in page


def test_une_piece_publiee_se_telecharge_avec_son_avis_seulement(client: Client) -> None:
    avis, autre = fabriques.avis(), fabriques.avis()
    piece = fabriques.piece()
    PieceAvis.objects.create(avis=avis, piece=piece)
    slug = avis.saisine.consultation.slug
    recue = client.get(reverse("consultations:piece", args=[slug, avis.pk, piece.pk]))
    assert recue.status_code == 200
    assert recue["Content-Disposition"].startswith("attachment")
    assert recue["X-Content-Type-Options"] == "nosniff"
    assert piece.nom in client.get(avis.get_absolute_url()).content.decode()
    ailleurs = reverse("consultations:piece", args=[autre.saisine.consultation.slug, autre.pk, piece.pk])
    assert client.get(ailleurs).status_code == 404


def test_l_adresse_d_un_avis_ne_vaut_que_dans_sa_consultation(client: Client) -> None:
    avis, autre = fabriques.avis(), fabriques.saisine()
    for nom, pk in (("avis", avis.pk), ("saisine", avis.saisine_id)):
        assert client.get(reverse(f"consultations:{nom}", args=[autre.consultation.slug, pk])).status_code == 404


def test_le_texte_d_une_personne_est_montre_mot_pour_mot_et_jamais_execute(client: Client) -> None:
    avis = fabriques.avis(texte="<script>alert(1)</script>\n\n5 < 6 & « bien »", observations=["<b onclick=x>gras</b>"])
    page = client.get(avis.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "5 &lt; 6 &amp; « bien »" in page
    assert "&lt;b onclick=x&gt;gras&lt;/b&gt;" in page


def test_autant_de_requetes_pour_deux_demandes_que_pour_vingt(client: Client) -> None:
    comptes = []
    for combien in (2, 20):
        avis = fabriques.avis(observations=[f"Demande {n}" for n in range(combien)])
        for n in range(combien):
            PieceAvis.objects.create(avis=avis, piece=fabriques.piece(nom=f"{n}.pdf"))
            fabriques.preuve_remise(avis.saisine)
        for adresse in (avis.get_absolute_url(), fiche(avis.saisine)):
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse).status_code == 200
            comptes.append(len(requetes))
    assert comptes[:2] == comptes[2:]

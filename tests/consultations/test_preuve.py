"""La fiche de preuve : publique sans personne ni adresse, le détail aux agents et à l'instance (règles 6, 11, 20)."""

import io
from datetime import datetime, timedelta

import pikepdf
import pytest
from django.conf import settings as reglages
from django.test import Client
from pytest_django import Settings

from consultations.models import PreuveRemise, Saisine
from consultations.queries_pages import saisine_lue
from consultations.queries_preuve import fiche_de
from participation.common.dates import PARIS
from participation.comptes.models import Utilisateur
from tests import fabriques, monde_actes
from tests.fabriques_remise import envoi_accepte
from tests.monde_actes import ADRESSE, AGENT, CLOS_LE, MondeActes
from tests.outillage.documents import texte_du_pdf

pytestmark = pytest.mark.django_db
SECRETS = (ADRESSE, AGENT, "gardienne", "récépissé signé.pdf", "lettre.pdf")


@pytest.fixture
def monde(settings: Settings) -> MondeActes:
    settings.MAINTENANT = CLOS_LE + timedelta(days=1)
    return monde_actes.batir()


def adresse(saisine: Saisine, nom: str = "") -> str:
    return f"/consultations/le-recit/saisines/{saisine.pk}/{nom}"


def de(personne: Utilisateur | None) -> Client:
    client = Client()
    if personne is not None:
        client.force_login(personne)
    return client


def lire(personne: Utilisateur | None, saisine: Saisine) -> str:
    reponse = de(personne).get(adresse(saisine))
    assert reponse.status_code == 200
    return " ".join(reponse.text.replace("\xa0", " ").replace("\u202f", " ").split())


def test_la_fiche_publique_dit_tout_l_acte_et_ne_nomme_personne(monde: MondeActes) -> None:
    page = lire(None, monde.commune)
    for mots in (
        "Décret n° 2015-1118" if monde.commune.fondement == "DECRET" else "Délibération",
        "jeudi 30 octobre 2025", "vendredi 14 novembre 2025", "Reportée par l’acte n° 2",
        "Délibération n° 2025-57, article 4", "Courriel accepté par son serveur", "Reçu sur papier le",
        "vendredi 14 novembre 2025 à 16 h 20 min 00 s", "mardi 18 novembre 2025 à 10 h 00 min 00 s",
        "Papier remis à l&#x27;accueil le dernier jour.", "2025-112", monde.avis.numero, "Remplacé par",
    ):  # fmt: skip
        assert mots in page, mots
    for saisine in (monde.commune, monde.conseil):
        publique = lire(None, saisine)
        assert not [s for s in SECRETS if s in publique]


def test_chaque_avis_envoye_y_est_date_sans_adresse_pour_personne(monde: MondeActes) -> None:
    quand = datetime(2025, 9, 30, 8, tzinfo=PARIS)
    envoi_accepte(monde.commune, evenement="relance", occurrence=f"{monde.commune.pk}:2025-09-30:J-30", envoye_le=quand)
    envoi_accepte(
        monde.commune, evenement="relance", occurrence=f"{monde.commune.pk}:2025-10-15:J-15", etat="perime",
        envoye_le=None,
    )  # fmt: skip
    page = lire(None, monde.commune)
    for quoi, le in (
        ("Projet transmis", "lundi 30 juin 2025 à 16 h 00"),
        ("Rappel J-30", "mardi 30 septembre 2025 à 08 h 00"),
        ("Échéance reportée", "jeudi 20 novembre 2025 à 09 h 00"),
        ("Rectificatif joint", "jeudi 20 novembre 2025 à 09 h 00"),
        ("Consultation close", "jeudi 20 novembre 2025 à 09 h 00"),
    ):
        assert f"<dt>{quoi}</dt><dd>{le}" in page, quoi
    assert "J-15" not in page, "ce qui n'est pas parti n'a prévenu personne"
    assert "exemple.invalid" not in page


def test_le_silence_dit_sa_regle_et_ses_deux_dates(monde: MondeActes) -> None:
    page = lire(None, monde.conseil)
    assert "réputé favorable (décret n° 2015-1118 du 3 septembre 2015)" in page
    assert "Date légale</dt><dd>jeudi 30 octobre 2025" in page
    assert "Inscrit le</dt><dd>samedi 15 novembre 2025 à 00 h 05 min" in page
    assert "Reçu hors délai" in page


def test_le_registre_y_est_numerote_avec_ses_empreintes(monde: MondeActes) -> None:
    lue = saisine_lue(monde.consultation, monde.commune.pk, CLOS_LE)
    assert lue is not None
    fiche = fiche_de(lue, CLOS_LE, is_lisible=True, has_detail=False)
    actes = [a.entree.acte for a in fiche.actes]
    assert actes == [
        "version_figee", "saisine_transmise", "acte_signe", "remise_prouvee", "acte_signe", "acte_signe",
        "silence_constate", "avis_recu", "avis_complete", "acte_signe",
    ]  # fmt: skip
    page = lire(None, monde.commune)
    for acte in fiche.actes:
        assert f"Entrée n° {acte.entree.n}</dt>" in page
        assert acte.entree.empreinte in page
    assert "Acte signé : report d&#x27;échéance, acte n° 2" in page
    assert monde.contribution.pk not in [a.entree.objet_id for a in fiche.actes]


def test_le_detail_se_lit_des_agents_et_de_l_instance_seulement(monde: MondeActes) -> None:
    mandat = fabriques.mandat(monde.commune.instance).utilisateur
    for lecteur in (monde.agent, mandat):
        page = lire(lecteur, monde.commune)
        assert ADRESSE in page
        assert AGENT.replace("'", "&#x27;") in page
    d_une_autre = fabriques.mandat(monde.conseil.instance).utilisateur
    for curieux in (d_une_autre, fabriques.utilisateur()):
        assert not [s for s in SECRETS if s in lire(curieux, monde.commune)]
    assert "Signé par la gardienne" in lire(d_une_autre, monde.conseil)


def test_la_piece_d_une_preuve_se_telecharge_par_les_memes(monde: MondeActes) -> None:
    preuve = PreuveRemise.objects.get(saisine=monde.conseil, moyen="RECEPISSE")
    chemin = adresse(monde.conseil, f"preuves/{preuve.pk}/")
    assert de(monde.agent).get(chemin).content == b"%PDF-1.4 recepisse"
    assert [de(p).get(chemin).status_code for p in (None, fabriques.utilisateur())] == [404, 404]
    sans_piece = PreuveRemise.objects.get(saisine=monde.commune)
    assert de(monde.agent).get(adresse(monde.commune, f"preuves/{sans_piece.pk}/")).status_code == 404


def test_le_pdf_public_n_est_jamais_le_detail(monde: MondeActes) -> None:
    """L'agent le demande d'abord : sa version est gardée, et ne sert pas au suivant."""
    for _ in range(2):
        detail = de(monde.agent).get(adresse(monde.commune, "preuve.pdf"))
        public = de(None).get(adresse(monde.commune, "preuve.pdf"))
        assert (detail.status_code, public.status_code) == (200, 200)
        assert ADRESSE in texte_du_pdf(detail.content)
        assert not [s for s in SECRETS if s in texte_du_pdf(public.content)]
        assert all(r["Cache-Control"].startswith("private, no-cache") for r in (public, detail))
        assert public["ETag"] != detail["ETag"]


def test_le_pdf_est_balise_en_francais_et_ne_change_pas_d_un_octet(monde: MondeActes) -> None:
    premier = de(None).get(adresse(monde.commune, "preuve.pdf")).content
    for garde in (reglages.VAR_DIR / "pdf").glob("*.pdf"):
        garde.unlink()
    assert de(fabriques.utilisateur()).get(adresse(monde.commune, "preuve.pdf")).content == premier
    with pikepdf.open(io.BytesIO(premier)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.MarkInfo.Marked
        assert "pdfuaid" in pdf.Root.Metadata.read_bytes().decode()
    texte = texte_du_pdf(premier)
    for mots in ("Reçu sur papier le", "acte n° 2", "2025-112", "Avis reçu hors plateforme", "Remplacé par"):
        assert mots in texte, mots


def test_publie_a_la_cloture_rien_ne_se_lit_avant(settings: Settings) -> None:
    """Règle 20 : ni l'agent ni le public ne lisent l'avis ; l'instance, si."""
    saisine = fabriques.saisine(consultation_=fabriques.consultation(slug="le-recit", visibilite_avis="cloture"))
    avis = fabriques.avis(saisine, texte="Canari")
    settings.MAINTENANT = avis.inscrit_le + timedelta(days=1)
    mandat = fabriques.mandat(saisine.instance).utilisateur
    for lecteur, is_lu in ((None, False), (fabriques.agent(), False), (mandat, True)):
        assert (avis.numero in lire(lecteur, saisine)) is is_lu
        assert (avis.numero in texte_du_pdf(de(lecteur).get(adresse(saisine, "preuve.pdf")).content)) is is_lu

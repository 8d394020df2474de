"""Les documents et les données ouvertes : mêmes données, mêmes octets ; rien de caché ne sort (règles 18, 20, §7)."""

import csv
import io
import time
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
import time_machine
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from odfdo import Document

from consultations.actions.silence import acter_silences
from consultations.annexe import composer
from consultations.etats import Sens
from consultations.exports import COLONNES
from consultations.models import Consultation
from participation.common import pdf
from participation.territoires.models import Decor, Epci
from tests import fabriques
from tests.outillage.documents import texte_du_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation() -> Consultation:
    """Un avis avec observations, un silence inscrit, une non saisie, une sans objet."""
    de = fabriques.consultation()
    fabriques.avis(
        fabriques.saisine(consultation_=de), sens=Sens.FAVORABLE_OBSERVATIONS, observations=["31 ou 32 projets ?"]
    )
    muette = fabriques.saisine(consultation_=de)
    fabriques.saisine(consultation_=de, remise=False)
    fabriques.saisine(consultation_=de, is_sans_objet=True, motif_sans_objet="Conseil non installé.")
    acter_silences(now=muette.borne + timedelta(days=17))
    return de


def lire(client: Client, consultation: Consultation, nom: str) -> Any:
    return client.get(f"/consultations/{consultation.slug}/{nom}")


def test_une_ligne_par_saisine_et_les_colonnes_du_contrat(client: Client, consultation: Consultation) -> None:
    lignes = lire(client, consultation, "avis.json").json()
    assert [tuple(ligne) for ligne in lignes] == [COLONNES] * 4
    par_sens = {ligne["AVIS_SENS"]: ligne for ligne in lignes}
    assert set(par_sens) == {"FAVORABLE_OBSERVATIONS", "REPUTE_FAVORABLE", "NON_SAISIE", "SANS_OBJET"}
    silence = par_sens["REPUTE_FAVORABLE"]
    assert (silence["AVIS_DATE"], silence["SAISI_LE"]) == ("2025-10-30", "2025-11-17")
    assert (silence["RECEPTION_DATE"], silence["OBS_NB"], silence["DOCUMENT_URL"]) == ("", 0, "")
    assert par_sens["FAVORABLE_OBSERVATIONS"]["OBS_NB"] == 1
    assert par_sens["NON_SAISIE"]["REMISE_DATE"] == ""


def test_le_csv_dit_la_meme_chose_que_le_json(client: Client, consultation: Consultation) -> None:
    octets = lire(client, consultation, "avis.csv").content
    assert octets.startswith(b"\xef\xbb\xbf")
    lignes = list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
    attendu = [{c: str(v) for c, v in li.items()} for li in lire(client, consultation, "avis.json").json()]
    assert lignes == attendu


@time_machine.travel("2025-09-20T10:00:00+02:00", tick=False)
def test_un_avis_publie_a_la_cloture_ne_dit_que_repondu(client: Client) -> None:
    de = fabriques.consultation(visibilite_avis="cloture")
    fabriques.avis(fabriques.saisine(consultation_=de), sens=Sens.DEFAVORABLE, texte="Secret", observations=["Secret"])
    (ligne,) = lire(client, de, "avis.json").json()
    assert (ligne["AVIS_SENS"], ligne["AVIS_DATE"], ligne["OBS_NB"], ligne["DOCUMENT_URL"]) == ("REPONDU", "", 0, "")
    for nom in ("avis.json", "avis.csv", "annexe.pdf"):
        assert "DEFAVORABLE" not in lire(client, de, nom).content.decode(errors="replace")


@time_machine.travel("2025-09-20T10:00:00+02:00", tick=False)
def test_un_projet_reserve_ou_pas_encore_transmis_n_a_ni_donnees_ni_documents(client: Client) -> None:
    reserve = fabriques.consultation(visibilite_projet="instances")
    preparee = fabriques.consultation(transmise=False)
    for de in (reserve, preparee):
        for nom in ("avis.json", "avis.csv", "annexe.pdf", "rapport.pdf"):
            assert lire(client, de, nom).status_code == 404


def test_l_annexe_est_balisee_complete_et_dit_qu_elle_est_provisoire(
    client: Client, consultation: Consultation
) -> None:
    reponse = lire(client, consultation, "annexe.pdf")
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.MarkInfo.Marked
        assert "pdfuaid" in pdf.Root.Metadata.read_bytes().decode()
    texte = texte_du_pdf(reponse.content)
    for mots in (
        "provisoire",
        "Réputé favorable",
        "31 ou 32 projets",
        "Non saisie",
        "Conseil non installé",
        "L. 1111-2",
    ):
        assert mots in texte.replace("\u202f", " ").replace("\u00a0", " "), mots


def test_memes_donnees_memes_octets_a_deux_secondes_et_deux_rendus_d_ecart(
    client: Client, consultation: Consultation
) -> None:
    premier = lire(client, consultation, "annexe.pdf").content
    for garde in (settings.VAR_DIR / "pdf").glob("*.pdf"):
        garde.unlink()
    time.sleep(2)  # deux secondes réelles : c'est l'écart qu'on essaie
    assert lire(client, consultation, "annexe.pdf").content == premier


def test_l_annexe_en_odt_s_ouvre_dit_la_meme_chose_et_ne_change_pas_d_un_octet(
    client: Client, consultation: Consultation
) -> None:
    octets = lire(client, consultation, "annexe.odt").content
    assert lire(client, consultation, "annexe.odt").content == octets
    texte = Document(io.BytesIO(octets)).get_formatted_text()
    for mots in ("provisoire", "Réputé favorable", "31 ou 32 projets", "Non saisie", "L. 1111-2"):
        assert mots in texte, mots


def test_sans_pango_le_pdf_repond_503_et_donne_l_odt(
    client: Client, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(**_: Any) -> None:
        raise pdf.PdfIndisponible("Le PDF n'est pas disponible sur ce serveur.", attente=3600)

    monkeypatch.setattr(pdf, "rendre", absent)
    reponse = lire(client, consultation, "annexe.pdf")
    assert (reponse.status_code, reponse["Retry-After"]) == (503, "3600")
    assert f"/consultations/{consultation.slug}/annexe.odt" in reponse.content.decode()


def test_l_accuse_porte_numero_empreintes_et_instant_a_la_seconde(client: Client) -> None:
    avis = fabriques.avis(fabriques.saisine())
    slug = avis.saisine.consultation.slug
    reponse = client.get(f"/consultations/{slug}/avis/{avis.pk}/accuse.pdf")
    assert reponse.status_code == 200
    texte = "".join(texte_du_pdf(reponse.content).split())
    for preuve in (avis.numero, avis.empreinte, "L.112-11", "heuredeParis"):
        assert preuve in texte
    silence = fabriques.avis_repute()
    adresse = f"/consultations/{silence.saisine.consultation.slug}/avis/{silence.pk}/accuse.pdf"
    assert client.get(adresse).status_code == 404


def test_la_couverture_porte_le_nom_de_la_plateforme_et_le_paysage_seulement_s_il_est_choisi() -> None:
    for decor, is_la in ((Decor.CORON, True), (Decor.AUCUN, False)):
        epci = Epci(nom="Agglomération d'essai", nom_plateforme="Paroles du lac", decor=decor)
        annexe = composer(fabriques.consultation(), [], {}, None)
        page = render_to_string(
            "feuilles/annexe.html",
            {"consultation": annexe.consultation, "annexe": annexe, "epci": epci, "date_du_document": "2025"},
        )
        assert ("couverture paysage" in page) is is_la
        assert "Paroles du lac" in page

"""Chiffres, mots, mentions : ce qui est su est juste et sourcé, ce qui manque est dit."""

import json
import re
from html import unescape

import pytest
from django.test import Client

from participation.territoires.models import Epci, Quartier
from tests.accueil.pages import AUTRE, DEMONSTRATION, importer, texte

pytestmark = pytest.mark.django_db


def test_les_chiffres_du_territoire_de_reference_tombent_juste(client: Client) -> None:
    importer(DEMONSTRATION.read_bytes())
    reponse = client.get("/chiffres/")
    page = texte(reponse).replace("\u202f", " ").replace("\xa0", " ")
    for attendu in ("1 651 592 €", "6 286 281 €", "Engagements Quartiers 2030", "10 ambitions", "35 objectifs"):
        assert attendu in page
    assert "4 quartiers sont inscrits par leur nom sur 25." in page
    assert reponse.content.decode().count('class="barre"') == 10


def test_un_total_dont_un_montant_manque_n_est_pas_affiche(client: Client) -> None:
    incomplet = json.loads(json.dumps(AUTRE))
    incomplet["contrat"]["enjeux"][0]["ambitions"].append({"nom": "Se loger", "montant_2024_eur": None})
    importer(json.dumps(incomplet).encode())
    page = texte(client.get("/chiffres/"))
    assert "inconnu" in page
    assert "Total" not in page


def test_le_glossaire_reunit_les_mots_du_territoire_et_ceux_de_la_consultation(
    client: Client, quartier: Quartier
) -> None:
    page = texte(client.get("/glossaire/"))
    for mot in ("Café des parents", "Réputé favorable", "Saisine", "QVA", "Quartier de veille active."):
        assert mot in page


def test_ce_qui_manque_est_dit_a_completer(client: Client, quartier: Quartier) -> None:
    for adresse in ("/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"):
        assert "à compléter par la collectivité" in texte(client.get(adresse)), adresse
    assert "Appelez votre mairie" in texte(client.get("/contact/"))
    Epci.objects.update(telephone_contact="03 00 00 00 00")
    assert "03 00 00 00 00" in texte(client.get("/contact/"))


def test_l_accessibilite_est_non_conforme_tant_qu_aucun_audit_n_est_saisi(client: Client, quartier: Quartier) -> None:
    assert "non conforme" in texte(client.get("/accessibilite/"))
    Epci.objects.update(conformite="PARTIELLE", audit_le="2026-01-15", audit_par="un organisme")
    page = texte(client.get("/accessibilite/"))
    assert "partiellement conforme" in page
    assert "jeudi 15 janvier 2026" in page


def phrases(client: Client, adresse: str) -> list[str]:
    """Les phrases du corps d'une page."""
    html = client.get(adresse).content.decode()
    corps = html[html.index("<article") : html.index("</main>")]
    blocs = re.findall(r"<(?:p|li|h[123])\b[^>]*>(.*?)</(?:p|li|h[123])>", corps, flags=re.S)
    propres = [" ".join(unescape(re.sub(r"<[^>]+>", "", bloc)).split()) + " " for bloc in blocs]
    return [phrase.strip() for bloc in propres for phrase in re.split(r"[.?!]\s", bloc)]


@pytest.mark.parametrize("adresse", ["/comprendre/", "/aide/", "/contact/", "/moderation/"])
def test_les_phrases_ont_quinze_mots_au_plus(client: Client, quartier: Quartier, adresse: str) -> None:
    assert [p for p in phrases(client, adresse) if len(re.findall(r"[\w’'-]+", p)) > 15] == []


def test_comprendre_repond_a_la_question_du_silence(client: Client, quartier: Quartier) -> None:
    assert "Que se passe-t-il si on ne répond pas" in phrases(client, "/comprendre/")

"""Le projet d'avis n'est lu que des mandats de son instance (règle 21) : un texte unique, cherché partout."""

import json
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from pytest_django import Settings

from consultations.actions.remise import accuser_reception
from consultations.actions.silence import acter_silences
from consultations.actions.transmission import transmettre
from participation.notifications.actions import vider_la_boite
from tests import fabriques
from tests.acces.monde import MAINTENANT, Monde, batir
from tests.outillage.documents import mots_serres, texte_du_pdf
from tests.outillage.processus import Dossier, Serveur
from tests.preuves.visites import ANONYME, adresses, contenu, entrer

pytestmark = pytest.mark.une_base  # ce qui se prouve ici ne dépend pas de la base

CANARI = "Canari-7f3a9c"
AUTRES = (ANONYME, "habitante", "referente", "membre-bruay", "mairie-bethune", "agent", "signataire", "admin")
DES_PAQUETS = (ANONYME, "membre-bruay", "admin")  # compte et /admin/ ne changent pas entre les autres rôles
MANDATS = ("presidente", "membre", "suppleante")


@pytest.fixture
def monde(db: None, settings: Settings) -> Monde:
    """Le monde de la matrice ; le projet du Mont-Liébaut porte le canari dans son texte, ses demandes et sa pièce."""
    settings.MAINTENANT = MAINTENANT
    monde = batir()
    de_la_reunion = {"minoritaire": f"{CANARI} minoritaire", "redacteur": f"{CANARI} redacteur"}
    projet = fabriques.projet_pret(
        monde.saisine, texte=f"{CANARI} texte", observations=[f"{CANARI} demande"], **de_la_reunion
    )
    projet.pieces.add(fabriques.piece(nom=f"{CANARI}.pdf", octets=f"%PDF-1.4 {CANARI}".encode()))
    return monde


def pages_vues(monde: Monde, role: str, *, paquets: bool = True) -> dict[str, str]:
    """Chaque page de la matrice sous ce rôle, en-têtes compris, et le texte de ses PDF."""
    client, vues = entrer(monde, role), {}
    for _, adresse in [*adresses(monde, paquets=paquets), ("sante", "/sante/"), ("etape", etape(monde))]:
        reponse = client.get(adresse)
        corps = contenu(reponse)
        entetes = " ".join(f"{nom}: {valeur}" for nom, valeur in reponse.items())
        if reponse.headers.get("Content-Type") == "application/pdf" and corps.startswith(b"%PDF-1.7"):
            corps = mots_serres(texte_du_pdf(corps)).encode()
        vues[adresse] = entetes + corps.decode(errors="replace")
    return vues


def etape(monde: Monde, nom: str = "projet", suite: str = "?etape=observations") -> str:
    """La page où le projet s'écrit."""
    return reverse(f"consultations:{nom}", args=[monde.consultation.slug, monde.saisine.pk]) + suite


@pytest.mark.django_db
@pytest.mark.une_base
def test_aucune_page_ne_montre_le_projet_a_qui_n_a_pas_de_mandat(
    monde: Monde, caplog: pytest.LogCaptureFixture
) -> None:
    fuites, vues = [], 0
    monde.personnes["mandat-fini"] = fabriques.mandat(monde.saisine.instance, au=MAINTENANT).utilisateur
    for role in (*AUTRES, "mandat-fini"):
        pages = pages_vues(monde, role, paquets=role in DES_PAQUETS)
        fuites += [f"{role} {adresse}" for adresse, page in pages.items() if CANARI in page]
        vues += len(pages)
    assert fuites == []
    assert vues > 500, "la matrice n'a pas été parcourue"
    assert CANARI not in caplog.text


@pytest.mark.django_db
@pytest.mark.une_base
def test_le_projet_se_lit_a_ses_deux_etapes_et_nulle_part_ailleurs_pour_son_instance(monde: Monde) -> None:
    relecture = etape(monde, "avis_deposer", "")
    for role in MANDATS:
        vues = pages_vues(monde, role, paquets=role == "presidente")
        lues = {adresse for adresse, page in vues.items() if CANARI in page}
        assert lues - {etape(monde, "feuille", "")} == {etape(monde), relecture, etape(monde, "reunion", "")}, role
        assert vues[relecture].count(f"{CANARI} texte") == 1
        assert f"{CANARI}.pdf" in vues[relecture]


@pytest.mark.django_db
def test_ni_courriel_ni_registre_ni_trace_ne_porte_le_projet(monde: Monde, caplog: pytest.LogCaptureFixture) -> None:
    """Tout ce qu'une instance muette provoque jusqu'à son silence ; puis toutes les tables, sauf celles du projet."""
    monde.preparation.instances.add(monde.saisine.instance)
    accuser_reception(saisine=monde.saisine, par=monde.personnes["presidente"], now=MAINTENANT)
    transmettre(consultation=monde.preparation, par=monde.personnes["signataire"], now=MAINTENANT)
    acter_silences(now=monde.saisine.borne)
    vider_la_boite(now=monde.saisine.borne)
    assert mail.outbox
    assert not [m.subject for m in mail.outbox if CANARI in m.message().as_string() + m.body]
    assert tables_qui_portent(CANARI) == {
        "consultations_projetavis",
        "consultations_observationprojet",
        "pieces_piecejointe",
    }
    assert CANARI not in caplog.text
    client = entrer(monde, ANONYME)
    for adresse in ("/registre.jsonl", "/registre/", f"/consultations/{monde.consultation.slug}/avis.json"):
        assert CANARI not in contenu(client.get(adresse)).decode()


def tables_qui_portent(texte: str) -> set[str]:
    """Les tables dont une ligne contient ce texte."""
    trouvees = set()
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f'SELECT * FROM "{table}"')
            if any(texte in str(valeur) for ligne in curseur.fetchall() for valeur in ligne):
                trouvees.add(table)
    return trouvees


@pytest.mark.processus
def test_le_vrai_serveur_n_ecrit_le_projet_ni_au_journal_ni_dans_un_courriel(
    dossier_demo: Callable[..., Dossier], serveur: Callable[..., Serveur]
) -> None:
    """Journal au plus bavard ; un projet enregistré, refusé, déposé trop tard : rien n'en sort que les mandats."""
    from tests.consultations.test_au_bord import AVANT_MINUIT, Navigation, saisine_du_mont_liebaut

    dossier = dossier_demo(maintenant=AVANT_MINUIT)
    saisine = saisine_du_mont_liebaut(dossier)
    site = serveur(dossier, NIVEAU_JOURNAL="INFO", HORLOGE_PAS="0.2")
    nav = Navigation(site)
    nav.entrer("presidente")
    projet = f"/consultations/rapport-2024/saisines/{saisine}/projet/"
    champs = {"v": "0", "sens": "DEFAVORABLE", "texte": CANARI, "observation-1-texte": CANARI}
    assert nav("POST", projet, **champs | {"observation-1-nature": "question"})[0] == 303
    assert nav("POST", projet, **champs | {"pour": CANARI})[0] in {409, 422}
    assert CANARI in nav("GET", projet.replace("projet/", "avis/"))[2]
    for role in ("agent", "signataire", "admin", "membre-bruay"):
        autre = Navigation(site)
        autre.entrer(role)
        assert autre("GET", projet)[0] == 404
        assert CANARI not in autre("GET", "/consultations/rapport-2024/")[2]
    assert json.loads(nav("GET", "/sante/")[2])
    site.arreter()
    ecrits = [f for f in dossier.var.rglob("*") if f.is_file() and not re.match(r"db\.sqlite3", f.name)]
    assert any("serveur-" in f.name for f in ecrits)
    assert [f.name for f in ecrits if CANARI.encode() in f.read_bytes()] == []

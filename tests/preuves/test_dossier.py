"""Le dossier de preuve s'ouvre hors ligne et dit oui ; un octet changé, il dit lequel (Must show 6 ; R7)."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from consultations import dossier
from consultations.actions.retour import inscrire_retour
from consultations.models import Saisine
from consultations.queries_pages import saisine_lue
from consultations.queries_preuve import fiche_de
from outils import verifier_registre
from participation.common import pdf
from participation.comptes.models import Utilisateur
from participation.notifications.models import Envoi, MessageEnvoye
from participation.registre import declencheurs
from participation.registre.models import Entree, Sel
from tests import fabriques, monde_actes
from tests.monde_actes import ADRESSE, CLOS_LE, MondeActes

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 la fiche"


@pytest.fixture
def monde(settings: Settings) -> MondeActes:
    settings.MAINTENANT = CLOS_LE + timedelta(days=1)
    return monde_actes.batir()


def zip_de(saisine: Saisine, *, is_lisible: bool = True) -> bytes:
    lue = saisine_lue(saisine.consultation, saisine.pk, CLOS_LE)
    assert lue is not None
    return dossier.en_zip(fiche_de(lue, CLOS_LE, is_lisible=is_lisible, has_detail=True), PDF)


def extraire(octets: bytes, ou: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        archive.extractall(ou)
        return {nom: archive.read(nom) for nom in archive.namelist()}


def verdict(ou: Path, *options: str) -> tuple[int, str]:
    """`python3 verifier.py` dans le dossier : ni Django, ni paquet installé, ni variable d'environnement."""
    fini = subprocess.run(
        [sys.executable, "-I", "-S", "verifier.py", *options], cwd=ou, env={"PYTHONIOENCODING": "utf-8"},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return fini.returncode, fini.stdout + fini.stderr


def telecharger(personne: Utilisateur | None, saisine: Saisine) -> tuple[int, bytes]:
    client = Client()
    if personne:
        client.force_login(personne)
    reponse = client.get(f"/consultations/{saisine.consultation.slug}/saisines/{saisine.pk}/dossier.zip")
    return reponse.status_code, reponse.content


def test_ouvert_dans_un_dossier_vide_une_commande_dit_oui(monde: MondeActes, tmp_path: Path) -> None:
    statut, octets = telecharger(monde.agent, monde.commune)
    assert statut == 200
    membres = extraire(octets, tmp_path)
    assert next(iter(membres)) == "LISEZ-MOI.txt"
    assert membres["fiche-de-preuve.pdf"].startswith(b"%PDF")
    code, dit = verdict(tmp_path)
    assert (code, dit.splitlines()[-1]) == (0, "Le dossier est intact."), dit
    commandes = [li for li in membres["LISEZ-MOI.txt"].decode().splitlines() if li.startswith("       python3 ")]
    assert 1 <= len(commandes) <= 5


def test_il_contient_tout_ce_qu_un_tribunal_demande(monde: MondeActes) -> None:
    with zipfile.ZipFile(io.BytesIO(zip_de(monde.commune))) as archive:
        membres = {nom: archive.read(nom) for nom in archive.namelist()}
    courriels = [message_from_bytes(o, policy=policy.default) for n, o in membres.items() if n.endswith(".eml")]
    assert {c["To"] for c in courriels} == {ADRESSE}
    assert [c["Subject"].split(" :")[0] for c in courriels] == [
        "Votre avis est attendu", "Plus de temps pour répondre", "Rectificatif n° 1", "Consultation close",
    ]  # fmt: skip
    assert all(c["Message-ID"] and c["Date"] for c in courriels)
    assert b"Avant-propos." in membres["rapport/rapport-transmis.txt"]
    numero = monde.avis.numero
    assert "31 ou 32 projets ?" in membres[f"avis/{numero}.txt"].decode()
    assert membres[f"avis/{numero}/01-papier.pdf"] == b"%PDF-1.4 papier.pdf"
    assert membres[f"avis/{numero}/02-deliberation.pdf"] == b"%PDF-1.4 deliberation signee"
    index = json.loads(membres["registre/index.json"])["entrees"]
    assert {ligne["acte"] for ligne in index} >= {"version_figee", "saisine_transmise", "silence_constate", "avis_recu"}
    assert len(membres["registre/registre.jsonl"].splitlines()) == Entree.objects.count() > len(index)
    assert not any("conseil" in n or b"lettre.pdf" in o for n, o in membres.items() if not n.startswith("verifier"))


def test_un_octet_change_dans_n_importe_quel_fichier_est_nomme(monde: MondeActes, tmp_path: Path) -> None:
    """Trois places de chaque fichier ; le vérificateur est celui de la plateforme : il se nomme aussi lui-même."""
    for nom, octets in extraire(zip_de(monde.commune), tmp_path).items():
        for ou in {0, len(octets) // 2, len(octets) - 1}:
            (tmp_path / nom).write_bytes(octets[:ou] + bytes([octets[ou] ^ 1]) + octets[ou + 1 :])
            dits = verifier_registre.Dossier(tmp_path).verifier()
            assert any(dit.startswith(f"{nom} : ") for dit in dits), (nom, ou, dits)
        (tmp_path / nom).unlink()
        assert any(dit.startswith(f"{nom} : ") for dit in verifier_registre.Dossier(tmp_path).verifier()), nom
        (tmp_path / nom).write_bytes(octets)
    assert verifier_registre.Dossier(tmp_path).verifier() == []
    (tmp_path / "avis/ajout.txt").write_text("Un avis de plus.")
    assert verifier_registre.Dossier(tmp_path).verifier() == [
        "avis/ajout.txt : ce fichier n'était pas dans le dossier."
    ]


@pytest.mark.une_base
def test_chaque_octet_du_manifeste_de_l_index_et_d_un_contenu_compte(monde: MondeActes, tmp_path: Path) -> None:
    membres = extraire(zip_de(monde.conseil), tmp_path)
    contenu = next(n for n in membres if "silence_constate" in n)
    for nom in ("MANIFESTE.json", "registre/index.json", contenu):
        octets = membres[nom]
        for ou in range(len(octets)):
            (tmp_path / nom).write_bytes(octets[:ou] + bytes([octets[ou] ^ 1]) + octets[ou + 1 :])
            assert any(d.startswith(f"{nom} : ") for d in verifier_registre.Dossier(tmp_path).verifier()), (nom, ou)
        (tmp_path / nom).write_bytes(octets)


@pytest.mark.une_base
def test_un_manifeste_refait_ne_cache_ni_un_contenu_ni_une_entree_recrits(monde: MondeActes, tmp_path: Path) -> None:
    """Qui refait la liste et son sceau se heurte au registre ; qui récrit le registre, à la tête notée ailleurs."""
    membres = extraire(zip_de(monde.commune), tmp_path)
    nom = next(n for n in membres if "avis_recu" in n)
    refaire(tmp_path, membres, {nom: membres[nom].replace(b"condition", b"conditiom")})
    code, dit = verdict(tmp_path)
    assert code == 1
    assert f"{nom} : ce n'est pas le contenu que scelle l'entrée" in dit
    lignes = membres["registre/registre.jsonl"].splitlines(keepends=True)
    coupe = json.loads(lignes[-2])
    refaire(
        tmp_path, membres, {"registre/registre.jsonl": b"".join(lignes[:-1])}, tete=[coupe["n"], coupe["empreinte"]]
    )
    derniere = json.loads(lignes[-1])
    code, dit = verdict(tmp_path, "--tete", f"{derniere['n']}:{derniere['empreinte']}")
    assert code == 1
    assert f"entrée n° {derniere['n']} : la tête notée n'est pas dans ce fichier" in dit


def refaire(ou: Path, membres: dict[str, bytes], faux: dict[str, bytes], **liste: object) -> None:
    """Un dossier falsifié par quelqu'un de soigneux : fichiers, manifeste et sceau refaits."""
    tous = membres | faux
    manifeste = json.loads(membres["MANIFESTE.json"]) | liste
    for nom, fiche in manifeste["fichiers"].items():
        fiche |= {"taille": len(tous[nom]), "sha256": sha256(tous[nom]).hexdigest()}
    del manifeste["sceau"]
    sceau = sha256(verifier_registre.en_json(manifeste).encode()).hexdigest()
    tous["MANIFESTE.json"] = verifier_registre.en_json(manifeste | {"sceau": sceau}).encode()
    for nom, octets in tous.items():
        (ou / nom).write_bytes(octets)


def test_la_tete_d_un_accuse_se_retrouve_dans_le_dossier(monde: MondeActes, tmp_path: Path) -> None:
    extraire(zip_de(monde.commune), tmp_path)
    entree = Entree.objects.get(objet_id=monde.avis.pk)
    assert verdict(tmp_path, "--tete", f"{entree.n}:{entree.empreinte}")[0] == 0
    assert verdict(tmp_path, "--tete", f"{entree.n}:{'0' * 64}")[0] == 1


def test_memes_donnees_memes_octets(monde: MondeActes) -> None:
    assert zip_de(monde.commune) == zip_de(monde.commune)
    with zipfile.ZipFile(io.BytesIO(zip_de(monde.commune))) as archive:
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {m.compress_type for m in archive.infolist()} == {zipfile.ZIP_STORED}


def test_une_base_recrite_donne_un_dossier_qui_dit_non(monde: MondeActes, tmp_path: Path) -> None:
    declencheurs.retirer(connection)
    with connection.cursor() as curseur:
        curseur.execute("UPDATE consultations_avis SET sens = 'FAVORABLE' WHERE sens = 'FAVORABLE_RESERVES'")
    extraire(zip_de(monde.commune), tmp_path)
    code, dit = verdict(tmp_path)
    assert code == 1
    assert "avis_recu.json : ce n'est pas le contenu que scelle l'entrée" in dit


def test_un_fichier_perdu_et_un_sel_efface_sont_dits(monde: MondeActes, tmp_path: Path) -> None:
    """Le sel effacé est permis (le texte ne se relit plus, la chaîne tient) ; une pièce perdue ne l'est pas."""
    entree = Entree.objects.get(objet_id=monde.commune.pk)
    declencheurs.retirer(connection)
    Sel.objects.filter(entree=entree).delete()
    extraire(zip_de(monde.commune), tmp_path)
    code, dit = verdict(tmp_path)
    assert (code, "Contenus effacés : 1." in dit) == (0, True), dit
    Path(monde.avis.pieces_liees.get().piece.fichier.path).unlink()
    ailleurs = tmp_path / "bis"
    extraire(zip_de(monde.commune), ailleurs)
    code, dit = verdict(ailleurs)
    assert code == 1
    assert "il cite un fichier absent du dossier" in dit


def test_un_courriel_d_avant_la_garde_des_messages_y_est_en_texte(monde: MondeActes) -> None:
    declencheurs.retirer(connection)
    MessageEnvoye.objects.all().delete()
    with zipfile.ZipFile(io.BytesIO(zip_de(monde.commune))) as archive:
        textes = [archive.read(n).decode() for n in archive.namelist() if n.startswith("courriels/")]
    assert len(textes) == 4
    assert all(ADRESSE in t and "n'est pas gardé avec ses en-têtes" in t for t in textes)


def test_seuls_les_agents_et_l_instance_le_recoivent(monde: MondeActes, monkeypatch: pytest.MonkeyPatch) -> None:
    mandat = fabriques.mandat(monde.commune.instance).utilisateur
    autre = fabriques.mandat(monde.conseil.instance).utilisateur
    assert [telecharger(p, monde.commune)[0] for p in (mandat, autre, fabriques.utilisateur(), None)] == [
        200, 404, 404, 302,
    ]  # fmt: skip

    def absent(**_: object) -> None:
        raise pdf.PdfIndisponible("Ce serveur ne sait pas faire de PDF.")

    monkeypatch.setattr(pdf, "rendre", absent)
    assert telecharger(mandat, monde.commune)[0] == 503


def test_ce_qui_se_publie_a_la_cloture_n_y_est_pas_avant(monde: MondeActes) -> None:
    """Règle 20 : ni le texte, ni la pièce, ni le contenu scellé et son sel, d'où le sens se devinerait."""
    for saisine, secret in ((monde.commune, b"le bus passe"), (monde.conseil, b"Trop tard")):
        with zipfile.ZipFile(io.BytesIO(zip_de(saisine, is_lisible=False))) as archive:
            membres = {nom: archive.read(nom) for nom in archive.namelist()}
        assert not any(secret in octets for octets in membres.values())
        caches = ("avis_recu", "silence", "contribution", "avis_complete")
        assert not [n for n in membres if n.startswith("avis/") or any(c in n for c in caches)]
        assert "se publient à la clôture" in membres["LISEZ-MOI.txt"].decode()


def test_un_courriel_revenu_y_est_avec_sa_piece(monde: MondeActes, tmp_path: Path) -> None:
    """Le contenu scellé cite la pièce : sans elle, le vérificateur dirait non."""
    envoi = Envoi.objects.get(objet_id=monde.commune.pk, evenement="saisine")
    piece = fabriques.piece(octets=b"%PDF-1.4 adresse inconnue", nom="retour.pdf")
    inscrire_retour(
        saisine=monde.commune, envoi=envoi.pk, retourne_le=monde_actes.TRANSMISE_LE + timedelta(days=20),
        motif="Adresse inconnue.", piece=piece, par=monde.agent, now=CLOS_LE,
    )  # fmt: skip
    membres = extraire(zip_de(monde.commune), tmp_path)
    assert membres["courriels-revenus/01-retour.pdf"] == b"%PDF-1.4 adresse inconnue"
    assert verdict(tmp_path)[0] == 0

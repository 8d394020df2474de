"""Un octet changé, n'importe où, à n'importe quelle place : `verifier_registre` le voit et le nomme (R7).

Les déclencheurs sont retirés, comme le ferait qui tient la base ; la valeur est écrite telle quelle, même si elle n'a
plus la forme de sa colonne. hypothesis choisit la ligne, la place, le signe. Les changements choisis
un par un sont dans tests/registre/test_verifier.py.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from consultations.actions.circuit import inscrire_etape
from consultations.actions.depot import deposer_avis
from consultations.etats import EtapeCircuit
from consultations.models import Avis, Etape, Observation, PieceAvis, Ralliement
from consultations.saisies import SaisieEtape
from outils import verifier_registre
from participation.pieces.models import PieceJointe
from participation.rapports.actions.figer import figer
from participation.rapports.models import Image, Rapport, Section, Version
from participation.registre import declencheurs
from participation.registre.actions import inscrire, verifier
from participation.registre.models import Entree, Sel
from tests import fabriques

pytestmark = pytest.mark.django_db
SIGNES = "abcdefghijklmnopqrstuvwxyzéÉABCDEF0123456789 .,;’-:+\n"
TABLES = (Entree, Sel, Rapport, Version, Section, Image, Avis, Observation, PieceAvis, Ralliement, PieceJointe, Etape)
NON_SCELLEES = {
    Sel: {"entree_id"},  # un sel égaré est compté comme effacé, ce qui est permis
    Rapport: {"id", "titre", "is_fictif"},  # le titre lu est celui de la version, quand elle en a un
    Version: {
        "libelle",
        "source",
        "lecture",
        "v",
        "creee_le",
        "figee_le",
    },  # l'acte « version_figee » est daté au registre
    Section: {"id", "v", "ordre"},  # l'ordre compte, non le nombre
    Image: {"id", "largeur", "hauteur"},  # relues dans les octets scellés
    Avis: {"cle", "depose_par_id"},  # la clé d'un envoi, une personne : ni l'une ni l'autre n'est l'avis
    Observation: {"id"},
    PieceAvis: {"id"},
    Ralliement: {"id"},
    Etape: {"par_id"},
    PieceJointe: {"fichier", "ajoutee_le", "ajoutee_par_id"},  # un chemin faux : le fichier a disparu, et c'est dit
}
COLONNES = [
    (modele, champ.column)
    for modele in TABLES
    for champ in modele._meta.concrete_fields
    if champ.column not in NON_SCELLEES.get(modele, set())
]
au_hasard = settings(
    max_examples=8, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.fixture
def monde() -> Avis:
    """Une version figée, avec une image ; un avis avec observations et pièce, version 2 ; tout est au registre."""
    version = fabriques.version(titre="Le rapport", preambule="Avant-propos, où l’on dit pourquoi.")
    version.sections.update(en_clair="En mots simples.")
    fabriques.image(version, alt="Une carte")
    figer(version=version, now=fabriques.TRANSMISE_LE)
    version.refresh_from_db()
    saisine = fabriques.saisine(consultation_=fabriques.consultation(version=version))
    dossier = saisine.consultation_id
    inscrire(acte="saisine_transmise", objet=saisine, dossier=dossier, now=saisine.transmise_le)
    premier = fabriques.avis(
        saisine, motif_saisie="Papier remis à l’accueil.", mode_adoption="CONSENSUS", femmes="8", hommes="7",
        moins_25="moins de 5", minoritaire="Deux voisins ne sont pas d’accord.",
    )  # fmt: skip
    inscrire(acte="avis_depose", objet=premier, dossier=dossier, now=premier.inscrit_le)
    demandes = ["31 ou 32 ?", "Et l’axe 4 ?"]
    projet = fabriques.projet_pret(saisine, texte="D’accord, à condition que…", observations=demandes)
    projet.observations.update(section=version.sections.get(ordre=2))
    projet.pieces.add(fabriques.piece(octets=b"%PDF-1.4 la deliberation du conseil"))
    voisine = fabriques.avis(fabriques.saisine(consultation_=saisine.consultation), observations=["Et l’axe 5 ?"])
    inscrire(acte="avis_depose", objet=voisine, dossier=dossier, now=voisine.inscrit_le)
    projet.rejointes.add(voisine.observations.get())
    recu_le = premier.inscrit_le + fabriques.UN_JOUR
    avis = deposer_avis(
        saisine=saisine, cle=saisine.pk, projet_v=projet.v, remplace=premier.pk,
        par=fabriques.mandat(saisine.instance).utilisateur, recu_le=recu_le, now=recu_le,
    )  # fmt: skip
    corriger_une_etape()
    assert constats() == []
    declencheurs.retirer(connection)
    return avis


def corriger_une_etape() -> None:
    """L'avis de la commission, puis une délibération inscrite et corrigée : trois lignes du circuit, au registre."""
    preparee, le, par = fabriques.consultation(transmise=False), fabriques.ECHEANCE, fabriques.agent()
    now = fabriques.TRANSMISE_LE + 200 * fabriques.UN_JOUR
    fausse = SaisieEtape(le, "2025/01", sous_prefecture_le=le, publie_le=le)
    inscrire_etape(
        consultation=preparee, etape=EtapeCircuit.COMMISSION, saisie=SaisieEtape(le, avis="Favorable"), par=par, now=now
    )
    etape = inscrire_etape(consultation=preparee, etape=EtapeCircuit.ARRETEE, saisie=fausse, par=par, now=now)
    inscrire_etape(
        consultation=preparee, etape=EtapeCircuit.ARRETEE, saisie=SaisieEtape(le, "2025/02"), par=par, now=now,
        remplace=etape.pk,
    )  # fmt: skip


def constats() -> list[str]:
    return [str(c) for c in verifier().constats]


@contextmanager
def defait() -> Iterator[None]:
    """Ce qui est fait ici est défait en sortant."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def autre(texte: str, place: int, signe: str) -> str:
    """Le texte, un signe remplacé par un autre."""
    ou = place % len(texte)
    assume(texte[ou] != signe)
    return texte[:ou] + signe + texte[ou + 1 :]


def lire_brut(modele: type[models.Model], colonne: str) -> list[tuple[str, str]]:
    """(clé, valeur) de chaque ligne, en texte ; les octets, en latin-1. Une valeur vide n'a rien à changer."""
    table, cle = modele._meta.db_table, modele._meta.pk.column  # type: ignore[union-attr]
    with connection.cursor() as curseur:
        curseur.execute(f'SELECT "{cle}", "{colonne}" FROM "{table}" ORDER BY "{cle}"')
        lignes = curseur.fetchall()
    textes = [(pk, bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else v) for pk, v in lignes]
    return [(pk, str(v)) for pk, v in textes if v not in (None, "")]


def ecrire_brut(modele: type[models.Model], colonne: str, pk: str, texte: str) -> bool:
    """Écrit ce texte sans passer par Django. Faux si la base elle-même n'en veut pas (type, contrainte)."""
    table, cle = modele._meta.db_table, modele._meta.pk.column  # type: ignore[union-attr]
    is_octets = isinstance(modele._meta.get_field("octets"), models.BinaryField) if colonne == "octets" else False
    valeur = texte.encode("latin-1", "replace") if is_octets else texte
    try:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(f'UPDATE "{table}" SET "{colonne}" = %s WHERE "{cle}" = %s', [valeur, pk])
    except (DatabaseError, ValueError):
        return False
    return True


def est_le_meme(modele: type[models.Model], colonne: str, pk: str, avant: str) -> bool:
    """Vrai si la base rend la même valeur qu'avant : « 1 » écrit « +1 », un instant dans un autre fuseau."""
    return dict(lire_brut(modele, colonne)).get(pk) == avant


@pytest.mark.parametrize(("modele", "colonne"), COLONNES, ids=lambda v: getattr(v, "__name__", v))
def test_un_signe_change_en_base_est_vu_et_nomme(monde: Avis, modele: type[models.Model], colonne: str) -> None:
    lignes = lire_brut(modele, colonne)
    assert lignes, "rien à changer : l'essai ne prouve rien"
    essayes = []

    @au_hasard
    @given(st.sampled_from(lignes), st.integers(0, 400), st.sampled_from(SIGNES))
    def un_signe(ligne: tuple[str, str], place: int, signe: str) -> None:
        pk, avant = ligne
        faux = autre(avant, place, signe)
        with defait():
            if not ecrire_brut(modele, colonne, pk, faux) or est_le_meme(modele, colonne, pk, avant):
                return
            vus = constats()
        essayes.append(faux)
        assert vus, f"{modele.__name__}.{colonne} : {avant!r} → {faux!r}"
        assert any(nom in v for v in vus for nom in noms_possibles(modele)), vus

    un_signe()


def noms_possibles(modele: type[models.Model]) -> tuple[str, ...]:
    """Comment un constat peut nommer cette ligne : elle, ou ce qui la porte."""
    porteurs = {
        Sel: ("entrée n°", "consultations.", "rapports."), Observation: ("consultations.Avis",),
        PieceAvis: ("consultations.Avis",), Ralliement: ("consultations.Avis",),
        PieceJointe: ("pieces.PieceJointe", "consultations.Avis"),
        Image: ("rapports.Version",), Rapport: ("rapports.Version",), Section: ("rapports.Section", "rapports.Version"),
        Avis: ("consultations.Avis",), Version: ("rapports.Version",), Etape: ("entrée n°", "consultations.Etape"),
    }  # fmt: skip
    return porteurs.get(modele, ("entrée n°",))


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL a de vrais types : ces formes n'y entrent pas")
@pytest.mark.parametrize(
    ("modele", "colonne", "avant", "apres"),
    [(Avis, "remplace_id", "a", "A"), (Entree, "objet_id", "a", "A"), (Entree, "instant", " ", "T"),
     (Avis, "recu_le", " ", "T"), (Section, "ref", "-", ""), (Avis, "date_legale", "-", "")],
)  # fmt: skip
def test_une_autre_ecriture_de_la_meme_valeur_est_vue(
    monde: Avis, modele: type[models.Model], colonne: str, avant: str, apres: str
) -> None:
    """Django lirait la même valeur ; les lignes liées, elles, ne se retrouveraient plus."""
    vues = 0
    for pk, texte in lire_brut(modele, colonne):
        faux = texte.replace(avant, apres, 1) if avant in texte else texte.upper()
        if faux == texte:
            continue
        with defait():
            ecrire_brut(modele, colonne, pk, faux)
            assert any(nom in v for v in constats() for nom in noms_possibles(modele)), faux
        vues += 1
    assert vues


def test_un_octet_change_dans_le_fichier_d_une_piece_est_vu_et_nomme(monde: Avis) -> None:
    piece = PieceJointe.objects.get()
    chemin = Path(piece.fichier.path)
    octets = chemin.read_bytes()
    for ou in range(len(octets)):
        chemin.write_bytes(octets[:ou] + bytes([octets[ou] ^ 1]) + octets[ou + 1 :])
        assert any(f"pieces.PieceJointe {piece.pk}" in c for c in constats()), ou
    chemin.write_bytes(octets)
    assert constats() == []


@pytest.mark.une_base
def test_un_octet_change_dans_le_registre_publie_est_vu_par_le_verificateur_seul(
    monde: Avis, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Chaque place du fichier, l'une après l'autre : lettre, guillemet, virgule, fin de ligne."""
    publie = b"".join(client.get("/registre.jsonl"))  # type: ignore[arg-type]
    fichier = tmp_path / "registre.jsonl"
    fichier.write_bytes(publie)
    assert verifier_registre.main([str(fichier)]) == 0
    capsys.readouterr()
    for ou in range(len(publie)):
        for faux in {publie[ou] ^ 1, publie[ou] ^ 0x20, 0x20, 0x0D} - {publie[ou]}:
            fichier.write_bytes(publie[:ou] + bytes([faux]) + publie[ou + 1 :])
            code, dit = verifier_registre.main([str(fichier)]), capsys.readouterr()
            assert (code, dit.out[:6]) == (1, "ALTÉRÉ") or (code, dit.err[:10]) == (2, "Ce fichier"), (ou, faux)


def test_le_fichier_garde_et_la_base_se_comparent_a_l_octet(monde: Avis, client: Client, tmp_path: Path) -> None:
    publie = b"".join(client.get("/registre.jsonl"))  # type: ignore[arg-type]
    lignes = [json.loads(ligne) for ligne in publie.splitlines()]
    assert verifier(publiees=lignes).is_intact
    for n, ligne in enumerate(lignes):
        for champ in ligne:
            faux = [*lignes[:n], ligne | {champ: f"{ligne[champ]}x"}, *lignes[n + 1 :]]
            assert verifier(publiees=faux).constats, champ

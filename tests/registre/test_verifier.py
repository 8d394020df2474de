"""Un octet changé n'importe où se voit, et `verifier` nomme ce qui a changé (R7)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.models import Avis, Observation, PieceAvis, PreuveRemise
from participation.common.canonique import empreinte_de
from participation.rapports.actions.figer import figer
from participation.registre import declencheurs
from participation.registre.actions import inscrire, verifier
from participation.registre.chaine import ORIGINE
from participation.registre.models import Entree, Sel
from participation.registre.queries import derniere_de, lignes, tete
from tests import fabriques

pytestmark = pytest.mark.django_db


@pytest.fixture
def avis() -> Avis:
    """Trois actes inscrits : une saisine, une preuve, un avis avec observation et pièce."""
    saisine = fabriques.saisine(remise=False)
    dossier = saisine.consultation_id
    inscrire(acte="saisine_transmise", objet=saisine, dossier=dossier, now=saisine.transmise_le)
    preuve = fabriques.preuve_remise(saisine)
    inscrire(acte="remise_prouvee", objet=preuve, dossier=dossier, now=preuve.remis_le)
    avis = fabriques.avis(saisine, observations=["Et le budget ?"])
    inscrire(acte="avis_depose", objet=avis, dossier=dossier, now=avis.inscrit_le)
    return avis


def forcer(ordre: str, *valeurs: Any) -> None:
    """Ce que ferait quelqu'un qui tient la base : retirer les gardes, puis récrire."""
    declencheurs.retirer(connection)
    with connection.cursor() as curseur:
        curseur.execute(ordre, valeurs)


def constats(**options: Any) -> list[str]:
    return [str(c) for c in verifier(**options).constats]


def test_la_chaine_part_de_un_sans_trou_et_chaque_entree_scelle_la_precedente(avis: Avis) -> None:
    entrees = list(Entree.objects.all())
    assert [e.n for e in entrees] == [1, 2, 3]
    assert [e.precedent for e in entrees] == [ORIGINE, entrees[0].empreinte, entrees[1].empreinte]
    assert tete() == entrees[-1]
    assert derniere_de(avis.saisine.consultation_id) == entrees[-1]
    assert derniere_de(uuid4()) is None
    bilan = verifier()
    assert bilan.is_intact
    assert (bilan.entrees, bilan.tete) == (3, (3, entrees[-1].empreinte))


def test_le_meme_contenu_n_a_jamais_la_meme_empreinte(avis: Avis, now: datetime) -> None:
    """Le sel : deux silences identiques ne se devinent pas l'un par l'autre."""
    entrees = [inscrire(acte="essai", objet=avis, dossier=None, now=now) for _ in range(2)]
    assert entrees[0].contenu != entrees[1].contenu
    assert verifier().is_intact


def test_l_objet_est_scelle_tel_que_la_base_le_garde(now: datetime) -> None:
    """Un objet en mémoire, à l'heure de Paris ou pas encore relu, ne scelle pas autre chose que ce qui est écrit."""
    preuve = fabriques.preuve_remise(fabriques.saisine(remise=False))
    preuve.note = preuve.moyen = "RECOMMANDE"
    inscrire(acte="remise_prouvee", objet=preuve, dossier=None, now=now)
    assert verifier().is_intact


ENTREE = "UPDATE registre_entree SET {} WHERE n = 2"


@pytest.mark.parametrize(
    ("ordre", "attendu"),
    [
        (ENTREE.format("acte = 'remise_prouvef'"), "entrée n° 2 : son empreinte"),
        (ENTREE.format("objet = 'consultations.Avis'"), "entrée n° 2 : son empreinte"),
        (ENTREE.format("instant = '2020-01-01 00:00:00+00:00'"), "entrée n° 2 : son empreinte"),
        (ENTREE.format("inscrit_le = '2020-01-01 00:00:00+00:00'"), "entrée n° 2 : son empreinte"),
        (ENTREE.format("dossier = NULL"), "entrée n° 2 : son empreinte"),
        (ENTREE.format("contenu = '" + "0" * 64 + "'"), "entrée n° 2 : son empreinte"),
        (ENTREE.format("precedent = '" + "0" * 64 + "'"), "entrée n° 2 : elle ne suit plus l'entrée n° 1"),
        (ENTREE.format("empreinte = '" + "0" * 64 + "'"), "entrée n° 3 : elle ne suit plus l'entrée n° 2"),
        (ENTREE.format("n = 9"), "entrée n° 9 : elle suit l'entrée n° 3"),
        ("UPDATE registre_sel SET valeur = '" + "0" * 32 + "' WHERE entree_id = 3", "consultations.Avis {avis} : son"),
        ("UPDATE registre_sel SET valeur = 'pas un sel' WHERE entree_id = 3", "consultations.Avis {avis} : son"),
        ("UPDATE consultations_avis SET texte = 'D''accorD.'", "consultations.Avis {avis} : « avis"),
        ("UPDATE consultations_avis SET sens = 'DEFAVORABLE'", "consultations.Avis {avis} : son contenu n'est plus"),
        ("UPDATE consultations_avis SET pour = 3", "consultations.Avis {avis} : son contenu n'est plus"),
        ("UPDATE consultations_avis SET empreinte = '" + "0" * 64 + "'", "consultations.Avis {avis} : « avis"),
        ("UPDATE consultations_observation SET texte = 'Rien.'", "consultations.Avis {avis} : son contenu n'est plus"),
        (
            "UPDATE consultations_saisine SET echeance = '2025-12-01'",
            "consultations.Saisine {saisine} : son échéance",
        ),
        ("UPDATE consultations_preuveremise SET moyen = 'ACTES'", "consultations.PreuveRemise {preuve} : son contenu"),
        ("UPDATE rapports_section SET texte = 'Rien.' WHERE ordre = 2", "rapports.Version {version} : « Rapport"),
        ("UPDATE rapports_section SET en_clair = ' ' WHERE ordre = 2", "rapports.Version {version} : « Rapport"),
        ("UPDATE rapports_version SET empreinte = '" + "0" * 64 + "'", "rapports.Version {version} : « Rapport"),
        ("DELETE FROM consultations_preuveremise", "consultations.PreuveRemise {preuve} : il a disparu"),
    ],
)
def test_un_changement_est_vu_et_nomme(avis: Avis, ordre: str, attendu: str) -> None:
    if "n = 9" in ordre:
        Sel.objects.all().delete()
    noms = {"avis": avis.pk, "saisine": avis.saisine_id, "version": avis.saisine.version_id}
    noms["preuve"] = PreuveRemise.objects.get().pk
    forcer(ordre)
    vus = constats()
    assert any(v.startswith(attendu.format(**noms)) for v in vus), vus


def test_une_observation_ajoutee_a_un_avis_depose_se_voit(avis: Avis) -> None:
    Observation.objects.create(avis=avis, ordre=9, nature="question", texte="Glissée après.")
    assert constats()


def test_une_piece_publiee_qui_change_sur_le_disque_se_voit(avis: Avis) -> None:
    autre = fabriques.avis(fabriques.saisine())
    piece = fabriques.piece()
    PieceAvis.objects.create(avis=autre, piece=piece)
    assert not any("Piece" in c for c in constats())
    Path(piece.fichier.path).write_bytes(b"autre chose")
    assert any(c.startswith(f"pieces.PieceJointe {piece.pk} : son fichier n'est plus") for c in constats())
    Path(piece.fichier.path).unlink()
    assert any(c.startswith(f"pieces.PieceJointe {piece.pk} : son fichier a disparu") for c in constats())


def test_une_entree_recalculee_par_un_habile_se_voit_a_la_suivante(avis: Avis) -> None:
    from participation.registre.chaine import CHAMPS, empreinte_d_entree

    faux = Entree.objects.filter(n=2).values(*CHAMPS)[0] | {"acte": "autre"}
    forcer("UPDATE registre_entree SET acte = 'autre', empreinte = %s WHERE n = 2", empreinte_d_entree(faux))
    assert constats() == ["entrée n° 3 : elle ne suit plus l'entrée n° 2 : l'une des deux a été récrite."]


def test_une_coupe_de_la_queue_se_voit_avec_une_tete_notee_ailleurs(avis: Avis) -> None:
    derniere = tete()
    assert derniere
    publiees = list(lignes())
    assert constats(tete_attendue=(derniere.n, derniere.empreinte), publiees=publiees) == []
    declencheurs.retirer(connection)
    Sel.objects.filter(entree=3).delete()
    Entree.objects.filter(n=3)._raw_delete("default")  # type: ignore[attr-defined]
    assert constats() == [], "sans tête notée, une coupe ne se voit pas : d'où la page publique et les courriels"
    assert constats(tete_attendue=(3, derniere.empreinte)) == [
        "entrée n° 3 : la tête notée n'est plus au registre : il a été coupé."
    ]
    assert constats(publiees=publiees) == ["entrée n° 3 : elle est dans le fichier publié et plus dans la base."]
    assert "récrit" in constats(tete_attendue=(2, "0" * 64))[0]


def test_un_fichier_publie_qui_differe_se_voit(avis: Avis) -> None:
    publiees = list(lignes())
    publiees[1]["acte"] = "autre"
    assert constats(publiees=publiees) == ["entrée n° 2 : le fichier publié et la base ne disent pas la même chose."]


def test_un_sel_efface_ne_casse_pas_la_chaine(avis: Avis) -> None:
    Sel.objects.filter(entree=2).delete()
    bilan = verifier()
    assert bilan.is_intact
    assert bilan.sels_effaces == 1


def test_dix_mille_entrees_se_verifient_sans_une_requete_par_entree(avis: Avis, now: datetime) -> None:
    saisine = avis.saisine
    preuves = [
        PreuveRemise(saisine=saisine, moyen="RECEPISSE", remis_le=now + timedelta(seconds=i), inscrite_le=now)
        for i in range(9_997)
    ]
    PreuveRemise.objects.bulk_create(preuves)
    _inscrire_en_lot(preuves, now)
    with CaptureQueriesContext(connection) as requetes:
        bilan = verifier()
    assert (bilan.entrees, bilan.constats) == (10_000, [])
    assert len(requetes) < 200


def _inscrire_en_lot(preuves: list[PreuveRemise], now: datetime) -> None:
    """Les mêmes entrées que `inscrire`, écrites d'un coup pour que l'essai dure peu."""
    from participation.registre.chaine import empreinte_d_entree

    derniere = tete()
    assert derniere
    n, precedent, sel = derniere.n, derniere.empreinte, b"0" * 16
    entrees = []
    for preuve in preuves:
        n += 1
        champs: dict[str, Any] = {
            "n": n, "instant": now, "inscrit_le": now, "acte": "remise_prouvee", "dossier": None,
            "objet": "consultations.PreuveRemise", "objet_id": preuve.pk, "precedent": precedent,
            "contenu": empreinte_de(preuve.contenu_canonique(), sel=sel),
        }  # fmt: skip
        precedent = empreinte_d_entree(champs)
        entrees.append(Entree(**champs, empreinte=precedent))
    Entree.objects.bulk_create(entrees)
    Sel.objects.bulk_create([Sel(entree=e, valeur=sel.hex()) for e in entrees])


def test_verifier_n_ecrit_rien(avis: Avis, django_assert_max_num_queries: Callable[..., Any]) -> None:
    with django_assert_max_num_queries(45) as vues:
        verifier()
    assert all(r["sql"].lstrip().upper().startswith(("SELECT", "DECLARE")) for r in vues.captured_queries)


@pytest.mark.parametrize("champ", ["texte", "titre", "en_clair", "ancre", "numero"])
def test_la_section_figee_qui_a_change_est_nommee_par_son_titre(now: datetime, champ: str) -> None:
    version = fabriques.version()
    figer(version=version, now=now)
    assert constats() == []
    section = version.sections.get(ordre=2)
    forcer(f"UPDATE rapports_section SET {champ} = {champ} || '.' WHERE ordre = 2")
    section.refresh_from_db()
    assert f"rapports.Section {section.pk} : « {section} » n'est plus la section figée." in constats()


def test_une_section_et_ses_empreintes_recalculees_se_voient_au_registre(now: datetime) -> None:
    """Qui tient la base peut tout recalculer, sauf le registre dont la tête est sortie de la machine."""
    version = fabriques.version()
    figer(version=version, now=now)
    declencheurs.retirer(connection)
    section = version.sections.get(ordre=2)
    section.texte = "Rien."
    section.empreinte = empreinte_de(section.contenu_canonique())
    section.save()
    type(version).objects.update(empreinte=empreinte_de(version.contenu_canonique()))
    assert constats() == [f"rapports.Version {version.pk} : son contenu n'est plus celui que scelle l'entrée n° 1."]

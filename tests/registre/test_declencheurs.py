"""La base elle-même refuse : par une page, un `update()` groupé ou du SQL brut, sur SQLite et PostgreSQL (R6)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from consultations.models import (
    Avis,
    ConstatRetour,
    Consultation,
    Etape,
    Observation,
    PieceAvis,
    PreuveRemise,
    RetourCourriel,
    Saisine,
)
from participation.pieces.models import PieceJointe
from participation.rapports.models import Image, Rapport, Section, Version
from participation.registre import declencheurs
from participation.registre.actions import inscrire
from participation.registre.models import Entree, Sel
from tests import fabriques, fabriques_remise

pytestmark = pytest.mark.django_db


def refuse(geste: Callable[[], Any], phrase: str) -> None:
    with pytest.raises(IntegrityError, match=re.escape(phrase)), transaction.atomic():
        geste()


def brut(ordre: str, *valeurs: Any) -> Callable[[], None]:
    def executer() -> None:
        with connection.cursor() as curseur:
            curseur.execute(ordre, valeurs)

    return executer


def monde() -> dict[type[models.Model], models.Model]:
    """Une ligne de chaque table gardée."""
    avis = fabriques.avis(observations=["Et le budget ?"], depose_par=fabriques.utilisateur())
    piece = fabriques.piece()
    PieceAvis.objects.create(avis=avis, piece=piece)
    preuve = fabriques.preuve_remise(avis.saisine, par=fabriques.agent())
    entree = inscrire(acte="avis_depose", objet=avis, dossier=avis.saisine.consultation_id, now=avis.inscrit_le)
    lies = [avis.observations.get(), avis.pieces_liees.get(), avis.saisine, avis.saisine.consultation, entree.sel]
    version = avis.saisine.version
    lies += [version, version.sections.all()[0], version.rapport]
    etape = Etape.objects.create(
        consultation=fabriques.consultation(transmise=False), code="ARRETEE", date=fabriques.ECHEANCE,
        publie_le=fabriques.ECHEANCE, inscrite_le=fabriques.TRANSMISE_LE,
    )  # fmt: skip
    retour = fabriques_remise.retour(avis.saisine)
    constat = ConstatRetour.objects.create(
        retour=retour, decision="REMISE_TIENT", motif="Le conseil a écrit.", constate_le=retour.retourne_le
    )
    return {type(o): o for o in [avis, piece, preuve, entree, etape, retour, constat, *lies]}


A_AJOUT_SEUL: list[tuple[type[models.Model], dict[str, Any]]] = [
    (Entree, {"acte": "autre"}),
    (Avis, {"sens": "DEFAVORABLE"}),
    (Avis, {"texte": "Non."}),
    (Observation, {"texte": "Rien."}),
    (PreuveRemise, {"note": "Rien."}),
    (PieceAvis, {"piece_id": None}),
    (Etape, {"reference": "2025/99"}),
    (Etape, {"publie_le": None}),
    (RetourCourriel, {"motif": "Rien."}),
    (ConstatRetour, {"decision": "NON_REMISE"}),
]
TABLES = (Entree, Avis, Observation, PreuveRemise, PieceAvis, Etape, RetourCourriel, ConstatRetour)
REFUSES: list[tuple[type[models.Model], dict[str, Any], str]] = [
    *((modele, champs, declencheurs.A_AJOUT_SEUL) for modele, champs in A_AJOUT_SEUL),
    (Sel, {"valeur": "0" * 32}, "Un sel s'efface"),
    (Section, {"texte": "Rien."}, declencheurs.FIGE),
    (Section, {"en_clair": "Rien."}, declencheurs.FIGE),
    (Version, {"preambule": "Rien."}, declencheurs.FIGE),
    (Version, {"empreinte": "", "figee_le": None}, declencheurs.FIGE),
    (Rapport, {"titre": "Autre"}, declencheurs.FIGE),
    (Rapport, {"annee": 1999}, declencheurs.FIGE),
    (Saisine, {"rang": 7}, declencheurs.DELAI),
    (Saisine, {"fondement": "DELIBERATION"}, declencheurs.DELAI),
    (Saisine, {"transmise_le": fabriques.TRANSMISE_LE - timedelta(days=1)}, declencheurs.DELAI),
    (Saisine, {"echeance": fabriques.ECHEANCE - timedelta(days=1)}, declencheurs.DELAI),
    (Saisine, {"borne": models.F("transmise_le") + timedelta(days=1)}, declencheurs.DELAI),
    (Consultation, {"slug": "autre"}, declencheurs.TRANSMISE),
    (Consultation, {"transmise_le": None, "transmise_par": None}, declencheurs.TRANSMISE),
    (Consultation, {"visibilite_avis": "cloture"}, declencheurs.TRANSMISE),
    (Consultation, {"visibilite_projet": "instances"}, declencheurs.TRANSMISE),
    (PieceJointe, {"fichier": "autre.pdf"}, declencheurs.CITEE),
    (PieceJointe, {"empreinte": "0" * 64}, declencheurs.CITEE),
]


@pytest.mark.parametrize(("modele", "champs", "phrase"), REFUSES)
def test_un_changement_est_refuse_par_update_par_save_et_en_sql(
    modele: type[models.Model], champs: dict[str, Any], phrase: str
) -> None:
    objet = monde()[modele]
    lignes = modele._base_manager.filter(pk=objet.pk)
    refuse(lambda: lignes.update(**champs), phrase)
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    refuse(lambda: modele._base_manager.bulk_update([objet], list(champs)), phrase)
    colonne = modele._meta.get_field(next(iter(champs))).column
    if not hasattr(next(iter(champs.values())), "resolve_expression"):
        refuse(brut(f'UPDATE "{modele._meta.db_table}" SET "{colonne}" = %s', next(iter(champs.values()))), phrase)


@pytest.mark.parametrize(
    ("modele", "phrase"),
    [
        *((m, declencheurs.A_AJOUT_SEUL) for m in TABLES),
        *((m, declencheurs.FIGE) for m in (Section, Version)),
        (Saisine, declencheurs.DELAI),
        (Consultation, declencheurs.TRANSMISE),
        (PieceJointe, declencheurs.CITEE),
    ],
)
def test_un_effacement_est_refuse_meme_en_sql(modele: type[models.Model], phrase: str) -> None:
    objet = monde()[modele]
    table = modele._meta.db_table
    refuse(brut(f'DELETE FROM "{table}"'), phrase)
    refuse(lambda: modele._base_manager.filter(pk=objet.pk)._raw_delete("default"), phrase)  # type: ignore[attr-defined]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="INSERT OR REPLACE n'existe que sous SQLite")
@pytest.mark.parametrize("modele", TABLES)
@pytest.mark.parametrize("verbe", ["INSERT OR REPLACE", "REPLACE"])
def test_un_remplacement_sqlite_est_refuse(modele: type[models.Model], verbe: str) -> None:
    monde()
    table = modele._meta.db_table
    refuse(brut(f'{verbe} INTO "{table}" SELECT * FROM "{table}"'), declencheurs.A_AJOUT_SEUL)
    refuse(brut(f'UPDATE OR REPLACE "{table}" SET "{modele._meta.pk.column}" = 99'), declencheurs.A_AJOUT_SEUL)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="INSERT OR REPLACE n'existe que sous SQLite")
def test_un_autre_premier_avis_ne_chasse_pas_le_premier() -> None:
    avis = monde()[Avis]
    colonnes = [c.column for c in Avis._meta.concrete_fields]
    autres = {"id": "'00000000000000000000000000000001'", "cle": "'00000000000000000000000000000002'", "numero": "'X'"}
    valeurs = ", ".join(autres.get(c, f'"{c}"') for c in colonnes)
    noms = ", ".join(f'"{c}"' for c in colonnes)
    ordre = f"INSERT OR REPLACE INTO consultations_avis ({noms}) SELECT {valeurs} FROM consultations_avis"
    refuse(brut(ordre), declencheurs.A_AJOUT_SEUL)
    assert Avis.objects.get().pk == avis.pk


def test_un_compte_efface_quitte_ses_actes_qui_restent() -> None:
    choses = monde()
    avis, preuve = choses[Avis], choses[PreuveRemise]
    assert isinstance(avis, Avis)
    assert isinstance(preuve, PreuveRemise)
    assert avis.depose_par
    assert preuve.par
    refuse(lambda: Avis.objects.update(depose_par=fabriques.utilisateur()), declencheurs.A_AJOUT_SEUL)
    refuse(lambda: Avis.objects.update(depose_par=None, texte="Non."), declencheurs.A_AJOUT_SEUL)
    avis.depose_par.delete()
    preuve.par.delete()
    avis.refresh_from_db()
    preuve.refresh_from_db()
    assert (avis.depose_par, preuve.par) == (None, None)
    refuse(lambda: Avis.objects.update(depose_par=fabriques.utilisateur()), declencheurs.A_AJOUT_SEUL)


def test_un_sel_s_efface() -> None:
    monde()
    assert Sel.objects.all().delete()[0] == 1


def test_une_version_figee_ne_recoit_ni_section_ni_image() -> None:
    figee, libre = fabriques.version_figee(), fabriques.version()
    refuse(lambda: fabriques.section(figee), declencheurs.FIGE)
    refuse(lambda: libre.sections.update(version=figee), declencheurs.FIGE)
    refuse(lambda: figee.sections.update(version=libre), declencheurs.FIGE)
    image = {"nom": "carte", "type_mime": "image/png", "octets": b"x", "largeur": 1, "hauteur": 1}
    refuse(lambda: Image.objects.create(version=figee, **image), declencheurs.FIGE)
    avant = Image.objects.create(version=libre, **image)
    fabriques.version_figee(version_=libre)
    refuse(lambda: Image.objects.update(octets=b"y"), declencheurs.FIGE)
    refuse(lambda: avant.delete(), declencheurs.FIGE)


def test_ce_qui_n_est_pas_fige_se_corrige_encore() -> None:
    version = fabriques.version()
    assert version.sections.update(texte="Mieux.") == 3
    assert Rapport.objects.filter(pk=version.rapport_id).update(titre="Mieux") == 1
    version.sections.all()[0].delete()
    prepare = fabriques.consultation(transmise=False)
    assert Consultation.objects.filter(pk=prepare.pk).update(slug="mieux") == 1
    prepare.delete()
    fabriques.piece().delete()


def test_une_saisine_se_reporte_et_une_consultation_s_approuve() -> None:
    saisine = fabriques.saisine()
    suite = {"echeance": saisine.echeance + timedelta(days=1), "borne": saisine.borne + timedelta(days=1)}
    assert Saisine.objects.update(**suite) == 1
    assert Saisine.objects.update(remplacee_le=saisine.borne) == 1
    assert Consultation.objects.update(approuve_le=saisine.echeance) == 1


def test_tous_les_declencheurs_sont_la_apres_toutes_les_migrations() -> None:
    assert declencheurs.manquants(connection) == []
    tables = set(connection.introspection.table_names())
    assert {r.table for r in declencheurs.REGLES} <= tables, "une table gardée a changé de nom"


@pytest.mark.django_db(transaction=True)
def test_une_table_refaite_par_une_migration_retrouve_ses_declencheurs() -> None:
    champ = Avis._meta.get_field("texte")
    with connection.schema_editor() as editeur:
        if connection.vendor == "sqlite":
            editeur._remake_table(Avis)  # type: ignore[attr-defined]
        else:
            editeur.execute('DROP TRIGGER "garde_consultations_avis_fixe" ON consultations_avis')
    assert champ
    assert "garde_consultations_avis_fixe" in declencheurs.manquants(connection)
    call_command("migrate", verbosity=0)
    assert declencheurs.manquants(connection) == []


def test_reposer_ne_change_rien_et_une_colonne_nouvelle_est_protegee(now: datetime) -> None:
    avant = declencheurs.poser(connection)
    assert declencheurs.poser(connection) == avant
    with connection.cursor() as curseur:
        curseur.execute("ALTER TABLE consultations_avis ADD COLUMN ajoutee varchar(10)")
    declencheurs.poser(connection)
    fabriques.avis()
    refuse(brut("UPDATE consultations_avis SET ajoutee = 'x'"), declencheurs.A_AJOUT_SEUL)

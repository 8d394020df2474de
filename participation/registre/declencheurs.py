"""Ce que la base elle-même refuse, sur SQLite et PostgreSQL : récrire un acte, toucher un texte figé (règles 8, 9, 10).

Une table littérale, par noms de tables : le registre n'importe aucun métier. `poser` est rejouable et se lance après
chaque migration : une table que SQLite refait perd ses déclencheurs en silence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

PREFIXE = "garde_"
A_AJOUT_SEUL = "Cette table est à ajout seul : un acte inscrit ne change pas et ne s'efface pas."
FIGE = "Cette version du rapport est figée : son texte ne change plus."
TRANSMISE = "Cette consultation est transmise : ses paramètres ne changent plus."
DELAI = "Une saisine transmise ne change pas ; son échéance peut seulement être reportée."
CITEE = "Cette pièce est publiée avec un acte : elle ne change pas et ne s'efface pas."


@dataclass(frozen=True)
class Regle:
    """Un refus. `si` : condition SQL sur OLD et NEW (toujours, si elle est vide) ; `tables` : celles qu'elle lit.

    `sauf_vers_nul` : la règle vaut pour toute colonne de la table, sauf celles-ci quand elles passent à NULL
    (l'effacement d'un compte), et rien d'autre. `base` : la seule base où la règle a un sens (vide : toutes).
    """

    table: str
    nom: str
    geste: str
    phrase: str
    si: str = ""
    tables: tuple[str, ...] = ()
    sauf_vers_nul: tuple[str, ...] = ()
    base: str = ""

    @property
    def declencheur(self) -> str:
        """Le nom du déclencheur dans la base."""
        return f"{PREFIXE}{self.table}_{self.nom}"


def _change(*colonnes: str) -> str:
    return " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in colonnes)


def _ajout_seul(table: str, uniques: tuple[str, ...], sauf_vers_nul: tuple[str, ...] = ()) -> Iterator[Regle]:
    """Ni UPDATE, ni DELETE ; ni, sous SQLite, le INSERT OR REPLACE, qui retire l'ancienne ligne sans dire DELETE.

    `uniques` : les clés uniques de la table, une condition de doublon par clé.
    """
    yield Regle(table, "fixe", "UPDATE", A_AJOUT_SEUL, sauf_vers_nul=sauf_vers_nul)
    yield Regle(table, "reste", "DELETE", A_AJOUT_SEUL)
    doublon = " OR ".join(f"({' AND '.join(f't.{c} = NEW.{c}' for c in u.split())})" for u in uniques)
    deja = f"EXISTS (SELECT 1 FROM {table} t WHERE {doublon})"  # noqa: S608 : noms écrits dans ce module
    yield Regle(table, "neuf", "INSERT", A_AJOUT_SEUL, deja, (table,), base="sqlite")


def _is_figee(version: str) -> str:
    return f"EXISTS (SELECT 1 FROM rapports_version v WHERE v.id = {version} AND v.figee_le IS NOT NULL)"  # noqa: S608


def _partie_de_version(table: str) -> Iterator[Regle]:
    """Sections et images d'une version figée : ni ajout, ni changement, ni retrait, ni changement de version."""
    ancienne, nouvelle = _is_figee("OLD.version_id"), _is_figee("NEW.version_id")
    for nom, geste, si in (
        ("ajout", "INSERT", nouvelle),
        ("change", "UPDATE", f"{ancienne} OR {nouvelle}"),
        ("retire", "DELETE", ancienne),
    ):
        yield Regle(table, nom, geste, FIGE, si, ("rapports_version",))


def _jusqu_a_la_transmission(table: str) -> Iterator[Regle]:
    """Une liste remplie pendant la préparation : la transmission la ferme tout entière."""
    for nom, geste, lignes in (
        ("ajout", "INSERT", ("NEW",)),
        ("change", "UPDATE", ("OLD", "NEW")),
        ("retire", "DELETE", ("OLD",)),
    ):
        si = " OR ".join(_is_transmise(ligne) for ligne in lignes)
        yield Regle(table, nom, geste, TRANSMISE, si, ("consultations_consultation",))


def _is_transmise(ligne: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM consultations_consultation c"  # noqa: S608 : noms écrits dans ce module
        f" WHERE c.id = {ligne}.consultation_id AND c.transmise_le IS NOT NULL)"
    )


CITATIONS = (
    "EXISTS (SELECT 1 FROM consultations_pieceavis c WHERE c.piece_id = OLD.id)"
    " OR EXISTS (SELECT 1 FROM consultations_preuveremise p WHERE p.piece_id = OLD.id)"
    " OR EXISTS (SELECT 1 FROM consultations_contribution k WHERE k.piece_id = OLD.id)"
    " OR EXISTS (SELECT 1 FROM consultations_complement l WHERE l.piece_id = OLD.id)"
    " OR EXISTS (SELECT 1 FROM consultations_retourcourriel r WHERE r.piece_id = OLD.id)"
)
FIGEES_DU_RAPPORT = "EXISTS (SELECT 1 FROM rapports_version v WHERE v.rapport_id = OLD.id AND v.figee_le IS NOT NULL)"
PREMIER = (
    "NEW.remplace_id IS NULL AND EXISTS"
    " (SELECT 1 FROM consultations_avis t WHERE t.saisine_id = NEW.saisine_id AND t.remplace_id IS NULL)"
)
PREMIER_APPEL = (
    "NEW.precedent_id IS NULL AND EXISTS"
    " (SELECT 1 FROM consultations_contact t WHERE t.saisine_id = NEW.saisine_id AND t.precedent_id IS NULL)"
)
RETRANSMISE = (
    "EXISTS (SELECT 1 FROM consultations_saisine s WHERE s.consultation_id = NEW.id"
    " AND s.version_id = NEW.version_id AND s.rang > 1 AND s.remplacee_le IS NULL)"
)
"""Le texte d'une consultation transmise ne change que pour celui de sa nouvelle transmission (règle 8)."""
PREMIERE = (
    "NEW.remplace_id IS NULL AND EXISTS (SELECT 1 FROM consultations_etape t"
    " WHERE t.consultation_id = NEW.consultation_id AND t.code = NEW.code AND t.remplace_id IS NULL)"
)
CITANTES = (
    "consultations_pieceavis",
    "consultations_preuveremise",
    "consultations_contribution",
    "consultations_complement",
    "consultations_retourcourriel",
)

REGLES: tuple[Regle, ...] = (
    *_ajout_seul("registre_entree", ("n", "empreinte")),
    *_ajout_seul("consultations_avis", ("id", "cle", "numero", "remplace_id"), ("depose_par_id",)),
    Regle("consultations_avis", "premier", "INSERT", A_AJOUT_SEUL, PREMIER, ("consultations_avis",), base="sqlite"),
    *_ajout_seul("consultations_observation", ("id", "avis_id ordre")),
    *_ajout_seul("consultations_preuveremise", ("id", "envoi"), ("par_id",)),
    *_ajout_seul("consultations_pieceavis", ("id", "avis_id piece_id")),
    *_ajout_seul("consultations_ralliement", ("id", "avis_id observation_id")),
    *_ajout_seul("consultations_acte", ("id", "prepare_id", "consultation_id n")),
    *_ajout_seul("consultations_contribution", ("id",), ("par_id",)),
    *_ajout_seul("consultations_complement", ("id",), ("par_id",)),
    *_ajout_seul("consultations_retourcourriel", ("id", "envoi retourne_le"), ("par_id",)),
    *_ajout_seul("consultations_constatretour", ("id", "retour_id"), ("par_id",)),
    *_ajout_seul("consultations_contact", ("id", "precedent_id"), ("par_id",)),
    Regle(
        "consultations_contact",
        "premier",
        "INSERT",
        A_AJOUT_SEUL,
        PREMIER_APPEL,
        ("consultations_contact",),
        base="sqlite",
    ),
    *_ajout_seul("consultations_etape", ("id", "remplace_id"), ("par_id",)),
    Regle("consultations_etape", "premiere", "INSERT", A_AJOUT_SEUL, PREMIERE, ("consultations_etape",), base="sqlite"),
    Regle("consultations_etape", "ferme", "INSERT", TRANSMISE, _is_transmise("NEW"), ("consultations_consultation",)),
    *_ajout_seul("notifications_messageenvoye", ("envoi_id",)),
    *_jusqu_a_la_transmission("consultations_contenulegal"),
    Regle("registre_sel", "fixe", "UPDATE", "Un sel s'efface, il ne se remplace pas."),
    *_partie_de_version("rapports_section"),
    *_partie_de_version("rapports_image"),
    Regle("rapports_version", "change", "UPDATE", FIGE, "OLD.figee_le IS NOT NULL"),
    Regle("rapports_version", "retire", "DELETE", FIGE, "OLD.figee_le IS NOT NULL"),
    Regle(
        "rapports_rapport",
        "change",
        "UPDATE",
        FIGE,
        f"({_change('titre', 'annee')}) AND {FIGEES_DU_RAPPORT}",
        ("rapports_version",),
    ),
    Regle("consultations_saisine", "retire", "DELETE", DELAI),
    Regle(
        "consultations_saisine",
        "change",
        "UPDATE",
        DELAI,
        _change(
            "consultation_id",
            "instance_id",
            "version_id",
            "rang",
            "transmise_le",
            "fondement",
            "is_sans_objet",
            "echeance_initiale",
        )
        + " OR NEW.echeance < OLD.echeance OR NEW.borne < OLD.borne",
    ),
    Regle("consultations_consultation", "retire", "DELETE", TRANSMISE, "OLD.transmise_le IS NOT NULL"),
    Regle(
        "consultations_consultation",
        "change",
        "UPDATE",
        TRANSMISE,
        "OLD.transmise_le IS NOT NULL AND ("
        + _change(
            "slug",
            "transmise_le",
            "transmise_par_id",
            "visibilite_projet",
            "visibilite_avis",
            "peut_changer",
            "ne_changera_pas",
            "qui_decide",
        )
        + f" OR (({_change('version_id')}) AND NOT {RETRANSMISE}))",
        ("consultations_saisine",),
    ),
    Regle("pieces_piecejointe", "retire", "DELETE", CITEE, CITATIONS, CITANTES),
    Regle(
        "pieces_piecejointe",
        "change",
        "UPDATE",
        CITEE,
        f"({_change('fichier', 'nom', 'type_mime', 'taille', 'empreinte')}) AND ({CITATIONS})",
        CITANTES,
    ),
)


def regles_de(connexion: BaseDatabaseWrapper) -> list[Regle]:
    """Les règles qui valent sur cette base."""
    return [r for r in REGLES if r.base in ("", connexion.vendor)]


def poser(connexion: BaseDatabaseWrapper) -> int:
    """Pose chaque déclencheur dont les tables existent, et retire ceux qui n'ont plus de règle. Rend leur nombre."""
    presentes = set(connexion.introspection.table_names())
    regles = [r for r in regles_de(connexion) if presentes >= {r.table, *r.tables}]
    retirer(connexion, garder={r.declencheur for r in regles})
    with connexion.cursor() as curseur:
        for regle in regles:
            for ordre in _ordres(connexion, regle, _condition(connexion, regle)):
                curseur.execute(ordre)
    return len(regles)


def retirer(connexion: BaseDatabaseWrapper, *, garder: Iterable[str] = ()) -> None:
    """Retire nos déclencheurs. SQLite ne refait pas une table que le déclencheur d'une autre cite."""
    gardes = set(garder)
    with connexion.cursor() as curseur:
        for nom, table in _poses(connexion):
            if nom not in gardes:
                sur = f' ON "{table}"' if connexion.vendor == "postgresql" else ""
                curseur.execute(f'DROP TRIGGER IF EXISTS "{nom}"{sur}')


def manquants(connexion: BaseDatabaseWrapper) -> list[str]:
    """Les déclencheurs attendus qui ne sont pas dans la base, ou qui y sont coupés."""
    poses = {nom for nom, _ in _poses(connexion)}
    return [r.declencheur for r in regles_de(connexion) if r.declencheur not in poses]


def _poses(connexion: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    requete = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    if connexion.vendor == "postgresql":
        requete = (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgenabled <> 'D' AND pg_table_is_visible(pg_class.oid) AND tgname LIKE %s"
        )
    with connexion.cursor() as curseur:
        curseur.execute(requete, [PREFIXE + "%"])
        return [(nom, table) for nom, table in curseur.fetchall()]


def _condition(connexion: BaseDatabaseWrapper, regle: Regle) -> str:
    """La condition SQL, calculée sur les colonnes réelles : une colonne ajoutée demain est protégée d'elle-même."""
    if not regle.sauf_vers_nul:
        return regle.si
    with connexion.cursor() as curseur:
        colonnes = [c.name for c in connexion.introspection.get_table_description(curseur, regle.table)]
    fixes = _change(*(c for c in colonnes if c not in regle.sauf_vers_nul))
    vers_autre = " OR ".join(f"(NEW.{c} IS NOT NULL AND ({_change(c)}))" for c in regle.sauf_vers_nul)
    return f"{fixes} OR {vers_autre}"


def _ordres(connexion: BaseDatabaseWrapper, regle: Regle, si: str) -> list[str]:
    phrase = regle.phrase.replace("'", "''")
    nom, table = regle.declencheur, regle.table
    if connexion.vendor != "postgresql":
        quand = f" WHEN {si.replace('IS DISTINCT FROM', 'IS NOT')}" if si else ""
        corps = f"BEGIN SELECT RAISE(ABORT, '{phrase}'); END"
        return [
            f'DROP TRIGGER IF EXISTS "{nom}"',
            f'CREATE TRIGGER "{nom}" BEFORE {regle.geste} ON "{table}" FOR EACH ROW{quand} {corps}',
        ]
    rendu = "OLD" if regle.geste == "DELETE" else "NEW"
    refus = f"RAISE EXCEPTION '{phrase}' USING ERRCODE = 'integrity_constraint_violation';"
    corps = f"BEGIN IF {si or 'TRUE'} THEN {refus} END IF; RETURN {rendu}; END"
    return [
        f'CREATE OR REPLACE FUNCTION "{nom}"() RETURNS trigger LANGUAGE plpgsql AS $$ {corps} $$',
        f'DROP TRIGGER IF EXISTS "{nom}" ON "{table}"',
        f'CREATE TRIGGER "{nom}" BEFORE {regle.geste} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{nom}"()',
    ]

"""L'identité d'une partie suit son titre, pas sa place."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from participation.rapports.rules import Repere, apparier

A, B, C = uuid4(), uuid4(), uuid4()
ANCIENNES = [Repere("1", "Contrat", "1", A), Repere("2", "Fonds", "2", B), Repere("", "Annexe", "annexe", C)]


def test_une_version_identique_garde_toutes_ses_identites() -> None:
    assert apparier(ANCIENNES, [r._replace(ref=None) for r in ANCIENNES]) == [A, B, C]


def test_une_partie_inseree_ne_vole_pas_l_identite_de_sa_voisine() -> None:
    nouvelles = [Repere("1", "Contrat", "1"), Repere("2", "Jeunesse", "2"), Repere("3", "Fonds", "3")]
    assert apparier(ANCIENNES, nouvelles) == [A, None, B]


def test_un_titre_corrige_garde_son_identite_par_son_numero() -> None:
    assert apparier(ANCIENNES, [Repere("2", "Le fonds de cohésion", "2")]) == [B]


def test_un_titre_repris_sans_accent_est_le_meme() -> None:
    assert apparier([Repere("1", "Œuvre à Nœux", "1", A)], [Repere("4", "Oeuvre a Noeux", "4")]) == [A]


def test_une_partie_nouvelle_n_a_pas_d_identite() -> None:
    assert apparier(ANCIENNES, [Repere("9", "Neuve", "9")]) == [None]
    assert apparier([], [Repere("1", "a", "1")]) == [None]


REPERES = st.lists(
    st.builds(
        lambda n, t, r: Repere(n, t, n or t, r),
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["a", "b", "c"]),
        st.uuids(),
    ),
    max_size=8,
)


@given(REPERES, REPERES)
def test_une_identite_ne_sert_jamais_deux_fois(anciennes: list[Repere], nouvelles: list[Repere]) -> None:
    trouvees = [ref for ref in apparier(anciennes, nouvelles) if ref]
    assert len(trouvees) == len(set(trouvees))
    assert set(trouvees) <= {r.ref for r in anciennes}
